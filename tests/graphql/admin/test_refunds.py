"""Refunds, and what waits to leave the house, as staff see them: in their words, with what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.doors import admin_door
from checkout.payments.gateway import ProviderRefundState
from checkout.payments.handlers import payment_handlers
from kernel.clock import SystemClock
from kernel.outbox import GiveUp, deliver, enqueue
from tests.support.admin import AdminShop
from tests.support.fake_gateway import FakeGateway

TROUBLES = "{ troubles { kind id subjectId problem advice } }"
OUTBOX = """query($state: OutboxState) { outbox(first: 5, state: $state) {
  edges { node { id kind subjectId state attempts problem advice } } pageInfo { hasNextPage } totalCount } }"""


@pytest.fixture
def set_aside(shop: AdminShop) -> str:
    """A message that nobody could send."""
    with shop.db.write() as tx:
        enqueue(tx, "letter.send", "k", {"to": "nobody"}, subject_id="ord_1", now=shop.now)

    def refuse(_message):
        raise GiveUp("provider_refused")

    deliver(shop.db, {"letter.send": refuse}, clock=SystemClock().now)
    return shop.ask("{ outbox { edges { node { id } } } }")["outbox"]["edges"][0]["node"]["id"]


def test_what_was_set_aside_says_why_and_what_to_do(shop: AdminShop, set_aside: str) -> None:
    for language, word in (("en", "refused"), ("zh-CN", "拒绝")):
        found = shop.ask(OUTBOX, "SERVICE", language=language, state="SET_ASIDE")["outbox"]
        (node,) = [edge["node"] for edge in found["edges"]]
        assert word in node["problem"]
        assert node["advice"]
        assert (node["id"], node["subjectId"], node["state"]) == (set_aside, "ord_1", "SET_ASIDE")
        assert found["totalCount"] == 1
    (trouble,) = shop.ask(TROUBLES, "ANALYST")["troubles"]
    assert (trouble["kind"], trouble["id"], trouble["subjectId"]) == ("MESSAGE_SET_ASIDE", set_aside, "ord_1")
    assert shop.ask("query($id: ID!) { node(id: $id) { id } }", id=set_aside)["node"] == {"id": set_aside}


def test_it_is_sent_again(shop: AdminShop, set_aside: str) -> None:
    fields = "message { state attempts problem }"
    sent = shop.do("sendAgain", fields, "FULFILMENT", messageId=set_aside)["message"]
    assert (sent["state"], sent["attempts"]) == ("WAITING", 0)
    assert shop.ask(TROUBLES)["troubles"] == []
    deliver(shop.db, {"letter.send": lambda _: None}, clock=SystemClock().now)
    assert shop.do("sendAgain", fields, messageId=set_aside)["message"]["state"] == "DONE"
    log = shop.ask("{ auditLog { edges { node { action subjectId } } } }")["auditLog"]["edges"]
    assert [edge["node"] for edge in log].count({"action": "sendAgain", "subjectId": set_aside}) == 1


def test_a_message_that_is_not_there_is_not_found(shop: AdminShop) -> None:
    unknown = "out_" + "0" * 32
    assert shop.refused("sendAgain", messageId=unknown) == [("NotFoundError", ["messageId"])]
    assert shop.refused("retryRefund", refundId="rfd_" + "0" * 32) == [("NotFoundError", ["refundId"])]


def test_who_may_look_and_who_may_act(shop: AdminShop, set_aside: str) -> None:
    assert shop.code(TROUBLES, "MERCHANDISER") == "FORBIDDEN"
    assert shop.code(OUTBOX, "MERCHANDISER") == "FORBIDDEN"
    again = "mutation($input: SendAgainInput!) { sendAgain(input: $input) { errors { message } } }"
    assert shop.code(again, "SERVICE", input={"messageId": set_aside}) == "FORBIDDEN"


RETRY = "refund { id status problem advice amount { amount } }"
RETURN = """query($id: ID!) { node(id: $id) { ... on Return { status refund { id status problem advice } } } }"""
ORDER = """query($id: ID!) { node(id: $id) { ... on Order {
  payment { problem advice refunded { amount } } refunds { id status note } } } }"""


@pytest.fixture
def online(shop: AdminShop) -> AdminShop:
    """The same shop, taking payments online; its bank takes no refunds."""
    gateway = FakeGateway(bank_says=ProviderRefundState.FAILED)
    shop.services = replace(shop.services, gateway=gateway)
    shop.door = admin_door(shop.services)
    return shop


def test_a_refund_that_failed_is_shown_tried_again_and_paid_out_by_other_means(online: AdminShop) -> None:
    variant = online.stock()["variants"][0]["id"]
    order = online.buy(online.enrol(), variant, pay="STRIPE")
    online.services.gateway.pay(order)
    work = payment_handlers(online.services.shop)
    deliver(online.db, work, clock=SystemClock().now)
    line = online.do("shipOrder", "order { lines { id } }", orderId=order)["order"]["lines"][0]["id"]
    asked = {"orderId": order, "lines": [{"orderLineId": line, "quantity": 1}], "reason": "r", "idempotencyKey": "k"}
    returned = online.do("openReturn", "return { id }", **asked)["return"]["id"]
    received = online.do("receiveReturn", "return { status refund { status } }", returnId=returned)["return"]
    assert received == {"status": "REFUNDING", "refund": {"status": "PENDING"}}
    deliver(online.db, work, clock=SystemClock().now)

    found = online.ask(RETURN, language="en", id=returned)["node"]
    refund = found["refund"]["id"]
    assert found["status"] == "REFUND_FAILED"
    assert "bank" in found["refund"]["problem"]
    assert "again" in found["refund"]["advice"]
    again = online.do("retryRefund", RETRY, "FULFILMENT", refundId=refund)["refund"]
    assert (again["status"], again["amount"]["amount"], again["problem"]) == ("PENDING", "100.00", None)
    deliver(online.db, work, clock=SystemClock().now)
    online.do("recordRefundPaidOut", RETRY, "FULFILMENT", refundId=refund, note="in cash")

    seen = online.ask(ORDER, id=order)["node"]
    assert [(r["status"], r["note"]) for r in seen["refunds"]] == [("PAID_OUT", "in cash"), ("FAILED", None)]
    assert seen["payment"] == {"problem": None, "advice": None, "refunded": {"amount": "100.00"}}
    assert online.ask(RETURN, id=returned)["node"]["status"] == "COMPLETED"
    assert online.ask(TROUBLES)["troubles"] == []

"""Refunds through a provider that fails in every way it can: the money goes back exactly once (R7)."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

RETRY = "mutation($input: RetryRefundInput!) { retryRefund(input: $input) { refund { id status } errors { message } } }"
PAID_OUT = """mutation($input: RecordRefundPaidOutInput!) {
  recordRefundPaidOut(input: $input) { refund { id status } errors { message } } }"""
AGAIN = "mutation($input: SendAgainInput!) { sendAgain(input: $input) { message { state } errors { message } } }"
REFUND = "query($id: ID!) { node(id: $id) { ... on Return { refund { id status problem advice } } } }"


def refund_of(online, returned, language="en"):
    return online.talk.post(REFUND, {"id": returned}, staff=True, language=language)["node"]["refund"]


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "answer", "status": 429, "times": 3},
        {"kind": "answer", "status": 429, "code": "lock_timeout"},
        {"kind": "answer", "status": 500, "where": "door"},
        {"kind": "answer", "status": 500, "where": "exit"},
        {"kind": "answer", "status": 503},
        {"kind": "die_before", "times": 3},
        {"kind": "die_after", "times": 3},
    ],
    ids=lambda trouble: "-".join(map(str, trouble.values())),
)
def test_whatever_the_provider_answers_the_money_goes_back_once(online, trouble):
    order = online.shipped(2, gift_card="100.00")
    returned = online.take_back(order)
    # No event tells us what has come of it.
    online.deaf()
    kind = trouble["kind"]
    details = {name: value for name, value in trouble.items() if name != "kind"}
    online.double.trouble(kind, method="POST", path="/v1/refunds", **details)
    for minutes in (0, 1, 2, 4, 8):
        online.settle(later=timedelta(minutes=minutes))
    assert (online.status(returned), online.refunds(order)) == ("COMPLETED", [(14900, "succeeded")])
    assert online.play.gift_cards(online.ana) == ["50.00"]
    online.settle(later=timedelta(days=2))
    assert online.refunds(order) == [(14900, "succeeded")]


def test_a_refund_whose_answer_is_lost_for_longer_than_keys_are_remembered_is_not_sent_again(online):
    order = online.shipped(2)
    returned = online.take_back(order)
    online.deaf()
    online.double.trouble("die_after", method="POST", path="/v1/refunds")
    online.settle()
    assert online.status(returned) == "REFUNDING"
    online.double.tell("clock", now=int(time.time()) + 2 * 86_400)
    online.settle(later=timedelta(days=2))
    assert (online.status(returned), online.refunds(order)) == ("COMPLETED", [(19900, "succeeded")])


def test_a_failure_that_the_provider_remembers_is_shown_to_staff_who_send_it_again(online):
    order = online.shipped(2)
    returned = online.take_back(order)
    online.double.trouble("answer", status=500, where="inside", method="POST", path="/v1/refunds")
    for hours in range(15):
        online.settle(later=timedelta(hours=2 * hours))
    assert (online.status(returned), online.refunds(order)) == ("REFUNDING", [])
    (trouble,) = online.troubles()
    assert (trouble["kind"], trouble["subjectId"]) == ("MESSAGE_SET_ASIDE", order["id"])
    online.double.tell("clock", now=int(time.time()) + 86_400 + 60)
    assert online.talk.do(AGAIN, staff=True, messageId=trouble["id"])["message"]["state"] == "WAITING"
    online.settle(later=timedelta(days=2))
    assert (online.status(returned), online.refunds(order)) == ("COMPLETED", [(19900, "succeeded")])


def test_a_refund_that_is_refused_for_good_is_told_in_words_and_sent_again_by_staff(online):
    order = online.shipped(2)
    returned = online.take_back(order)
    online.double.trouble("refund_refused")
    online.settle()
    assert (online.status(returned), online.refunds(order)) == ("REFUND_FAILED", [])
    assert online.look(order)["payment"]["refunded"]["amount"] == "0.00"
    for language, word in (("en", "disputed"), ("zh-CN", "争议")):
        (trouble,) = online.troubles(language)
        failed = refund_of(online, returned, language)
        assert (trouble["kind"], trouble["id"]) == ("REFUND_FAILED", failed["id"])
        assert word in failed["problem"]
        assert (failed["problem"], failed["advice"]) == (trouble["problem"], trouble["advice"])
    online.talk.do(RETRY, staff=True, refundId=failed["id"])
    online.talk.do(RETRY, staff=True, refundId=failed["id"])
    online.settle()
    assert (online.status(returned), online.refunds(order)) == ("COMPLETED", [(19900, "succeeded")])
    assert online.troubles() == []


def test_a_refund_that_comes_back_from_the_bank_later_is_sent_again(online):
    order = online.shipped(2)
    online.double.trouble("refund_fails_later")
    returned = online.take_back(order)
    online.settle()
    assert (online.status(returned), online.look(order)["payment"]["refunded"]["amount"]) == ("COMPLETED", "199.00")
    reference = online.play.refunds(order["id"])[0].provider_reference
    online.double.tell(f"refunds/{reference}", status="failed", failure_reason="lost_or_stolen_card")
    online.settle()
    assert (online.status(returned), online.look(order)["payment"]["refunded"]["amount"]) == ("REFUND_FAILED", "0.00")
    failed = refund_of(online, returned)
    assert "card is gone" in failed["problem"]
    online.talk.do(RETRY, staff=True, refundId=failed["id"])
    online.settle()
    assert online.status(returned) == "COMPLETED"
    assert online.refunds(order) == [(19900, "failed"), (19900, "succeeded")]
    assert online.look(order)["payment"]["refunded"]["amount"] == "199.00"


def test_a_refund_that_no_card_takes_is_paid_out_by_other_means(online):
    online.double.tell("refunds/pause", seconds=0)
    order = online.place(2)
    online.confirm(order, "pm_card_refundFail")
    online.settle()
    online.talk.ship(order["id"])
    returned = online.take_back(order)
    for _ in range(3):
        online.settle()
    failed = refund_of(online, returned)
    assert (failed["status"], online.status(returned)) == ("FAILED", "REFUND_FAILED")
    done = online.talk.do(PAID_OUT, staff=True, refundId=failed["id"], note="in cash")["refund"]
    assert (done["status"], online.status(returned)) == ("PAID_OUT", "COMPLETED")
    assert online.look(order)["payment"]["refunded"]["amount"] == "199.00"
    # Of what was paid out by hand the provider knows nothing: the money is still with it.
    online.differs = True


def test_a_paid_order_that_is_cancelled_gets_each_part_back_where_it_came_from(online):
    order = online.paid(2, by_points=True, gift_card="100.00")
    online.double.trouble("die_after", method="POST", path="/v1/refunds")
    online.talk.cancel(order["id"])
    assert online.play.gift_cards(online.ana) == ["100.00"]
    online.settle(later=timedelta(minutes=1))
    online.settle(later=timedelta(minutes=2))
    assert online.refunds(order) == [(23800, "succeeded")]
    assert (online.play.points(online.ana), online.play.shelf("shirt")) == (6000, (10, 0))
    found = online.look(order)
    assert (found["status"], found["payment"]["refunded"]["amount"]) == ("CANCELLED", "238.00")


def test_a_refund_of_a_cancelled_order_that_is_refused_is_shown_too(online):
    order = online.paid(1)
    online.double.trouble("refund_refused", code="charge_disputed")
    online.talk.cancel(order["id"])
    online.settle()
    (trouble,) = online.troubles()
    assert (trouble["kind"], trouble["subjectId"]) == ("REFUND_FAILED", order["id"])
    online.talk.do(RETRY, staff=True, refundId=trouble["id"])
    online.settle()
    assert online.refunds(order) == [(19900, "succeeded")]


def test_three_returns_at_once_through_a_shaky_provider_never_exceed_what_was_paid(online):
    order = online.shipped(3, gift_card="100.00")
    online.double.trouble("die_after", method="POST", path="/v1/refunds", times=2)
    returns = [online.take_back(order) for _ in range(3)]
    for minutes in (0, 1, 3):
        online.settle(later=timedelta(minutes=minutes))
    assert {online.status(each) for each in returns} == {"COMPLETED"}
    assert sum(amount for amount, _ in online.refunds(order)) == 49700
    assert online.play.gift_cards(online.ana) == ["100.00"]

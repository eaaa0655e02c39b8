"""Webhooks that come twice, late, shuffled, never, too early, or not from the provider: the books come out the same."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from threading import Thread

import httpx2
import pytest
import stripe

from tests.support.online_shop import WEBHOOK_SECRET
from tests.support.talk import PLACE, confirm


def post(online, body, *, age=0, secret=WEBHOOK_SECRET):
    """A message to the shop's door, as the provider would send it, or somebody else."""
    text = body if isinstance(body, str) else json.dumps(body)
    signature = stripe.WebhookSignature.generate_signature_header(text, secret, int(time.time()) - age)
    headers = {"Stripe-Signature": signature}
    return httpx2.post(f"{online.url}/webhooks/stripe", content=text, headers=headers, trust_env=False).status_code


def event(about, id="evt_of_ours", type="payment_intent.succeeded"):
    return {"id": id, "object": "event", "type": type, "data": {"object": about}}


def whole_story(online):
    """Paid by card, shipped, one of two comes back: what the books say in the end, without ids."""
    order = online.place(2, by_points=True, gift_card="100.00")
    online.confirm(order)
    online.settle()
    assert online.states(order) == ("PAID", "SUCCEEDED")
    online.talk.ship(order["id"])
    returned = online.take_back(order)
    online.settle()
    assert online.status(returned) == "COMPLETED"
    assert online.refunds(order) == [(11900, "succeeded")]
    assert online.play.ledger(online.ana) == [("ADJUSTED", 6000), ("HELD", -3000), ("RETURNED", 1500)]
    return order


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "webhook_twice", "copies": 3},
        {"kind": "webhook_late", "seconds": 0.2},
        {"kind": "webhook_shuffled", "seconds": 0.05, "times": 100},
        {"kind": "webhook_dropped"},
        {"kind": "webhook_forged"},
        {"kind": "webhook_old", "seconds": 301},
    ],
    ids=lambda trouble: trouble["kind"],
)
def test_however_webhooks_come_the_story_ends_the_same(online, trouble):
    online.double.tell("deliveries/pauses", pauses=[])
    trouble = dict(trouble)
    kind = trouble.pop("kind")
    trouble.setdefault("times", None)
    online.double.trouble(kind, **trouble)
    whole_story(online)
    answers = {delivery["status"] for delivery in online.double.ask("deliveries")}
    refused = kind in ("webhook_forged", "webhook_old")
    assert answers == ({400} if refused else set() if kind == "webhook_dropped" else {200})


def test_what_the_shop_did_not_take_in_is_sent_again_and_means_the_same(online):
    order = whole_story(online)
    before = online.snapshot()
    asked = len(online.double.ask("requests"))
    for told in online.stripe.v1.events.list({"limit": 100}).data:
        online.double.tell(f"events/{told.id}/send")
    online.settle()
    assert online.snapshot() == before
    # Each was written down when it came first: nobody is even asked.
    assert len(online.double.ask("requests")) == asked + 1
    assert online.look(order)["status"] == "SHIPPED"


def test_without_any_webhook_a_payment_is_found_by_asking_and_a_slow_refund_too(online):
    online.deaf()
    online.double.tell("refunds/pause", seconds=None)
    order = online.place(1)
    online.confirm(order, "alipay")
    online.settle()
    assert online.states(order) == ("AWAITING_PAYMENT", "REQUIRES_ACTION")
    online.challenge(order, "complete")
    online.settle(later=timedelta(minutes=2))
    assert online.states(order) == ("PAID", "SUCCEEDED")
    online.talk.ship(order["id"])
    returned = online.take_back(order)
    online.settle(later=timedelta(minutes=3))
    assert online.status(returned) == "REFUNDING"
    online.double.tell(f"refunds/{online.play.refunds(order['id'])[0].provider_reference}", status="succeeded")
    online.settle(later=timedelta(minutes=5))
    assert online.status(returned) == "COMPLETED"


def test_an_event_held_back_until_the_order_was_cancelled_sends_the_money_back_at_once(online):
    online.double.trouble("webhook_held", times=None)
    order = online.place(2, by_points=True, gift_card="100.00")
    # The provider would not stop the payment just then, and the member was quicker.
    online.double.trouble("answer", status=503, path="/v1/payment_intents/*/cancel", method="POST", times=None)
    online.settle()
    online.talk.cancel(order["id"])
    online.confirm(order)
    online.settle()
    assert online.states(order) == ("CANCELLED", "CANCELLED")
    online.double.take_back("trouble")
    online.double.tell("deliveries/release")
    online.settle()
    assert (online.look(order)["status"], online.refunds(order)) == ("CANCELLED", [(23800, "succeeded")])
    assert (online.play.gift_cards(online.ana), online.play.points(online.ana)) == (["100.00"], 6000)
    online.settle(later=timedelta(minutes=10))
    assert online.refunds(order) == [(23800, "succeeded")]


def test_a_cancelled_order_can_no_longer_be_paid(online):
    order = online.place(1)
    online.talk.cancel(order["id"])
    online.settle()
    with pytest.raises(stripe.InvalidRequestError) as refused:
        online.confirm(order)
    assert refused.value.code == "payment_intent_unexpected_state"
    assert online.intent(order).status == "canceled"


def pay_unseen(online):
    """The device pays what the provider was asked for, whatever we have heard of it."""
    while not (intents := online.stripe.v1.payment_intents.list().data):
        time.sleep(0.01)
    (intent,) = intents
    assert confirm(online.device, intent.client_secret) == "succeeded"


def test_an_event_that_comes_before_our_own_transaction_has_ended(online):
    """The provider has taken the order and tells of it, and we have not heard its answer: it is the same order."""
    online.double.trouble("slow", method="POST", path="/v1/payment_intents", seconds=3.0, when="after")
    line = online.stock.line("shirt", 1)
    placing = Thread(target=online.talk.place, args=[[line]], kwargs={"key": "first"})
    placing.start()
    pay_unseen(online)
    online.settle()
    talk = online.stock.talk(online.url)
    order = talk.place([line], key="first")
    assert (order["status"], placing.is_alive()) == ("PAID", True)
    placing.join()
    talk.close()
    assert len(online.stripe.v1.payment_intents.list().data) == 1
    assert online.look(order)["status"] == "PAID"


def test_money_for_an_order_that_was_refused_since_nobody_answered_goes_back(online):
    online.double.trouble("die_after", method="POST", path="/v1/payment_intents")
    line = online.stock.line("shirt", 1)
    asked = online.talk.order_input([line], key="first")
    assert online.talk.refused(PLACE, **asked) == ["PaymentProviderError"]
    (intent,) = online.stripe.v1.payment_intents.list().data
    pay_unseen(online)
    online.settle()
    sent_back = online.stripe.v1.refunds.list({"payment_intent": intent.id}).data
    assert [(refund.amount, refund.status) for refund in sent_back] == [(intent.amount, "succeeded")]
    order = online.talk.place([line], key="first")
    assert (order["status"], online.intent_id(order) != intent.id) == ("AWAITING_PAYMENT", True)


def test_what_others_do_with_the_same_account_does_not_concern_us(online):
    order = whole_story(online)
    before = online.snapshot()
    theirs = online.stripe.v1.payment_intents.create(
        {
            "amount": 5000,
            "currency": "cny",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        }
    )
    online.stripe.v1.refunds.create({"payment_intent": theirs.id, "amount": 1000})
    online.settle()
    assert online.snapshot() == before
    assert online.look(order)["status"] == "SHIPPED"
    # `jifen reconcile` cannot tell whose money it is, and says so.
    online.differs = True


def test_a_payment_for_an_order_that_is_not_ours_waits_until_staff_see_it(online):
    online.stripe.v1.payment_intents.create(
        {"amount": 5000, "currency": "cny", "metadata": {"order_id": "ord_" + "0" * 32}}
    )
    before = online.snapshot()
    for hours in range(15):
        online.settle(later=timedelta(hours=2 * hours))
    assert online.snapshot() == before
    (trouble,) = online.troubles()
    assert (trouble["kind"], trouble["problem"]) == ("MESSAGE_SET_ASIDE", "A payment names an order that is not here.")
    assert trouble["advice"]
    online.differs = True


def test_an_object_that_nobody_knows_changes_nothing(online):
    online.paid(1)
    before = online.snapshot()
    for number, (about, type, status) in enumerate(
        [
            ({"object": "customer", "id": "cus_1"}, "customer.created", 200),
            ({"object": "payment_intent", "id": "pi_unknown"}, "payment_intent.succeeded", 200),
            ({"object": "refund", "id": "re_unknown", "payment_intent": "pi_unknown"}, "refund.updated", 200),
            ({"object": "charge", "id": "ch_1", "payment_intent": None}, "charge.refunded", 200),
            ({"object": "payment_intent", "id": ["not", "a", "name"]}, "payment_intent.succeeded", 400),
            ({"object": "payment_intent", "id": "pi_\u0000"}, "payment_intent.succeeded", 400),
            ({"object": "charge", "payment_intent": 5}, "charge.refunded", 400),
            ([], "payment_intent.succeeded", 200),
        ]
    ):
        assert post(online, event(about, id=f"evt_{number}", type=type)) == status, about
    assert post(online, event({}, id="evt_\u0000")) == 400
    online.settle()
    assert online.snapshot() == before
    # What the provider does not know of is for somebody to look at.
    assert {trouble["problem"] for trouble in online.troubles()} == {"The payment provider does not know this."}
    online.differs = True


def test_what_is_not_the_providers_word_leaves_the_books_as_they_were(online):
    order = online.place(1)
    before = online.snapshot()
    true = event({"object": "payment_intent", "id": online.intent_id(order)})
    assert post(online, true, secret="whsec_of_somebody_else") == 400
    assert post(online, true, age=301) == 400
    assert post(online, "no json") == 400
    assert post(online, '{"id": "evt_1"}') == 400
    assert post(online, "x" * 10 * 2**20) == 413
    asked = len(online.double.ask("requests"))
    online.settle()
    assert online.snapshot() == before
    assert len(online.asked("GET", f"/v1/payment_intents/{online.intent_id(order)}")) <= 2, asked


def test_a_true_event_replayed_by_somebody_who_saw_it_is_too_old(online):
    order = online.place(1)
    told = event({"object": "payment_intent", "id": online.intent_id(order)}, id="evt_seen")
    assert post(online, told, age=200) == 200
    assert post(online, told, age=200) == 200
    assert post(online, told, age=600) == 400
    online.settle()
    # It said "succeeded"; the provider, asked, says otherwise.
    assert online.states(order) == ("AWAITING_PAYMENT", "PENDING")

"""Orders paid through Stripe, from the basket to the money that goes back, as device, shop and provider see them."""

from __future__ import annotations

import pytest
import stripe

ORDER_OF_STAFF = """query($id: ID!) { node(id: $id) { ... on Order { status
  payment { status providerReference refunded { amount } }
  refunds { status amount { amount } providerReference } } } }"""


def test_two_shirts_by_card_one_comes_back(online):
    order = online.place(2, by_points=True, gift_card="100.00")
    assert (order["status"], order["payment"]["status"]) == ("AWAITING_PAYMENT", "PENDING")
    assert order["payment"]["amount"] == {"amount": "238.00"}
    assert online.confirm(order) == "succeeded"
    online.settle()
    assert online.states(order) == ("PAID", "SUCCEEDED")
    online.talk.ship(order["id"])
    returned = online.take_back(order)
    online.settle()
    assert online.status(returned) == "COMPLETED"
    assert online.refunds(order) == [(11900, "succeeded")]
    found = online.talk.post(ORDER_OF_STAFF, {"id": order["id"]}, staff=True)["node"]
    assert (found["status"], found["payment"]["refunded"]) == ("SHIPPED", {"amount": "119.00"})
    assert found["payment"]["providerReference"] == online.intent_id(order)
    (refund,) = found["refunds"]
    assert (refund["status"], refund["amount"]) == ("SUCCEEDED", {"amount": "119.00"})
    assert online.play.ledger(online.ana) == [("ADJUSTED", 6000), ("HELD", -3000), ("RETURNED", 1500)]
    assert (online.play.gift_cards(online.ana), online.play.shelf("shirt")) == (["50.00"], (9, 0))
    # What is kept settles and earns, as if the other had never been bought.
    online.advance(days=31)
    online.settle()
    assert online.look(order)["status"] == "SETTLED"
    earned = order["pointsToEarn"] // 2
    assert earned > 0
    assert online.play.ledger(online.ana)[-1] == ("EARNED", earned)


def test_the_rest_comes_back_too_and_together_it_is_all_that_was_paid(online):
    order = online.shipped(2, gift_card="100.00")
    for _ in range(2):
        returned = online.take_back(order)
        online.settle()
        assert online.status(returned) == "COMPLETED"
    assert online.refunds(order) == [(14900, "succeeded")] * 2
    assert online.play.gift_cards(online.ana) == ["100.00"]
    assert online.look(order)["status"] == "RETURNED"


def test_a_declined_card_is_tried_again_with_another_one(online):
    order = online.place(1)
    for card in ("chargeDeclined", "chargeDeclinedInsufficientFunds", "chargeDeclinedFraudulent"):
        with pytest.raises(stripe.CardError) as declined:
            online.confirm(order, f"pm_card_{card}")
        assert declined.value.code == "card_declined"
        online.settle()
        assert online.states(order) == ("AWAITING_PAYMENT", "FAILED")
    online.confirm(order)
    online.settle()
    assert online.states(order) == ("PAID", "SUCCEEDED")
    assert len(online.stripe.v1.payment_intents.list().data) == 1


def test_a_member_who_has_to_prove_who_they_are_pays_afterwards(online):
    order = online.place(1)
    assert online.confirm(order, "pm_card_threeDSecure2Required") == "requires_action"
    online.settle()
    assert online.states(order) == ("AWAITING_PAYMENT", "REQUIRES_ACTION")
    online.challenge(order, "complete")
    online.settle()
    assert online.states(order) == ("PAID", "SUCCEEDED")


def test_a_member_who_does_not_prove_it_may_try_again(online):
    order = online.place(1)
    online.confirm(order, "pm_card_threeDSecure2Required")
    online.challenge(order, "fail")
    online.settle()
    assert online.states(order) == ("AWAITING_PAYMENT", "FAILED")
    assert online.confirm(order, "pm_card_threeDSecure2Required") == "requires_action"
    online.challenge(order, "complete")
    online.settle()
    assert online.states(order) == ("PAID", "SUCCEEDED")


@pytest.mark.parametrize("method", ["alipay", "wechat_pay"])
def test_alipay_and_wechat_pay_take_a_while_both_ways(online, method):
    online.double.tell("refunds/pause", seconds=None)
    order = online.place(2)
    assert online.confirm(order, method) == "requires_action"
    online.challenge(order, "process")
    online.settle()
    assert online.states(order) == ("AWAITING_PAYMENT", "PENDING")
    with pytest.raises(stripe.InvalidRequestError):
        online.confirm(order)
    online.challenge(order, "complete")
    online.settle()
    assert online.states(order) == ("PAID", "SUCCEEDED")
    online.talk.ship(order["id"])
    returned = online.take_back(order)
    online.settle()
    assert (online.status(returned), online.refunds(order)) == ("REFUNDING", [(19900, "pending")])
    (refund,) = online.play.refunds(order["id"])
    online.double.tell(f"refunds/{refund.provider_reference}", status="succeeded")
    online.settle()
    assert (online.status(returned), online.refunds(order)) == ("COMPLETED", [(19900, "succeeded")])


def test_a_member_who_turns_alipay_down_may_pay_by_card(online):
    order = online.place(1)
    online.confirm(order, "alipay")
    online.challenge(order, "fail")
    online.settle()
    assert online.states(order) == ("AWAITING_PAYMENT", "FAILED")
    online.confirm(order)
    online.settle()
    assert online.states(order) == ("PAID", "SUCCEEDED")


def test_yen_have_no_smaller_part(open_online):
    online = open_online(currency="JPY")
    order = online.place(2, gift_card="1000")
    assert order["payment"]["amount"] == {"amount": "2980"}
    assert (online.intent(order).amount, online.intent(order).currency) == (2980, "jpy")
    online.confirm(order)
    online.settle()
    online.talk.ship(order["id"])
    returned = online.take_back(order)
    online.settle()
    assert (online.status(returned), online.refunds(order)) == ("COMPLETED", [(1490, "succeeded")])
    assert online.look(order)["payment"]["refunded"] == {"amount": "1490"}


def test_an_order_that_a_gift_card_pays_asks_nobody(open_online):
    online = open_online(card="500.00")
    order = online.place(2, gift_card="398.00")
    assert (order["status"], order["payment"]) == ("PAID", None)
    online.settle()
    assert online.double.ask("requests") == []
    online.talk.cancel(order["id"])
    assert online.play.gift_cards(online.ana) == ["500.00"]


def test_two_pairs_of_hands_place_one_order(online):
    line = online.stock.line("shirt", 2)
    first, second = (online.talk.place([line], key="the same") for _ in range(2))
    assert first["id"] == second["id"]
    assert first["payment"]["clientSecret"] == second["payment"]["clientSecret"]
    assert len(online.asked("POST", "/v1/payment_intents")) == 1

"""When an order's time to be paid is up: money that has come, that comes late, that is wrong (R11, R12)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.support.talk import SHIP


def just_before_it_is_up(online):
    online.advance(minutes=29, seconds=59)


def ledger(online):
    return [(e.kind, e.points, e.occurred_at) for e in online.play.entries(online.ana)[1:]]


def at(text):
    return datetime.fromisoformat(text)


def test_an_order_that_nobody_paid_gives_everything_back_at_that_very_instant(online):
    order = online.place(2, by_points=True, gift_card="100.00")
    online.settle()
    just_before_it_is_up(online)
    assert (online.look(order)["status"], online.play.shelf("shirt")) == ("AWAITING_PAYMENT", (10, 2))
    online.advance(seconds=5)
    assert online.states(order) == ("CANCELLED", "CANCELLED")
    assert online.intent(order).status == "canceled"
    assert online.intent(order).cancellation_reason == "abandoned"
    assert ledger(online)[1:] == [("RELEASED", 3000, at(order["payBefore"]))]
    assert (online.play.shelf("shirt"), online.play.gift_cards(online.ana)) == ((10, 0), ["100.00"])
    assert online.play.order(order["id"]).cancelled_at == at(order["payBefore"])


def test_money_that_came_a_second_before_and_that_nobody_told_us_of_is_not_lost(online):
    online.deaf()
    order = online.place(2, by_points=True)
    just_before_it_is_up(online)
    online.confirm(order)
    online.advance(hours=5)
    found = online.look(order)
    assert (found["status"], found["payment"]["status"]) == ("PAID", "SUCCEEDED")
    assert at(found["paidAt"]) == at(order["payBefore"])
    assert online.play.ledger(online.ana) == [("ADJUSTED", 6000), ("HELD", -3000)]
    online.settle(later=timedelta(hours=1))
    assert online.refunds(order) == []


def test_the_payment_is_cancelled_before_the_order_is(online):
    """While the provider does not answer, whether money has come is not known: the order waits."""
    online.deaf()
    order = online.place(2, by_points=True)
    online.double.trouble("die_before", times=None)
    online.advance(hours=2)
    assert online.states(order) == ("AWAITING_PAYMENT", "PENDING")
    assert online.play.shelf("shirt") == (10, 2)
    online.settle()
    assert online.look(order)["status"] == "AWAITING_PAYMENT"
    online.double.take_back("trouble")
    online.settle(later=timedelta(minutes=2))
    assert online.states(order) == ("CANCELLED", "CANCELLED")
    assert ledger(online)[1:] == [("RELEASED", 3000, at(order["payBefore"]))]
    assert online.play.order(order["id"]).cancelled_at == at(order["payBefore"])


@pytest.mark.parametrize("trouble", [{"status": 500}, {"status": 429}, {"status": 500, "where": "exit"}])
def test_a_provider_that_answers_with_an_error_is_asked_again(online, trouble):
    order = online.place(1)
    online.double.trouble("answer", path="/v1/payment_intents/*/cancel", **trouble)
    online.advance(hours=2)
    online.settle(later=timedelta(minutes=2))
    assert (online.look(order)["status"], online.intent(order).status) == ("CANCELLED", "canceled")


def test_money_that_comes_while_the_provider_does_not_answer_makes_the_order_paid(online):
    online.deaf()
    order = online.place(2, by_points=True)
    online.double.trouble("die_before", path="/v1/payment_intents/*/cancel", times=None)
    online.advance(hours=2)
    online.confirm(order)
    online.double.take_back("trouble")
    online.settle(later=timedelta(minutes=2))
    found = online.look(order)
    assert (found["status"], at(found["paidAt"])) == ("PAID", at(order["payBefore"]))
    online.talk.ship(order["id"])


def test_a_bank_that_is_still_at_work_is_waited_for(online):
    order = online.place(1)
    online.confirm(order, "alipay")
    online.challenge(order, "process")
    online.advance(hours=2)
    online.settle(later=timedelta(minutes=5))
    assert online.look(order)["status"] == "AWAITING_PAYMENT"
    online.challenge(order, "complete")
    online.settle(later=timedelta(minutes=10))
    assert online.states(order) == ("PAID", "SUCCEEDED")


def test_a_bank_that_says_no_after_the_time_is_up_ends_the_order(online):
    order = online.place(1)
    online.confirm(order, "wechat_pay")
    online.challenge(order, "process")
    online.advance(hours=2)
    online.challenge(order, "fail")
    online.settle(later=timedelta(minutes=10))
    assert online.states(order) == ("CANCELLED", "CANCELLED")
    assert online.intent(order).status == "canceled"


TOLD = """query($id: ID!) { node(id: $id) { ... on Order { payment { status problem advice } } } }"""


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        ({"amount": 5000}, {"en": "Another amount was paid", "zh-CN": "金额"}),
        ({"currency": "usd"}, {"en": "another currency", "zh-CN": "币种"}),
    ],
)
def test_wrong_money_ships_nothing_and_staff_see_why(online, change, sentences):
    order = online.place(2, by_points=True, gift_card="100.00")
    online.stripe.v1.payment_intents.update(online.intent_id(order), params=change)
    online.confirm(order)
    online.settle()
    assert online.look(order)["status"] == "AWAITING_PAYMENT"
    assert online.talk.refused(SHIP, staff=True, orderId=order["id"]) == ["OrderStateError"]
    for language, sentence in sentences.items():
        (trouble,) = online.troubles(language)
        assert (trouble["kind"], trouble["subjectId"]) == ("PAYMENT_PROBLEM", order["id"])
        told = online.talk.post(TOLD, {"id": order["id"]}, staff=True, language=language)["node"]["payment"]
        assert sentence in told["problem"]
        assert (trouble["problem"], trouble["advice"]) == (told["problem"], told["advice"])
        assert told["advice"]
    online.advance(hours=1)
    online.settle(later=timedelta(minutes=2))
    assert online.look(order)["status"] == "CANCELLED"
    assert online.refunds(order) == [(change.get("amount", 23800), "succeeded")]
    assert online.troubles() == []
    assert (online.play.points(online.ana), online.play.shelf("shirt")) == (6000, (10, 0))
    # What the provider was made to ask for is not what we asked for, for ever.
    online.differs = True

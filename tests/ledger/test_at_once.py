"""Two want the same at the same moment: one has it, and nothing goes below zero (R9, R12)."""

from __future__ import annotations

import pytest

from checkout.payments.gateway import ProviderPaymentState
from checkout.refusals import (
    InsufficientGiftCard,
    InsufficientPoints,
    InsufficientStock,
    LimitExceeded,
    OfferUnavailable,
)
from kernel.refusals import IdempotencyConflict, InvalidInput, Refused
from tests.support.at_once import at_once, done, refusals

ROUNDS = range(2)


@pytest.fixture
def ana(shop):
    shop.stock("shirt", "199.00", 5)
    shop.stock("mug", "39.00")
    shop.offer("mug+", "mug", "30.00", 1000)
    return shop.enrol("Ana", points=1500, gift_card="50.00")


@pytest.mark.parametrize("_", ROUNDS)
def test_points_are_spent_once(shop, ana, _):
    results = at_once(*[lambda: shop.buy(ana, {"mug+": 1})] * 4)
    assert len(done(results)) == 1
    assert refusals(results) == [InsufficientPoints] * 3
    assert shop.ledger(ana) == [("ADJUSTED", 1500), ("HELD", -1000)]


@pytest.mark.parametrize("_", ROUNDS)
def test_spending_and_taking_away_by_hand_never_go_below_zero(shop, ana, _):
    results = at_once(lambda: shop.buy(ana, {"mug+": 1}), lambda: shop.adjust(ana, -1000))
    assert refusals(results) == [InsufficientPoints]
    assert shop.points(ana) == 500


@pytest.mark.parametrize("_", ROUNDS)
def test_the_last_units_go_to_one_order(shop, ana, _):
    bea = shop.enrol("Bea")
    results = at_once(lambda: shop.buy(ana, {"shirt": 3}), lambda: shop.buy(bea, {"shirt": 3}))
    assert (len(done(results)), refusals(results)) == (1, [InsufficientStock])
    assert shop.shelf("shirt") == (5, 3)


@pytest.mark.parametrize("_", ROUNDS)
def test_baskets_in_opposite_order_never_wait_for_each_other_in_a_ring(shop, ana, _):
    bea = shop.enrol("Bea")
    baskets = [lambda: shop.buy(ana, {"shirt": 1, "mug": 1}), lambda: shop.buy(bea, {"mug": 1, "shirt": 1})]
    assert len(done(at_once(*baskets, *baskets))) == 4
    assert (shop.shelf("shirt"), shop.shelf("mug")) == ((5, 4), (1000, 4))


@pytest.mark.parametrize("_", ROUNDS)
def test_the_last_of_a_quota_goes_to_one_order(shop, ana, _):
    shop.offer("few", "shirt", "150.00", 10, quota=1)
    bea = shop.enrol("Bea", points=100)
    results = at_once(lambda: shop.buy(ana, {"few": 1}), lambda: shop.buy(bea, {"few": 1}))
    assert (len(done(results)), refusals(results)) == (1, [OfferUnavailable])
    assert shop.redeemed("few") == 1


@pytest.mark.parametrize("_", ROUNDS)
def test_a_members_limit_holds_for_two_orders_at_once(shop, ana, _):
    shop.offer("one", "shirt", "150.00", 10, per_member_limit=1)
    results = at_once(*[lambda: shop.buy(ana, {"one": 1})] * 2)
    assert (len(done(results)), refusals(results)) == (1, [LimitExceeded])


@pytest.mark.parametrize("_", ROUNDS)
def test_a_members_limit_of_the_day_holds_for_two_orders_at_once(shop, ana, _):
    shop.offer("daily", "shirt", "150.00", 10, daily=1)
    results = at_once(*[lambda: shop.buy(ana, {"daily": 1})] * 2)
    assert (len(done(results)), refusals(results)) == (1, [LimitExceeded])


@pytest.mark.parametrize("_", ROUNDS)
def test_a_gift_card_is_spent_once(shop, ana, _):
    results = at_once(*[lambda: shop.buy(ana, {"mug": 1}, gift_card="39.00")] * 2)
    assert (len(done(results)), refusals(results)) == (1, [InsufficientGiftCard])
    assert shop.gift_cards(ana) == ["11.00"]


@pytest.mark.parametrize("_", ROUNDS)
def test_the_same_key_at_once_gives_one_order(shop, ana, _):
    results = at_once(*[lambda: shop.buy(ana, {"shirt": 1}, key="once")] * 4)
    assert len(set(done(results))) == 1
    assert len(done(results)) == 4
    assert shop.shelf("shirt") == (5, 1)


@pytest.mark.parametrize("_", ROUNDS)
def test_the_same_key_at_once_for_something_else_is_refused(shop, ana, _):
    results = at_once(lambda: shop.buy(ana, {"shirt": 1}, key="once"), lambda: shop.buy(ana, {"shirt": 2}, key="once"))
    assert (len(done(results)), refusals(results)) == (1, [IdempotencyConflict])


@pytest.mark.parametrize("_", ROUNDS)
def test_the_same_units_are_asked_for_once(shop, ana, _):
    order = shop.sell(ana, {"shirt": 2})
    results = at_once(*[lambda: shop.return_units(order, {"shirt": 2})] * 2)
    assert (len(done(results)), refusals(results)) == (1, [InvalidInput])


@pytest.mark.parametrize("_", ROUNDS)
def test_a_return_received_twice_at_once_is_received_once(shop, ana, _):
    order = shop.sell(ana, {"mug+": 1})
    shop.cash(order)
    asked = shop.return_units(order, {"mug+": 1})
    at_once(*[lambda: shop.receive(asked)] * 3)
    assert shop.ledger(ana) == [("ADJUSTED", 1500), ("HELD", -1000), ("RETURNED", 1000)]
    assert (shop.payment(order).refunded, shop.shelf("mug"), shop.redeemed("mug+")) == (3000, (1000, 0), 0)


@pytest.mark.parametrize("_", ROUNDS)
def test_an_order_is_either_cancelled_or_shipped(shop, ana, _):
    order = shop.buy(ana, {"shirt": 1})
    at_once(lambda: shop.cancel(order), lambda: shop.ship(order))
    assert (shop.order(order).status, shop.shelf("shirt")) in [("CANCELLED", (5, 0)), ("SHIPPED", (4, 0))]


@pytest.mark.parametrize("_", ROUNDS)
def test_what_is_due_happens_once_however_many_notice_it(shop, ana, _):
    shop.sell(ana, {"shirt": 1})
    shop.days_later(31)
    at_once(*[shop.run_jobs] * 2, *[lambda: shop.points(ana)] * 2)
    assert shop.ledger(ana) == [("ADJUSTED", 1500), ("EARNED", 398)]


@pytest.mark.parametrize("_", ROUNDS)
def test_a_payment_and_the_end_of_its_time_agree(shop, ana, _):
    order = shop.reserve(ana, {"shirt": 1})
    shop.later(minutes=30)
    results = at_once(lambda: shop.pay(order), lambda: bool(shop.run_jobs()))
    assert not any(isinstance(result, Refused) for result in results)
    # Money that came before the provider was told to stop counts, whoever heard of it; after that, none can come.
    came = shop.gateway.find_payment(f"fake_{order}").state is ProviderPaymentState.SUCCEEDED
    assert (shop.order(order).status, shop.shelf("shirt")) == (("PAID", (5, 1)) if came else ("CANCELLED", (5, 0)))

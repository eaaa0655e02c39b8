"""What an order takes, and what comes back when it is not paid, cancelled, returned or swapped (R7, R12, R13)."""

from __future__ import annotations

import pytest

from checkout.refusals import (
    InsufficientGiftCard,
    InsufficientPoints,
    InsufficientStock,
    LimitExceeded,
    OfferUnavailable,
    QuoteChanged,
)
from checkout.returns.preview_return import stock_lacking
from kernel.refusals import InvalidInput
from tests.support.programs import vancl
from tests.support.shop import PlayShop, refused


@pytest.fixture
def ana(shop):
    shop.stock("shirt", "199.00", 10)
    shop.offer("shirt+", "shirt", "169.00", 1500, per_member_limit=3, quota=5)
    return shop.enrol("Ana", points=9000, gift_card="100.00")


def test_an_order_takes_stock_points_gift_card_and_quota_at_once(shop, ana):
    order = shop.reserve(ana, {"shirt+": 2}, gift_card="60.00")
    assert shop.shelf("shirt") == (10, 2)
    assert shop.ledger(ana)[1:] == [("HELD", -3000)]
    assert shop.gift_cards(ana) == ["40.00"]
    assert shop.redeemed("shirt+") == 2
    assert (shop.pending(ana).held_points, shop.pending(ana).pending_points) == (3000, 0)
    assert shop.order(order).status == "AWAITING_PAYMENT"
    assert shop.gateway.opened[order].minor == 27800


def test_an_order_that_is_not_paid_in_time_gives_everything_back(shop, ana):
    order = shop.reserve(ana, {"shirt+": 2}, gift_card="60.00")
    placed = shop.now
    shop.later(minutes=30, seconds=-1)
    shop.run_jobs()
    assert shop.order(order).status == "AWAITING_PAYMENT"
    shop.later(days=2)
    assert shop.ledger(ana)[1:] == [("HELD", -3000), ("RELEASED", 3000)]
    assert shop.shelf("shirt") == (10, 0)
    assert shop.gift_cards(ana) == ["100.00"]
    assert shop.redeemed("shirt+") == 0
    assert shop.payment(order).status == "CANCELLED"
    assert (shop.order(order).cancelled_at - placed).total_seconds() == 30 * 60


def test_an_order_paid_in_time_keeps_what_it_took(shop, ana):
    order = shop.reserve(ana, {"shirt+": 2})
    shop.later(minutes=29)
    assert shop.pay(order)
    shop.days_later(1)
    assert shop.points(ana) == 6000
    assert (shop.pending(ana).held_points, shop.pending(ana).pending_points) == (0, 676)
    assert (shop.order(order).status, shop.shelf("shirt")) == ("PAID", (10, 2))


def test_a_payment_at_the_instant_of_the_deadline_comes_too_late(shop, ana):
    order = shop.reserve(ana, {"shirt": 1})
    shop.later(minutes=30)
    assert not shop.pay(order)
    assert shop.order(order).status == "CANCELLED"


def test_an_order_with_nothing_due_is_paid_at_once(shop, ana):
    shop.stock("socks", "9.90")
    order = shop.reserve(ana, {"socks": 1}, gift_card="9.90")
    assert (shop.order(order).status, shop.payment(order)) == ("PAID", None)


def test_stock_that_an_unpaid_order_held_is_there_again_for_others_though_no_job_has_run(shop, ana):
    shop.reserve(ana, {"shirt": 10})
    bea = shop.enrol("Bea")
    shop.later(minutes=29)
    with refused(InsufficientStock):
        shop.buy(bea, {"shirt": 1})
    shop.later(minutes=1)
    shop.buy(bea, {"shirt": 10})
    assert shop.shelf("shirt") == (10, 10)


def test_quota_that_an_unpaid_order_held_is_there_again_for_others_though_no_job_has_run(shop, ana):
    shop.reserve(ana, {"shirt+": 3})
    bea = shop.enrol("Bea", points=9000)
    with refused(OfferUnavailable):
        shop.buy(bea, {"shirt+": 3})
    shop.later(minutes=30)
    shop.buy(bea, {"shirt+": 3})


def test_a_swap_finds_the_stock_that_an_unpaid_order_held_though_no_job_has_run(shop, ana):
    bea = shop.enrol("Bea")
    order = shop.sell(bea, {"shirt": 1})
    asked = shop.return_units(order, {"shirt": 1}, kind="SWAP")
    shop.reserve(ana, {"shirt": 9})
    with refused(InsufficientStock):
        shop.receive(asked)
    shop.later(minutes=30)
    assert shop.receive(asked).status == "COMPLETED"


def test_a_swap_is_foreseen_with_what_an_unpaid_order_held_though_no_job_has_run(shop, ana):
    bea = shop.enrol("Bea")
    order = shop.sell(bea, {"shirt": 1})
    shop.reserve(ana, {"shirt": 9})

    def lacking(kind="SWAP"):
        return stock_lacking(shop.shop, order_id=order, kind=kind, lines=shop.return_lines(order, {"shirt": 1}))

    assert lacking() == [InsufficientStock(path=("lines", "0"), sku="shirt", available=0)]
    assert lacking("REFUND") == []
    shop.later(minutes=30)
    assert lacking() == []


def yen(**program):
    whole = {f"tiers.levels.{level}.{bound}": "20000" for level in (1, 2) for bound in ("acquire", "keep")}
    fees = {"points.value_of_100": "2", "orders.shipping_fee": "0", "orders.free_shipping_from": "0"}
    return vancl(currency="JPY", **whole, **fees, **program)


@pytest.mark.parametrize(
    ("program", "price", "units"),
    [
        (yen(**{"points.rates.REGULAR": "1000", "tiers.levels.0.points_multiplier": "100"}), "999999999999", 1),
        (vancl(**{"orders.shipping_fee": "5.00", "orders.free_shipping_from": "9999999999.99"}), "9999999999.98", 1),
        (vancl(**{"tiers.levels.0.price_rate": "0.5"}), "9999999999.98", 2),
    ],
    ids=["points to earn", "with the shipping", "before the discount"],
)
def test_no_figure_of_an_order_is_beyond_what_can_be_told(db, program, price, units):
    shop = PlayShop(db, document=program)
    shop.stock("gold", price, 50)
    member = shop.enrol("Ana")
    assert [r.path for r in shop.quote(member, {"gold": units}).refusals] == [("lines",)]
    with refused(InvalidInput):
        shop.buy(member, {"gold": units})


def test_stock_in_every_move(shop, ana):
    order = shop.buy(ana, {"shirt": 3, "shirt+": 1})
    assert shop.shelf("shirt") == (10, 4)
    shop.ship(order)
    assert shop.shelf("shirt") == (6, 0)
    shop.take_back(order, {"shirt": 1})
    assert shop.shelf("shirt") == (7, 0)
    shop.receive(shop.return_units(order, {"shirt+": 1}), restock=False)
    assert shop.shelf("shirt") == (7, 0)
    shop.swap(order, {"shirt": 2})
    assert shop.shelf("shirt") == (7, 0)
    shop.swap(order, {"shirt": 2}, restock=False)
    assert shop.shelf("shirt") == (5, 0)
    cancelled = shop.buy(ana, {"shirt": 5})
    assert shop.shelf("shirt") == (5, 5)
    shop.cancel(cancelled)
    assert shop.shelf("shirt") == (5, 0)


def test_no_line_of_a_cancelled_order_earns_points(shop, ana):
    by_hand, unpaid = shop.buy(ana, {"shirt": 1, "shirt+": 1}), shop.reserve(ana, {"shirt": 1})
    kept = shop.buy(ana, {"shirt": 1})
    shop.cancel(by_hand)
    shop.later(minutes=30)
    shop.run_jobs()
    for order in (by_hand, unpaid, kept):
        of_lines = sum(line.points_to_earn for line in shop.lines(order))
        assert of_lines == shop.order(order).points_to_earn == (398 if order == kept else 0)


def test_a_swap_needs_goods_to_send(shop, ana):
    order = shop.sell(ana, {"shirt": 2})
    shop.buy(ana, {"shirt": 7})
    asked = shop.return_units(order, {"shirt": 2}, kind="SWAP")
    with refused(InsufficientStock) as told:
        shop.receive(asked)
    assert (told.the(InsufficientStock).sku, told.the(InsufficientStock).available) == ("shirt", 1)
    assert (shop.returned(asked).status, shop.shelf("shirt")) == ("REQUESTED", (8, 7))


def test_a_shipped_order_shipped_again_and_a_received_return_received_again_change_nothing(shop, ana):
    order = shop.sell(ana, {"shirt": 2})
    asked = shop.return_units(order, {"shirt": 1})
    shop.receive(asked)
    before = shop.shelf("shirt"), shop.ledger(ana), shop.order(order)
    shop.days_later(1)
    shop.ship(order)
    shop.receive(asked)
    assert (shop.shelf("shirt"), shop.ledger(ana), shop.order(order)) == before


def test_the_members_limit_counts_what_was_ordered_and_neither_cancelled_nor_returned(shop, ana):
    first = shop.sell(ana, {"shirt+": 2})
    with refused(LimitExceeded) as told:
        shop.buy(ana, {"shirt+": 2})
    assert (told.the(LimitExceeded).limit, told.the(LimitExceeded).remaining) == (3, 1)
    second = shop.buy(ana, {"shirt+": 1})
    with refused(LimitExceeded):
        shop.buy(ana, {"shirt+": 1})
    shop.cancel(second)
    shop.buy(ana, {"shirt+": 1})
    asked = shop.return_units(first, {"shirt+": 1})
    with refused(LimitExceeded):
        shop.buy(ana, {"shirt+": 1})
    shop.receive(asked)
    shop.buy(ana, {"shirt+": 1})


def test_the_quota_counts_over_all_members(shop, ana):
    bea, cem = shop.enrol("Bea", points=9000), shop.enrol("Cem", points=9000)
    first = shop.sell(ana, {"shirt+": 3})
    shop.buy(bea, {"shirt+": 2})
    with refused(OfferUnavailable):
        shop.buy(cem, {"shirt+": 1})
    asked = shop.return_units(first, {"shirt+": 2})
    with refused(OfferUnavailable):
        shop.buy(cem, {"shirt+": 1})
    shop.receive(asked)
    assert shop.redeemed("shirt+") == 3
    shop.buy(cem, {"shirt+": 2})


def test_a_swap_frees_no_offer(shop, ana):
    order = shop.sell(ana, {"shirt+": 3})
    shop.swap(order, {"shirt+": 3})
    assert shop.redeemed("shirt+") == 3
    with refused(LimitExceeded):
        shop.buy(ana, {"shirt+": 1})


def test_an_offer_holds_from_its_start_until_just_before_its_end(shop, ana):
    shop.stock("mug", "39.00")
    shop.offer("mug+", "mug", "30.00", 10, starts="2026-01-02T00:00", ends="2026-01-03T00:00")
    with refused(OfferUnavailable):
        shop.buy(ana, {"mug+": 1})
    shop.at("2026-01-02T00:00")
    shop.buy(ana, {"mug+": 1})
    shop.at("2026-01-03T00:00")
    with refused(OfferUnavailable):
        shop.buy(ana, {"mug+": 1})


def test_a_special_price_holds_from_its_start_until_just_before_its_end(shop, ana):
    shop.special("shirt", "99.00", starts="2026-01-02T00:00", ends="2026-01-03T00:00")
    prices = []
    for instant in ("2026-01-01T23:59:59", "2026-01-02T00:00", "2026-01-02T23:59:59", "2026-01-03T00:00"):
        shop.at(instant)
        prices.append(shop.order(shop.buy(ana, {"shirt": 1})).goods)
    assert prices == [19900, 9900, 9900, 19900]


def test_everything_that_stands_in_the_way_is_told_at_once_and_nothing_is_taken(shop, ana):
    with refused(LimitExceeded, OfferUnavailable, InsufficientStock, InsufficientPoints, InsufficientGiftCard):
        shop.buy(ana, {"shirt+": 7, "shirt": 4}, gift_card="100.01")
    assert (shop.shelf("shirt"), shop.points(ana), shop.gift_cards(ana)) == ((10, 0), 9000, ["100.00"])


def test_a_gift_card_never_pays_more_than_goods_and_shipping(shop, ana):
    shop.stock("socks", "9.90")
    with refused(InvalidInput) as told:
        shop.buy(ana, {"socks": 1}, gift_card="9.91")
    assert told.the(InvalidInput).path == ("giftCardAmount",)


def test_the_price_that_was_shown_is_the_price_that_is_charged(shop, ana):
    with refused(QuoteChanged) as told:
        shop.buy(ana, {"shirt": 1}, expected_due="198.00")
    assert str(told.the(QuoteChanged).quote.totals.due) == "199.00"


def test_a_refused_order_does_not_use_up_its_key(shop, ana):
    with refused(InsufficientStock):
        shop.buy(ana, {"shirt": 11}, key="once")
    first = shop.buy(ana, {"shirt": 1}, key="once")
    assert shop.buy(ana, {"shirt": 1}, key="once") == first
    assert shop.shelf("shirt") == (10, 1)


def test_gift_cards_are_drawn_oldest_first_and_what_goes_back_goes_to_the_last_drawn(shop, ana):
    shop.later(minutes=1)
    shop.gift_card(ana, "100.00")
    order = shop.sell(ana, {"shirt": 2}, gift_card="150.00")
    assert shop.gift_cards(ana) == ["0.00", "50.00"]
    assert shop.take_back(order, {"shirt": 1}).gift_card_refund == 7500
    assert shop.gift_cards(ana) == ["25.00", "100.00"]
    shop.take_back(order, {"shirt": 1})
    assert shop.gift_cards(ana) == ["100.00", "100.00"]


def test_a_cancelled_order_gives_all_money_back_shipping_included(db):
    from tests.support.programs import retail
    from tests.support.shop import PlayShop

    shop = PlayShop(db, document=retail(**{"returns.refund_shipping": "never"}))
    shop.stock("mug", "10.00")
    ana = shop.enrol("Ana", gift_card="12.00")
    order = shop.buy(ana, {"mug": 1}, gift_card="12.00")
    shop.cash(order)
    shop.cancel(order)
    assert (shop.payment(order).amount, shop.payment(order).refunded) == (195, 195)
    assert shop.gift_cards(ana) == ["12.00"]


def test_shipping_goes_back_with_a_full_return_only_and_to_the_card_what_the_card_paid(db):
    from tests.support.programs import retail
    from tests.support.shop import PlayShop

    shop = PlayShop(db, document=retail())
    shop.stock("mug", "10.00")
    ana = shop.enrol("Ana", gift_card="50.00")
    whole = shop.take_back(shop.sell(ana, {"mug": 2}, gift_card="21.00"), {"mug": 2})
    assert (whole.refund, whole.gift_card_refund) == (295, 2100)
    order = shop.sell(ana, {"mug": 2}, gift_card="21.00")
    parts = [shop.take_back(order, {"mug": 1}) for _ in range(2)]
    assert [(part.refund, part.gift_card_refund) for part in parts] == [(0, 1000), (0, 1000)]


class TestCashOnDelivery:
    def test_counts_as_paid_from_the_start_and_is_recorded_before_or_after_shipping(self, shop, ana):
        early, late = shop.buy(ana, {"shirt": 1}), shop.buy(ana, {"shirt": 1})
        assert (shop.order(early).status, shop.payment(early).status) == ("PAID", "PENDING")
        shop.cash(early)
        shop.ship(early)
        shop.ship(late)
        shop.cash(late)
        assert shop.payment(early).status == shop.payment(late).status == "SUCCEEDED"

    def test_cancelled_before_the_cash_was_recorded_nothing_is_owed(self, shop, ana):
        order = shop.buy(ana, {"shirt": 1})
        shop.cancel(order)
        assert (shop.payment(order).status, shop.payment(order).refunded) == ("CANCELLED", 0)
        shop.cash(order)
        assert shop.payment(order).status == "CANCELLED"

    def test_cancelled_after_the_cash_was_recorded_it_is_paid_out(self, shop, ana):
        order = shop.buy(ana, {"shirt": 1})
        shop.cash(order)
        shop.cancel(order)
        assert (shop.payment(order).status, shop.payment(order).refunded) == ("SUCCEEDED", 19900)

    def test_a_refund_of_recorded_cash_is_paid_out_as_the_goods_come_in(self, shop, ana):
        order = shop.sell(ana, {"shirt": 2})
        shop.cash(order)
        assert shop.take_back(order, {"shirt": 1}).status == "COMPLETED"
        assert shop.payment(order).refunded == 19900

    def test_of_cash_that_was_never_recorded_nothing_is_paid_out(self, shop, ana):
        order = shop.sell(ana, {"shirt": 2})
        outcome = shop.take_back(order, {"shirt": 1})
        assert (outcome.refund, shop.payment(order).refunded) == (19900, 0)
        assert (shop.payment(order).status, shop.payment(order).amount) == ("PENDING", 19900)

    def test_of_a_returned_order_no_cash_is_left_to_collect(self, shop, ana):
        order = shop.sell(ana, {"shirt": 2})
        shop.take_back(order, {"shirt": 1})
        shop.take_back(order, {"shirt": 1})
        assert shop.payment(order).status == "CANCELLED"

    @pytest.mark.parametrize("recorded", ["before", "after"])
    def test_what_is_withheld_is_the_shops_whenever_the_cash_is_recorded(self, shop, ana, recorded):
        order = shop.sell_and_settle(ana, {"shirt": 1})
        if recorded == "before":
            shop.cash(order)
        shop.adjust(ana, 100 - shop.points(ana))
        outcome = shop.take_back(order, {"shirt": 1}, by="staff")
        assert (outcome.withheld, outcome.refund) == (596, 19304)
        shop.cash(order)
        payment = shop.payment(order)
        assert (payment.status, payment.amount - payment.refunded) == ("SUCCEEDED", 596)

    def test_shipping_that_is_not_refunded_stays_owed(self, db):
        kept = {
            "returns.refund_shipping": "never",
            "orders.shipping_fee": "10.00",
            "orders.free_shipping_from": "99.00",
        }
        shop = PlayShop(db, document=vancl(**kept))
        shop.stock("sock", "20.00")
        order = shop.sell(shop.enrol("Ana"), {"sock": 1})
        shop.take_back(order, {"sock": 1})
        assert (shop.payment(order).status, shop.payment(order).amount) == ("PENDING", 1000)

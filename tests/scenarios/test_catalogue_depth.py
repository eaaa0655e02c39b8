"""Goods that come and go by the clock, offers with limits by the calendar, and a stock that can be accounted for."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from catalog.columns import movements_t, variants_t
from catalog.movements import movement_page
from catalog.offer_list import OfferFilter, Redeemer, offer_page
from catalog.product_list import product_page
from checkout.limits import starts_at
from checkout.redemptions import units_redeemed
from checkout.refusals import InsufficientStock, LimitExceeded
from kernel.paging import Window
from kernel.refusals import NotFound
from tests.support.shop import refused


@pytest.fixture
def ana(shop):
    shop.stock("mug", "39.00")
    shop.offer("mug+", "mug", "30.00", 10, daily=2, weekly=3, monthly=4)
    return shop.enrol("Ana", points=9000)


def listed(shop):
    with shop.db.read() as conn:
        goods = product_page(conn, Window(), locale=None, at=shop.now, program=shop.program).items
        offers = offer_page(conn, Window(), at=shop.now).items
    return {product.slug for product in goods}, len(offers)


# ---------------------------------------------------------------- published by the clock


def test_goods_are_published_from_their_instant_until_just_before_the_other(shop):
    ana = shop.enrol("Ana", points=100)
    shop.stock("lantern", "50.00", published=("2026-02-01T00:00", "2026-02-16T00:00"))
    shop.offer("lantern+", "lantern", "40.00", 10)
    for instant, there in (
        ("2026-01-31T23:59:59", False),
        ("2026-02-01T00:00", True),
        ("2026-02-15T23:59:59", True),
        ("2026-02-16T00:00", False),
    ):
        shop.at(instant)
        assert listed(shop) == (({"lantern"}, 1) if there else (set(), 0)), instant
        for name in ("lantern", "lantern+"):
            quoted = shop.quote(ana, {name: 1})
            assert (quoted.quote is not None) == there, instant
            if there:
                shop.cancel(shop.buy(ana, {name: 1}))
            else:
                with refused(NotFound):
                    shop.buy(ana, {name: 1})


# ---------------------------------------------------------------- limits by the calendar


def test_a_members_limits_count_by_the_day_the_week_and_the_month(shop, ana):
    # 2026-01-05 is a Monday.
    shop.at("2026-01-05T23:00")
    shop.buy(ana, {"mug+": 2})
    with refused(LimitExceeded) as told:
        shop.buy(ana, {"mug+": 1})
    limit = told.the(LimitExceeded)
    assert (limit.period, limit.limit, limit.remaining) == ("day", 2, 0)
    shop.at("2026-01-06T00:00")
    shop.buy(ana, {"mug+": 1})
    with refused(LimitExceeded) as told:
        shop.buy(ana, {"mug+": 1})
    assert told.the(LimitExceeded).period == "week"
    shop.at("2026-01-11T23:59:59")
    with refused(LimitExceeded):
        shop.buy(ana, {"mug+": 1})
    shop.at("2026-01-12T00:00")
    shop.buy(ana, {"mug+": 1})
    with refused(LimitExceeded) as told:
        shop.buy(ana, {"mug+": 1})
    assert told.the(LimitExceeded).period == "month"
    shop.at("2026-01-31T23:59:59")
    with refused(LimitExceeded):
        shop.buy(ana, {"mug+": 1})
    shop.at("2026-02-01T00:00")
    shop.buy(ana, {"mug+": 1})


def test_what_is_cancelled_or_returned_frees_the_limits_of_the_day_it_was_ordered(shop, ana):
    order = shop.buy(ana, {"mug+": 2})
    shop.cancel(order)
    order = shop.sell(ana, {"mug+": 2})
    shop.take_back(order, {"mug+": 1})
    assert [r.remaining for r in shop.quote(ana, {"mug+": 2}).refusals if isinstance(r, LimitExceeded)] == [1]
    shop.buy(ana, {"mug+": 1})


def test_an_offer_that_is_used_up_for_today_is_not_listed_as_redeemable(shop, ana):
    def redeemable():
        with shop.db.read() as conn:
            used = units_redeemed(conn, ana, starts_at(shop.now, shop.program.zone))
            who = Redeemer(
                ["ORDINARY"],
                9000,
                used={id_: each.life for id_, each in used.items()},
                used_today={id_: each.day for id_, each in used.items()},
                used_this_week={id_: each.week for id_, each in used.items()},
                used_this_month={id_: each.month for id_, each in used.items()},
            )
            return len(offer_page(conn, Window(), at=shop.now, filter=OfferFilter(redeemer=who)).items)

    assert redeemable() == 1
    shop.buy(ana, {"mug+": 2})
    assert redeemable() == 0
    shop.days_later(1)
    assert redeemable() == 1


# ---------------------------------------------------------------- stock that can be accounted for


def history(shop, sku):
    """First to last."""
    with shop.db.read() as conn:
        return movement_page(conn, Window(size=1000), sku).items[::-1]


def adds_up(shop):
    """The sums of all movements are what every variant has."""
    m = movements_t.c
    with shop.db.read() as conn:
        sums = conn.execute(
            select(m.variant_id, func.sum(m.on_hand), func.sum(m.reserved)).group_by(m.variant_id)
        ).all()
        there = conn.execute(select(variants_t.c.id, variants_t.c.on_hand, variants_t.c.reserved)).all()
    return sorted((id_, int(on_hand), int(reserved)) for id_, on_hand, reserved in sums) == sorted(map(tuple, there))


def test_every_unit_that_moves_is_in_the_history_with_its_order_or_return(shop, ana):
    shop.stock("pot", "20.00", on_hand=10)
    given_up = shop.reserve(ana, {"pot": 3, "mug": 1})
    cancelled = shop.buy(ana, {"pot": 1})
    sold = shop.sell(ana, {"pot": 4})
    shop.cancel(cancelled)
    shop.days_later(1)
    shop.run_jobs()
    swapped = shop.return_units(sold, {"pot": 2}, kind="SWAP")
    shop.receive(swapped)
    returned = shop.return_units(sold, {"pot": 1})
    shop.receive(returned)
    broken = shop.return_units(sold, {"pot": 1})
    shop.receive(broken, restock=False)
    told = [
        (m.kind, m.on_hand, m.reserved, m.on_hand_after, m.reserved_after, m.order_id, m.return_id)
        for m in history(shop, "pot")
    ]
    assert told == [
        ("ADJUSTED", 10, 0, 10, 0, None, None),
        ("ORDERED", 0, 3, 10, 3, given_up, None),
        ("ORDERED", 0, 1, 10, 4, cancelled, None),
        ("ORDERED", 0, 4, 10, 8, sold, None),
        ("SHIPPED", -4, -4, 6, 4, sold, None),
        ("RELEASED", 0, -1, 6, 3, cancelled, None),
        ("RELEASED", 0, -3, 6, 0, given_up, None),
        ("SWAPPED", -2, 0, 4, 0, sold, swapped),
        ("RETURNED", 2, 0, 6, 0, sold, swapped),
        ("RETURNED", 1, 0, 7, 0, sold, returned),
    ]
    assert shop.shelf("pot") == (7, 0)
    assert adds_up(shop)


def test_an_order_that_comes_to_nothing_moves_nothing(shop, ana):
    shop.stock("rare", "20.00", on_hand=1)
    before = len(history(shop, "mug"))
    with refused(InsufficientStock):
        shop.buy(ana, {"mug": 1, "rare": 2})
    assert len(history(shop, "mug")) == before
    assert adds_up(shop)


def test_orders_that_lapse_together_are_noted_one_by_one(shop, ana):
    orders = [shop.reserve(ana, {"mug": number}) for number in (1, 2, 3)]
    shop.days_later(1)
    shop.run_jobs()
    released = [m for m in history(shop, "mug") if m.kind == "RELEASED"]
    assert sorted((m.order_id, m.reserved) for m in released) == sorted(zip(orders, (-1, -2, -3), strict=True))
    assert [m.reserved_after for m in released][-1] == 0
    assert adds_up(shop)

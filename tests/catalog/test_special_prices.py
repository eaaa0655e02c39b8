"""Special prices: planned, in force, ended (R2)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.end_special_price import end_special_price, end_special_prices
from catalog.plan_special_price import PlanSpecialPrice, plan_special_prices
from catalog.queries import specials_of_variants, variants_by_id
from tests.support.catalog import DAY, put_on_sale, refused, statements, stock_goods, variant
from tests.support.members import NOON, PROGRAM

SECOND = timedelta(seconds=1)


@pytest.fixture
def socks(db):
    return stock_goods(db, "SOCKS", "9.90")


def price_at(db, id_, at):
    with db.read() as conn:
        special = variants_by_id(conn, [id_], at)[id_].special
    return None if special is None else (special.price, special.price_class)


def live(db, id_, at=NOON):
    with db.read() as conn:
        return specials_of_variants(conn, [id_], at)[id_]


def end(db, special_id, now):
    with db.write() as tx:
        return end_special_price(tx, special_id, now=now)


def test_a_special_price_holds_from_its_start_until_just_before_its_end(db, socks):
    assert put_on_sale(db, "SOCKS", "6.60", starts_at=NOON + DAY, ends_at=NOON + 2 * DAY) == socks
    assert price_at(db, socks, NOON + DAY - SECOND) is None
    assert price_at(db, socks, NOON + DAY) == (660, "SALE")
    assert price_at(db, socks, NOON + 2 * DAY - SECOND) == (660, "SALE")
    assert price_at(db, socks, NOON + 2 * DAY) is None


def test_without_a_start_it_holds_from_now_and_without_an_end_until_it_is_ended(db, socks):
    put_on_sale(db, "SOCKS", "6.60", price_class="GROUP_BUY")
    assert price_at(db, socks, NOON) == (660, "GROUP_BUY")
    assert price_at(db, socks, NOON + 1000 * DAY) == (660, "GROUP_BUY")


def test_windows_of_one_sku_follow_each_other_and_never_overlap(db, socks):
    put_on_sale(db, "SOCKS", "6.60", starts_at=NOON + 4 * DAY, ends_at=NOON + 6 * DAY)
    put_on_sale(db, "SOCKS", "5.50", starts_at=NOON + 2 * DAY, ends_at=NOON + 4 * DAY)
    assert refused(put_on_sale, db, "SOCKS", "5.00") == {"startsAt": "overlaps"}
    assert refused(put_on_sale, db, "SOCKS", "5.00", starts_at=NOON + 5 * DAY) == {"startsAt": "overlaps"}
    put_on_sale(db, "SOCKS", "5.00", ends_at=NOON + 2 * DAY)
    put_on_sale(db, "SOCKS", "4.00", starts_at=NOON + 6 * DAY)
    assert [special.price for special in live(db, socks)] == [500, 550, 660, 400]


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        ("9.90", "not_below_regular"),
        ("10", "not_below_regular"),
        ("-1", "negative"),
        ("6.605", "not_an_amount"),
        ("NaN", "not_an_amount"),
        ("1e30", "not_an_amount"),
    ],
)
def test_a_special_price_is_an_amount_below_the_regular_price(db, socks, price, reason):
    assert refused(put_on_sale, db, "SOCKS", price) == {"price": reason}


def test_a_window_lies_ahead_and_ends_after_it_starts(db, socks):
    assert refused(put_on_sale, db, "SOCKS", "5.00", starts_at=NOON - SECOND) == {"startsAt": "in_the_past"}
    assert refused(put_on_sale, db, "SOCKS", "5.00", ends_at=NOON) == {"endsAt": "ends_before_start"}
    assert refused(put_on_sale, db, "HAT", "5.00", starts_at=NOON - DAY, ends_at=NOON - 2 * DAY) == {
        "sku": "NotFound",
        "startsAt": "in_the_past",
        "endsAt": "ends_before_start",
    }


def test_ending_one_in_force_ends_it_now_and_makes_room(db, socks):
    put_on_sale(db, "SOCKS", "6.60")
    (special,) = live(db, socks)
    assert end(db, special.id, NOON + DAY) == socks
    assert price_at(db, socks, NOON + DAY - SECOND) == (660, "SALE")
    assert price_at(db, socks, NOON + DAY) is None
    put_on_sale(db, "SOCKS", "5.00", now=NOON + DAY)
    assert price_at(db, socks, NOON + DAY) == (500, "SALE")


def test_ending_one_that_has_not_begun_takes_it_back(db, socks):
    put_on_sale(db, "SOCKS", "6.60", starts_at=NOON + DAY)
    (special,) = live(db, socks)
    end(db, special.id, NOON)
    assert live(db, socks) == []
    assert refused(end, db, special.id, NOON) == {"specialPriceId": "NotFound"}


def test_one_that_begins_and_is_ended_at_one_instant_never_held(db, socks):
    put_on_sale(db, "SOCKS", "6.60")
    (special,) = live(db, socks)
    end(db, special.id, NOON)
    assert price_at(db, socks, NOON) is None
    put_on_sale(db, "SOCKS", "5.00")
    assert price_at(db, socks, NOON) == (500, "SALE")


def test_ending_one_that_is_over_changes_nothing(db, socks):
    put_on_sale(db, "SOCKS", "6.60", ends_at=NOON + DAY)
    (special,) = live(db, socks)
    assert end(db, special.id, NOON + 5 * DAY) == socks
    assert price_at(db, socks, NOON + DAY - SECOND) == (660, "SALE")


# ------------------------------------------------------------ several at once


def plan(db, *commands, now=NOON):
    with db.write() as tx:
        return plan_special_prices(tx, commands, now=now, program=PROGRAM)


def end_all(db, *ids, now=NOON):
    with db.write() as tx:
        return end_special_prices(tx, ids, now=now)


def half_off(sku, **window):
    return PlanSpecialPrice(sku, Decimal("5.00"), **window)


@pytest.fixture
def hats(db):
    """Sixty SKUs of one product."""
    skus = [f"HAT-{n}" for n in range(60)]
    stock_goods(db, "HAT-0", variants=tuple(variant(sku, "10.00") for sku in skus), slug="hats", name="Hats")
    return skus


def test_a_sale_of_sixty_skus_takes_as_many_statements_as_one_of_two(db, hats):
    counted = []
    for skus in (hats[:2], hats[2:]):
        with statements(db.engines[0]) as planning:
            variant_ids = plan(db, *map(half_off, skus))
        ids = [special.id for id_ in variant_ids for special in live(db, id_)]
        with statements(db.engines[0]) as ending:
            assert end_all(db, *ids, now=NOON + DAY) == variant_ids
        assert [live(db, id_, NOON + DAY) for id_ in variant_ids] == [[] for _ in skus]
        counted.append((len(planning), len(ending)))
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 5


def test_what_is_wrong_with_a_sale_is_told_of_every_sku_and_nothing_is_planned(db, socks, hats):
    put_on_sale(db, "SOCKS", "6.60", starts_at=NOON + DAY)
    commands = (half_off("SOCKS"), half_off("HAT-1"), half_off("NOTHING"), PlanSpecialPrice("HAT-2", Decimal(10)))
    assert refused(plan, db, *commands) == {
        "goods.0.startsAt": "overlaps",
        "goods.2.sku": "NotFound",
        "goods.3.price": "not_below_regular",
    }
    assert plan(db) == []
    assert plan(db, half_off("HAT-1")) != []


def test_two_windows_of_one_sku_in_one_sale_do_not_overlap_either(db, socks):
    first, then = half_off("SOCKS", ends_at=NOON + DAY), half_off(" SOCKS ", starts_at=NOON + DAY)
    assert refused(plan, db, first, half_off("SOCKS", starts_at=NOON + DAY / 2)) == {"goods.1.startsAt": "overlaps"}
    assert plan(db, first, then) == [socks, socks]
    assert [special.starts_at for special in live(db, socks)] == [NOON, NOON + DAY]


def test_ending_several_ends_some_takes_back_others_and_leaves_what_is_over(db, socks):
    plan(
        db,
        half_off("SOCKS", ends_at=NOON + DAY),
        half_off("SOCKS", starts_at=NOON + DAY, ends_at=NOON + 3 * DAY),
        half_off("SOCKS", starts_at=NOON + 4 * DAY),
    )
    ids = [special.id for special in live(db, socks)]
    assert end_all(db, *ids, ids[0], now=NOON + 2 * DAY) == [socks] * 4
    assert live(db, socks, NOON + 2 * DAY) == []
    assert price_at(db, socks, NOON + DAY - SECOND) == (500, "SALE")
    assert price_at(db, socks, NOON + 2 * DAY - SECOND) == (500, "SALE")
    assert refused(end_all, db, ids[0], ids[2]) == {"specialPrices.1.specialPriceId": "NotFound"}

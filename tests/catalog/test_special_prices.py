"""Special prices: planned, in force, ended (R2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.end_special_price import end_special_price
from catalog.queries import specials_of_variants, variants_by_id
from tests.support.catalog import DAY, put_on_sale, refused, stock_goods
from tests.support.members import NOON

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

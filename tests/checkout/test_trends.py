from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from checkout.trends import days_until, points_by_day, sales_by_day
from tests.support.catalog import statements
from tests.support.programs import vancl
from tests.support.shop import PlayShop

JANUARY = days_until(date(2026, 1, 5), 5)


def sales(shop, days=JANUARY):
    with shop.db.read() as conn:
        return {each.day.day: (each.orders, each.goods) for each in sales_by_day(conn, days, shop.program.zone)}


def points(shop, days):
    with shop.db.read() as conn:
        return points_by_day(conn, days, shop.program.zone)


def test_a_day_begins_at_midnight_in_the_programs_time_zone(shop):
    shop.stock("SHIRT", "100.00")
    ana = shop.enrol("Ana")
    shop.at("2026-01-02T23:59:59")
    shop.buy(ana, {"SHIRT": 1})
    shop.at("2026-01-03T00:00:00")
    shop.buy(ana, {"SHIRT": 2})
    shop.at("2026-01-05T10:00:00")
    assert sales(shop) == {1: (0, 0), 2: (1, 10_000), 3: (1, 20_000), 4: (0, 0), 5: (0, 0)}


def test_sales_are_what_is_paid_and_kept(shop):
    shop.stock("SHIRT", "100.00")
    ana = shop.enrol("Ana")
    shop.cancel(shop.buy(ana, {"SHIRT": 1}))
    shop.reserve(ana, {"SHIRT": 1})
    order = shop.sell(ana, {"SHIRT": 3})
    assert sales(shop)[1] == (1, 30_000)
    shop.take_back(order, {"SHIRT": 1})
    assert sales(shop)[1] == (1, 20_000)


def test_points_of_a_day_add_up_to_those_available_at_its_end(shop):
    shop.stock("SHIRT", "100.00")
    shop.stock("SOCKS", "20.00")
    shop.offer("SOCKS-OFFER", "SOCKS", "10.00", 300)
    ana = shop.enrol("Ana", points=500)
    shop.at("2026-01-02T10:00")
    shop.buy(ana, {"SOCKS-OFFER": 1})
    shop.sell(ana, {"SHIRT": 1})
    shop.at("2026-02-10T10:00")
    shop.run_jobs()
    days = days_until(date(2026, 2, 10), 41)
    found = points(shop, days)
    by_day = {each.day: each for each in found}
    assert (by_day[date(2026, 1, 1)].adjusted, by_day[date(2026, 1, 1)].available) == (500, 500)
    assert (by_day[date(2026, 1, 2)].redeemed, by_day[date(2026, 1, 2)].available) == (300, 200)
    assert (by_day[date(2026, 2, 1)].issued, by_day[date(2026, 2, 1)].available) == (200, 400)
    assert found[-1].available == shop.liability().available == 400
    # What happened before the days counts as well.
    assert points(shop, days[-3:])[-1].available == 400


def test_the_points_of_days_are_read_from_an_index_and_not_from_the_whole_ledger(shop):
    shop.enrol("Ana", points=500)
    with shop.db.read() as conn, statements(shop.db.engines[1]) as seen:
        points_by_day(conn, JANUARY, shop.program.zone)
    (of_days,) = [each for each in seen if "ledger_entry" in each]
    assert len(seen) == 2, "the balances, and the days"
    if shop.db.is_sqlite:
        with shop.db.read() as conn:
            bare = re.sub(r"\?", "'2026-01-01'", of_days)
            plan = " ".join(row.detail for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {bare}"))
        assert "USING COVERING INDEX ix_ledger_entry_kind_occurred_at_points (kind=? AND occurred_at>?" in plan
        assert "SCAN ledger_entry" not in plan


def test_what_is_booked_after_the_days_is_not_among_those_available_then(shop):
    ana = shop.enrol("Ana", points=500)
    shop.at("2026-01-03T10:00")
    shop.adjust(ana, 70)
    found = points(shop, days_until(date(2026, 1, 2), 2))
    assert [(each.adjusted, each.available) for each in found] == [(500, 500), (0, 500)]


def test_a_cancelled_order_takes_its_redemption_back(shop):
    shop.stock("SOCKS", "20.00")
    shop.offer("SOCKS-OFFER", "SOCKS", "10.00", 300)
    order = shop.buy(shop.enrol("Ana", points=500), {"SOCKS-OFFER": 1})
    shop.cancel(order)
    today = points(shop, [date(2026, 1, 1)])[0]
    assert (today.redeemed, today.available) == (0, 500)


def test_days_are_right_where_the_zones_offset_is_no_full_hour_and_changes(db):
    zone = ZoneInfo("Australia/Lord_Howe")  # +11:00 in summer, +10:30 in winter: changes by half an hour.
    shop = PlayShop(db, opens="2026-04-03T12:00", document=vancl(timezone=zone.key))
    shop.stock("SHIRT", "100.00")
    ana = shop.enrol("Ana")
    for day in (4, 5, 6):
        shop.at(f"2026-04-0{day}T00:00")
        shop.buy(ana, {"SHIRT": 1})
        shop.at(f"2026-04-0{day}T23:59")
        shop.buy(ana, {"SHIRT": 1})
    found = sales(shop, days_until(date(2026, 4, 7), 5))
    assert {day: orders for day, (orders, _) in found.items()} == {3: 0, 4: 2, 5: 2, 6: 2, 7: 0}


@pytest.mark.parametrize("count", [1, 30])
def test_days_end_with_the_last(count):
    days = days_until(date(2026, 3, 1), count)
    assert len(days) == count
    assert days[-1] == date(2026, 3, 1)
    assert all(later - sooner == timedelta(days=1) for sooner, later in pairwise(days))

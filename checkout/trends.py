"""How sales and points went from day to day, by the program's local days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from checkout.tables import OrderRow, OrderStatus
from kernel.clock import start_of_day
from kernel.database import table_of
from kernel.days import day_of_quarter, quarter_of
from members.ledger.entries import entries_t
from members.tables import EntryKind

orders_t = table_of(OrderRow)

SOLD = [status.value for status in (OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.SETTLED, OrderStatus.RETURNED)]

_ISSUED = (EntryKind.EARNED, EntryKind.GRANTED)
_TAKEN = (EntryKind.HELD, EntryKind.RELEASED, EntryKind.RETURNED)


@dataclass(slots=True)
class SalesOfDay:
    """Orders placed on a day and paid: how many, and what is kept of their goods, in minor units."""

    day: date
    orders: int = 0
    goods: int = 0


@dataclass(slots=True)
class PointsOfDay:
    """What was booked on a day. `redeemed` goes down by what was given back; `available` is how many there were
    in all at the day's end."""

    day: date
    issued: int = 0
    redeemed: int = 0
    expired: int = 0
    reversed: int = 0
    adjusted: int = 0
    available: int = 0


def days_until(last: date, count: int) -> list[date]:
    return [last - timedelta(days=back) for back in range(count - 1, -1, -1)]


def sales_by_day(conn: Connection, days: Sequence[date], zone: ZoneInfo) -> list[SalesOfDay]:
    """Each of some days that follow one another."""
    found = {day: SalesOfDay(day) for day in days}
    quarter = quarter_of(orders_t.c.placed_at)
    begin, end = _bounds(days, zone)
    rows = conn.execute(
        select(quarter, func.count(), func.sum(orders_t.c.spend_kept))
        .where(orders_t.c.placed_at >= begin, orders_t.c.placed_at < end, orders_t.c.status.in_(SOLD))
        .group_by(quarter)
    )
    for at, orders, goods in rows:
        of_day = found[day_of_quarter(at, zone)]
        of_day.orders += orders
        of_day.goods += int(goods)
    return list(found.values())


def points_by_day(conn: Connection, days: Sequence[date], zone: ZoneInfo) -> list[PointsOfDay]:
    """Each of some days that follow one another."""
    found = {day: PointsOfDay(day) for day in days}
    quarter = quarter_of(entries_t.c.occurred_at)
    begin, end = _bounds(days, zone)
    available = int(
        conn.execute(
            select(func.coalesce(func.sum(entries_t.c.points), 0)).where(entries_t.c.occurred_at < begin)
        ).scalar_one()
    )
    rows = conn.execute(
        select(quarter, entries_t.c.kind, func.sum(entries_t.c.points))
        .where(entries_t.c.occurred_at >= begin, entries_t.c.occurred_at < end)
        .group_by(quarter, entries_t.c.kind)
    )
    for at, kind, points in rows:
        _book(found[day_of_quarter(at, zone)], EntryKind(kind), int(points))
    for of_day in found.values():
        available += of_day.available
        of_day.available = available
    return list(found.values())


def _book(of_day: PointsOfDay, kind: EntryKind, points: int) -> None:
    of_day.available += points
    if kind in _ISSUED:
        of_day.issued += points
    elif kind in _TAKEN:
        of_day.redeemed -= points
    elif kind is EntryKind.EXPIRED:
        of_day.expired -= points
    elif kind is EntryKind.REVERSED:
        of_day.reversed -= points
    else:
        of_day.adjusted += points


def _bounds(days: Sequence[date], zone: ZoneInfo) -> tuple[datetime, datetime]:
    return start_of_day(days[0], zone), start_of_day(days[-1] + timedelta(days=1), zone)

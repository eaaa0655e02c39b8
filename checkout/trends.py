"""How sales and points went from day to day, by the program's local days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from checkout.tables import OrderRow, OrderStatus
from kernel.clock import start_of_day
from kernel.database import table_of
from kernel.days import day_of_quarter, quarter_of
from members.account import available_to_everybody
from members.ledger.queries import sums_between
from members.tables import EntryKind

orders_t = table_of(OrderRow)

SOLD = [status.value for status in (OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.SETTLED, OrderStatus.RETURNED)]

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
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
    begins = [start_of_day(day, zone) for day in (*days, days[-1] + timedelta(days=1))]
    sums = sums_between(conn, [*begins, _NEVER])
    found = [PointsOfDay(day) for day in days]
    # Counted back from what there is now: what came before the days is most of the ledger, and need not be read.
    available = available_to_everybody(conn) - sum(sum(of_kind.values()) for of_kind in sums)
    for of_day, of_kind in zip(found, sums[:-1], strict=True):
        for kind, points in of_kind.items():
            _book(of_day, kind, points)
        available += of_day.available
        of_day.available = available
    return found


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

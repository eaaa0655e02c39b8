"""What the start page shows: work that waits, and how sales, points and tiers stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from checkout.points import Liability, points_liability
from checkout.queries import OrderRecord, ReturnRecord, order_count, order_page, orders_by_id, return_count, return_page
from checkout.tables import OrderStatus, ReturnStatus
from checkout.trends import PointsOfDay, SalesOfDay, days_until, points_by_day, sales_by_day
from kernel.money import Money
from kernel.paging import Window
from members.profile import MemberRecord, members_by_id
from members.tiers.queries import tier_distribution
from schema.admin.reports import share_of, worth
from schema.context import Reading
from schema.locale import Locale, in_language

SHOWN = 8
OLDEST_FIRST = Window(SHOWN, backwards=True)
"""The last page of a list that is newest first; turned round, what has waited longest comes first."""


@dataclass(frozen=True)
class Waiting:
    """Orders to ship and returns to receive, those that have waited longest first, and how many there are in all."""

    to_ship: Sequence[OrderRecord]
    to_ship_count: int
    returns: Sequence[ReturnRecord]
    returns_count: int
    orders: Mapping[str, OrderRecord]
    members: Mapping[str, MemberRecord]


@dataclass(frozen=True)
class TierLine:
    """A tier's members, their share, and the share that the shop aims at."""

    name: str
    members: int
    share: Decimal
    target: Decimal | None


@dataclass(frozen=True)
class Report:
    now: datetime
    days: Sequence[date]
    sales: Sequence[SalesOfDay]
    points: Sequence[PointsOfDay]
    liability: Liability
    worth: Money
    value_of_100: Money
    tiers: Sequence[TierLine]

    @property
    def outstanding(self) -> int:
        return self.liability.available + self.liability.held + self.liability.pending


def read_waiting(reading: Reading) -> Waiting:
    conn = reading.conn
    to_ship = order_page(conn, OLDEST_FIRST, status=OrderStatus.PAID).items[::-1]
    returns = return_page(conn, OLDEST_FIRST, ReturnStatus.REQUESTED).items[::-1]
    return Waiting(
        to_ship,
        order_count(conn, status=OrderStatus.PAID),
        returns,
        return_count(conn, ReturnStatus.REQUESTED),
        orders_by_id(conn, [each.order_id for each in returns]),
        members_by_id(conn, [each.member_id for each in (*to_ship, *returns)]),
    )


def read_report(reading: Reading, count: int, target: Sequence[Decimal], locale: Locale) -> Report:
    """Over so many days, the last of them today."""
    conn, program = reading.conn, reading.program
    days = days_until(reading.now.astimezone(program.zone).date(), count)
    liability = points_liability(conn)
    members = tier_distribution(conn)
    everybody = sum(members.values())
    # An aim is for as many tiers as it names; a program with others has none.
    aims: Sequence[Decimal | None] = target if len(target) == len(program.tiers) else [None] * len(program.tiers)
    return Report(
        now=reading.now,
        days=days,
        sales=sales_by_day(conn, days, program.zone),
        points=points_by_day(conn, days, program.zone),
        liability=liability,
        worth=worth(liability.available + liability.held + liability.pending, program.value_of_100),
        value_of_100=program.value_of_100,
        tiers=[
            TierLine(
                in_language(tier.name, locale),
                members.get(tier.code, 0),
                share_of(members.get(tier.code, 0), everybody),
                aim,
            )
            for tier, aim in zip(program.tiers, aims, strict=True)
        ],
    )

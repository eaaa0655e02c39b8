"""Where points are: pending in orders, held by them, or spent; of one member and of the whole program (R4, R9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select

from checkout.standing import IS_OPEN
from checkout.tables import OrderRow, OrderStatus
from kernel.database import among, table_of
from members.account import accounts_t, available_to_everybody
from members.ledger.queries import sums_by_kind
from members.tables import EntryKind

orders_t = table_of(OrderRow)

_PENDING = orders_t.c.status.in_([OrderStatus.PAID.value, OrderStatus.SHIPPED.value])
_UNPAID = orders_t.c.status == OrderStatus.AWAITING_PAYMENT.value


@dataclass(frozen=True, slots=True)
class PendingRecord:
    """Points and spend (minor units) of orders paid and not settled, points held by unpaid orders, and whether
    the account's expiry waits for one of them (R5).
    """

    pending_points: int
    pending_spend: int
    held_points: int
    waits: bool


def pending_of(conn: Connection, member_ids: Sequence[str]) -> dict[str, PendingRecord]:
    """What the open orders of members mean to their accounts; nothing for those who have none."""
    in_time = _PENDING & (orders_t.c.points_to_earn > 0) & (orders_t.c.paid_at < accounts_t.c.expires_at)
    rows = conn.execute(
        select(
            orders_t.c.member_id,
            func.sum(case((_PENDING, orders_t.c.points_to_earn), else_=0)),
            func.sum(case((_PENDING, orders_t.c.spend_kept), else_=0)),
            func.sum(case((_UNPAID, orders_t.c.points), else_=0)),
            func.max(case((in_time, 1), else_=0)),
        )
        .join(accounts_t, accounts_t.c.member_id == orders_t.c.member_id)
        .where(among(orders_t.c.member_id, member_ids), IS_OPEN)
        .group_by(orders_t.c.member_id)
    )
    found = dict.fromkeys(member_ids, PendingRecord(0, 0, 0, False))
    for member_id, points, spend, held, waits in rows:
        found[member_id] = PendingRecord(int(points), int(spend), int(held), bool(waits))
    return found


@dataclass(frozen=True, slots=True)
class Liability:
    """Every point ever issued, and where it is: issued + adjusted = the sum of the others (R9)."""

    issued: int
    pending: int
    available: int
    held: int
    redeemed: int
    expired: int
    reversed: int
    adjusted: int


def points_liability(conn: Connection) -> Liability:
    """The whole program's points. `available` is read from the accounts, not worked out from the entries."""
    kinds = sums_by_kind(conn)
    pending, held = conn.execute(
        select(
            func.coalesce(func.sum(case((_PENDING, orders_t.c.points_to_earn), else_=0)), 0),
            func.coalesce(func.sum(case((_UNPAID, orders_t.c.points), else_=0)), 0),
        ).where(IS_OPEN)
    ).one()
    available = available_to_everybody(conn)

    def of(*wanted: EntryKind) -> int:
        return sum(kinds.get(kind, 0) for kind in wanted)

    taken = -of(EntryKind.HELD, EntryKind.RELEASED, EntryKind.RETURNED)
    return Liability(
        issued=of(EntryKind.EARNED, EntryKind.GRANTED) + int(pending),
        pending=int(pending),
        available=available,
        held=int(held),
        redeemed=taken - int(held),
        expired=-of(EntryKind.EXPIRED),
        reversed=-of(EntryKind.REVERSED),
        adjusted=of(EntryKind.ADJUSTED),
    )

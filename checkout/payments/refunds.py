"""Refunds: money that goes back the way it came. Asked for in the transaction that decides it, sent afterwards (R7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from checkout.payments.tables import RefundRow, RefundStatus
from kernel.database import Transaction, among, insert_new, table_of
from kernel.ids import new_id
from kernel.money import Money
from kernel.outbox import enqueue

SEND = "refund.send"

refunds_t = table_of(RefundRow)


@dataclass(frozen=True, slots=True)
class RefundRecord:
    """Meanings: `checkout.tables.RefundRow`. The amount in minor units of `currency`."""

    id: str
    order_id: str
    payment_id: str
    return_id: str | None
    cause: str
    status: str
    currency: str
    amount: int
    provider_reference: str | None
    problem: str | None
    note: str | None
    created_at: datetime
    completed_at: datetime | None


REFUND_COLUMNS = tuple(refunds_t.c[field.name] for field in fields(RefundRecord))


def ask_refund(
    tx: Transaction,
    *,
    order_id: str,
    payment_id: str,
    amount: Money,
    cause: str,
    at: datetime,
    return_id: str | None = None,
) -> None:
    """Writes down that money is to go back. Runs inside the caller's transaction; a cause is booked once."""
    refund_id = new_id("rfd")
    row = {
        "id": refund_id,
        "order_id": order_id,
        "payment_id": payment_id,
        "return_id": return_id,
        "cause": cause,
        "status": RefundStatus.PENDING.value,
        "currency": amount.currency,
        "amount": amount.minor,
        "created_at": at,
    }
    if insert_new(tx, refunds_t, row):
        enqueue(tx, SEND, refund_id, {}, subject_id=order_id, now=at)


def refunds_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, RefundRecord]:
    rows = conn.execute(select(*REFUND_COLUMNS).where(among(refunds_t.c.id, ids)))
    return {row.id: RefundRecord(*row) for row in rows}


def refund_of_reference(conn: Connection, reference: str) -> RefundRecord | None:
    """The refund that the provider knows by this name."""
    row = conn.execute(select(*REFUND_COLUMNS).where(refunds_t.c.provider_reference == reference)).one_or_none()
    return None if row is None else RefundRecord(*row)


def refunds_of_orders(conn: Connection, order_ids: Sequence[str]) -> dict[str, list[RefundRecord]]:
    """Each order's refunds, newest first."""
    found: dict[str, list[RefundRecord]] = {order_id: [] for order_id in order_ids}
    for row in _newest(conn, among(refunds_t.c.order_id, order_ids)):
        found[row.order_id].append(row)
    return found


def refunds_of_returns(conn: Connection, return_ids: Sequence[str]) -> dict[str, RefundRecord]:
    """The latest refund of each return that has one: after a failure it may have been sent again."""
    found: dict[str, RefundRecord] = {}
    for row in _newest(conn, among(refunds_t.c.return_id, return_ids)):
        assert row.return_id is not None
        found.setdefault(row.return_id, row)
    return found


def refunds_since(conn: Connection, since: datetime) -> list[RefundRecord]:
    """Those asked for since an instant, newest first."""
    return _newest(conn, refunds_t.c.created_at >= since)


def refunds_for_the_same(conn: Connection, refund: RefundRecord) -> list[RefundRecord]:
    """All refunds for what this one is for, itself included, newest first."""
    c = refunds_t.c
    return _newest(conn, (c.order_id == refund.order_id) & c.return_id.is_not_distinct_from(refund.return_id))


def _newest(conn: Connection, where: ColumnElement[bool]) -> list[RefundRecord]:
    statement = select(*REFUND_COLUMNS).where(where)
    rows = conn.execute(statement.order_by(refunds_t.c.created_at.desc(), refunds_t.c.id.desc()))
    return [RefundRecord(*row) for row in rows]

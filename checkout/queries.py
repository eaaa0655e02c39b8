"""Reads of orders, their lines and payments, and of returns: rows in bulk, by ids or by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, func, select

from checkout.tables import OrderLineRow, OrderRow, PaymentRow, ReturnLineRow, ReturnRow
from kernel.database import among, id_list, table_of
from kernel.paging import Page, Window, keyset, take_page
from kernel.prepared import Prepared

orders_t = table_of(OrderRow)
lines_t = table_of(OrderLineRow)
payments_t = table_of(PaymentRow)
returns_t = table_of(ReturnRow)
return_lines_t = table_of(ReturnLineRow)


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """Meanings: `checkout.tables.OrderRow`. Amounts in minor units of `currency`."""

    id: str
    number: str
    member_id: str
    status: str
    program_version: int
    tier_code: str
    currency: str
    placed_at: datetime
    pay_before: datetime | None
    paid_at: datetime | None
    shipped_at: datetime | None
    settles_at: datetime | None
    settled_at: datetime | None
    returnable_until: datetime | None
    cancelled_at: datetime | None
    carrier: str | None
    tracking_number: str | None
    address: dict[str, Any] | None
    regular: int
    tier_discount: int
    other_discount: int
    goods: int
    shipping: int
    gift_card: int
    points: int
    points_to_earn: int

    @property
    def due(self) -> int:
        """What gift cards leave to be paid."""
        return self.goods + self.shipping - self.gift_card


@dataclass(frozen=True, slots=True)
class OrderLineRecord:
    """Meanings: `checkout.tables.OrderLineRow`. `explanation` is a list of stored price steps."""

    id: str
    order_id: str
    position: int
    variant_id: str | None
    exchange_offer_id: str | None
    sku: str
    product_id: str | None
    product_name: str
    product_names: dict[str, str] | None
    variant_name: str
    price_class: str
    quantity: int
    returned_quantity: int
    unit_regular: int
    unit_cash: int
    unit_points: int
    gift_card: int
    rate: Decimal
    gift_card_rate: Decimal
    multiplier: Decimal
    points_to_earn: int
    explanation: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """Amounts in minor units of `currency`; until it is recorded as paid, `amount` is what is still to be collected."""

    id: str
    order_id: str
    method: str
    status: str
    currency: str
    amount: int
    refunded: int
    recorded_at: datetime | None
    provider_reference: str | None
    client_secret: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class ReturnRecord:
    """The outcome's fields are None until the goods have been received. Amounts in minor units, as the order's.
    `closed_at`: when it was withdrawn or rejected. `opened_by`, `note`: staff, and what they noted of the goods.
    """

    id: str
    number: str
    order_id: str
    member_id: str
    kind: str
    status: str
    reason: str
    rejection_reason: str | None
    requested_at: datetime
    completed_at: datetime | None
    closed_at: datetime | None
    opened_by: str | None
    restock: bool | None
    note: str | None
    full: bool | None
    refund: int | None
    gift_card_refund: int | None
    points_returned: int | None
    pending_points_reversed: int | None
    available_points_reversed: int | None
    withheld: int | None
    expires_at_after: datetime | None


@dataclass(frozen=True, slots=True)
class ReturnLineRecord:
    return_id: str
    position: int
    order_line_id: str
    quantity: int


Record = TypeVar("Record")


def _columns(table: Table, record: type[Any]) -> list[Any]:
    return [table.c[field.name] for field in fields(record)]


ORDER_COLUMNS = _columns(orders_t, OrderRecord)
LINE_COLUMNS = _columns(lines_t, OrderLineRecord)
PAYMENT_COLUMNS = _columns(payments_t, PaymentRecord)
RETURN_COLUMNS = _columns(returns_t, ReturnRecord)
RETURN_LINE_COLUMNS = _columns(return_lines_t, ReturnLineRecord)

# Put together once: every order that is placed is shown.
_IDS = id_list("ids")
_ORDERS_BY_ID = Prepared(select(*ORDER_COLUMNS).where(among(orders_t.c.id, _IDS)))
_LINES_OF_ORDERS = Prepared(
    select(*LINE_COLUMNS).where(among(lines_t.c.order_id, _IDS)).order_by(lines_t.c.order_id, lines_t.c.position)
)
_PAYMENTS_OF_ORDERS = Prepared(select(*PAYMENT_COLUMNS).where(among(payments_t.c.order_id, _IDS)))


def orders_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, OrderRecord]:
    records = [OrderRecord(*row) for row in _ORDERS_BY_ID.rows(conn, {"ids": ids})]
    return {record.id: record for record in records}


def order_by_number(conn: Connection, number: str) -> OrderRecord | None:
    row = conn.execute(select(*ORDER_COLUMNS).where(orders_t.c.number == number)).one_or_none()
    return None if row is None else OrderRecord(*row)


def order_page(
    conn: Connection, window: Window, *, member_id: str | None = None, status: str | None = None
) -> Page[OrderRecord]:
    """A page of orders, newest first. The key is `(placed_at, id)`."""
    statement = select(*ORDER_COLUMNS).where(*_of(member_id, status))
    rows = conn.execute(keyset(statement, window, [(orders_t.c.placed_at, True), (orders_t.c.id, True)])).all()
    return take_page([OrderRecord(*row) for row in rows], window)


def order_count(conn: Connection, *, member_id: str | None = None, status: str | None = None) -> int:
    return conn.execute(select(func.count()).select_from(orders_t).where(*_of(member_id, status))).scalar_one()


def _of(member_id: str | None, status: str | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if member_id is not None:
        conditions.append(orders_t.c.member_id == member_id)
    if status is not None:
        conditions.append(orders_t.c.status == status)
    return conditions


def lines_of_orders(conn: Connection, order_ids: Sequence[str]) -> dict[str, list[OrderLineRecord]]:
    """Each order's lines, in their order."""
    rows = _LINES_OF_ORDERS.rows(conn, {"ids": order_ids})
    return _grouped(order_ids, [OrderLineRecord(*row) for row in rows], "order_id")


def order_lines_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, OrderLineRecord]:
    rows = conn.execute(select(*LINE_COLUMNS).where(among(lines_t.c.id, ids)))
    return {row.id: OrderLineRecord(*row) for row in rows}


def payments_of_orders(conn: Connection, order_ids: Sequence[str]) -> dict[str, PaymentRecord]:
    records = [PaymentRecord(*row) for row in _PAYMENTS_OF_ORDERS.rows(conn, {"ids": order_ids})]
    return {record.order_id: record for record in records}


def payments_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, PaymentRecord]:
    rows = conn.execute(select(*PAYMENT_COLUMNS).where(among(payments_t.c.id, ids)))
    return {row.id: PaymentRecord(*row) for row in rows}


def returns_of_orders(conn: Connection, order_ids: Sequence[str]) -> dict[str, list[ReturnRecord]]:
    """Each order's returns, newest first."""
    rows = conn.execute(
        select(*RETURN_COLUMNS)
        .where(among(returns_t.c.order_id, order_ids))
        .order_by(returns_t.c.requested_at.desc(), returns_t.c.id.desc())
    )
    return _grouped(order_ids, [ReturnRecord(*row) for row in rows], "order_id")


def returns_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, ReturnRecord]:
    rows = conn.execute(select(*RETURN_COLUMNS).where(among(returns_t.c.id, ids)))
    return {row.id: ReturnRecord(*row) for row in rows}


def return_by_number(conn: Connection, number: str) -> ReturnRecord | None:
    row = conn.execute(select(*RETURN_COLUMNS).where(returns_t.c.number == number)).one_or_none()
    return None if row is None else ReturnRecord(*row)


def return_page(conn: Connection, window: Window, status: str | None = None) -> Page[ReturnRecord]:
    """A page of returns, newest first. The key is `(requested_at, id)`."""
    statement = select(*RETURN_COLUMNS)
    if status is not None:
        statement = statement.where(returns_t.c.status == status)
    sort = [(returns_t.c.requested_at, True), (returns_t.c.id, True)]
    rows = conn.execute(keyset(statement, window, sort)).all()
    return take_page([ReturnRecord(*row) for row in rows], window)


def return_count(conn: Connection, status: str | None = None) -> int:
    statement = select(func.count()).select_from(returns_t)
    if status is not None:
        statement = statement.where(returns_t.c.status == status)
    return conn.execute(statement).scalar_one()


def return_lines_of(conn: Connection, return_ids: Sequence[str]) -> dict[str, list[ReturnLineRecord]]:
    rows = conn.execute(
        select(*RETURN_LINE_COLUMNS)
        .where(among(return_lines_t.c.return_id, return_ids))
        .order_by(return_lines_t.c.return_id, return_lines_t.c.position)
    )
    return _grouped(return_ids, [ReturnLineRecord(*row) for row in rows], "return_id")


def _grouped(ids: Sequence[str], records: Sequence[Record], key: str) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {id_: [] for id_ in ids}
    for record in records:
        found[getattr(record, key)].append(record)
    return found

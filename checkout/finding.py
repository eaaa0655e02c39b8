"""Finds orders as staff look for them: by number, by who ordered or receives them, by state and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select

from checkout.queries import ORDER_COLUMNS, OrderRecord, orders_t
from kernel.paging import Page, Rows, Window, keyset, take_page
from members.phones import e164
from members.register import members_t


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSearch:
    """`text`: an order's or a member's number (or how it begins), a phone, a part of a name. `by_contact` false: for
    whoever may not see phones and names, nor find out about them by searching. Placed from an instant, before one.
    """

    text: str = ""
    status: str | None = None
    placed_from: datetime | None = None
    placed_before: datetime | None = None
    by_contact: bool = True


def found_orders(conn: Connection, window: Window, search: OrderSearch) -> Page[OrderRecord]:
    """A page of orders, newest first. The key is `(placed_at, id)`."""
    statement = _narrowed(select(*ORDER_COLUMNS), search)
    rows = conn.execute(keyset(statement, window, [(orders_t.c.placed_at, True), (orders_t.c.id, True)])).all()
    return take_page([OrderRecord(*row) for row in rows], window)


def found_count(conn: Connection, search: OrderSearch) -> int:
    return conn.execute(_narrowed(select(func.count()).select_from(orders_t), search)).scalar_one()


def _narrowed(statement: Rows, search: OrderSearch) -> Rows:
    o = orders_t.c
    if search.status is not None:
        statement = statement.where(o.status == search.status)
    if search.placed_from is not None:
        statement = statement.where(o.placed_at >= search.placed_from)
    if search.placed_before is not None:
        statement = statement.where(o.placed_at < search.placed_before)
    if search.text:
        statement = statement.where(or_(*_ways(search.text, search.by_contact)))
    return statement


def _ways(text: str, by_contact: bool) -> list[ColumnElement[bool]]:
    members: list[ColumnElement[bool]] = [members_t.c.number.startswith(text, autoescape=True)]
    ways: list[ColumnElement[bool]] = [orders_t.c.number.startswith(text.upper(), autoescape=True)]
    if by_contact:
        members.append(members_t.c.nickname.icontains(text, autoescape=True))
        ways.append(orders_t.c.address["recipient"].as_string().icontains(text, autoescape=True))
        phone = e164(text)
        if phone is not None:
            members.append(members_t.c.phone == phone)
            ways.append(orders_t.c.address["phone"].as_string() == phone)
        elif len(digits := "".join(c for c in text if c.isdigit())) >= 4 and not text.strip("+-() 0123456789"):
            # The last digits are what people remember of a number.
            members.append(members_t.c.phone.endswith(digits, autoescape=True))
            ways.append(orders_t.c.address["phone"].as_string().endswith(digits, autoescape=True))
    ways.append(orders_t.c.member_id.in_(select(members_t.c.id).where(or_(*members))))
    return ways

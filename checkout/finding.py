"""Finds orders and returns as staff look for them: by number, by who ordered or receives, by state and day.

What is typed in full is looked up by its index first. Only what is not found so is looked for everywhere, and that is
read once: whoever has seen the only page has counted it, and a longer list is counted so far and no further.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, func, or_, select

from checkout.queries import ORDER_COLUMNS, RETURN_COLUMNS, OrderRecord, ReturnRecord, orders_t, returns_t
from kernel.paging import Page, Rows, Sort, Window, keyset, take_page
from members.directory import member_by_number, member_by_phone
from members.phones import e164, last_digits
from members.register import members_t

Record = TypeVar("Record")

MOST_COUNTED = 1_000
"""So many of what a text is looked for in are counted. Who gets more asks again, more closely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSearch:
    """`text`: an order's or a member's number (or how it begins), a phone, a part of a name. `by_contact` false: for
    whoever may not see phones and names, nor find out about them by searching. Placed from an instant, before one.

    `everywhere`: also as a part, although it is the whole of a member's number or phone.
    """

    text: str = ""
    status: str | None = None
    placed_from: datetime | None = None
    placed_before: datetime | None = None
    by_contact: bool = True
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Found(Generic[Record]):
    """A page, and how many there are in all: `count`, or `more` than that. `exact`: the text was the whole of a number
    or phone, and it was not looked for anywhere else.
    """

    page: Page[Record]
    count: int
    more: bool = False
    exact: bool = False


def find_orders(conn: Connection, window: Window, search: OrderSearch) -> Found[OrderRecord]:
    """A page of orders, newest first. The key is `(placed_at, id)`."""
    if search.text and not search.everywhere:
        for condition in _exactly(conn, search):
            found = _orders(conn, window, replace(search, text=""), condition)
            if found.count:
                return replace(found, exact=True)
    anywhere = [or_(*_ways(search.text, search.by_contact))] if search.text else []
    return _orders(conn, window, search, *anywhere)


def find_returns(
    conn: Connection, window: Window, text: str = "", status: str | None = None, *, by_contact: bool = True
) -> Found[ReturnRecord]:
    """A page of returns, newest first: by their own number, or as their orders are found. The key is
    `(requested_at, id)`.
    """
    r = returns_t.c
    sort: Sort = [(r.requested_at, True), (r.id, True)]
    where: list[ColumnElement[bool]] = [r.status == status] if status is not None else []
    statement = select(*RETURN_COLUMNS).where(*where)
    if not text:
        return _found(conn, statement, window, sort, ReturnRecord, counted=None)
    exact = _found(conn, statement.where(r.number == text.upper()), window, sort, ReturnRecord, counted=None)
    if exact.count:
        return replace(exact, exact=True)
    ways = [r.number.startswith(text.upper(), autoescape=True), *_ways(text, by_contact)]
    statement = statement.join(orders_t, orders_t.c.id == r.order_id).where(or_(*ways))
    return _found(conn, statement, window, sort, ReturnRecord, counted=MOST_COUNTED)


def _exactly(conn: Connection, search: OrderSearch) -> Iterator[ColumnElement[bool]]:
    """The order that a whole number names; then those of the member whom a whole number or phone names."""
    yield orders_t.c.number == search.text.upper()
    member = member_by_number(conn, search.text)
    if member is None and search.by_contact:
        member = member_by_phone(conn, search.text)
    if member is not None:
        yield orders_t.c.member_id == member.id


def _orders(
    conn: Connection, window: Window, search: OrderSearch, *conditions: ColumnElement[bool]
) -> Found[OrderRecord]:
    o = orders_t.c
    statement = select(*ORDER_COLUMNS).where(*conditions)
    if search.status is not None:
        statement = statement.where(o.status == search.status)
    if search.placed_from is not None:
        statement = statement.where(o.placed_at >= search.placed_from)
    if search.placed_before is not None:
        statement = statement.where(o.placed_at < search.placed_before)
    sort: Sort = [(o.placed_at, True), (o.id, True)]
    return _found(conn, statement, window, sort, OrderRecord, counted=MOST_COUNTED if search.text else None)


def _found(
    conn: Connection,
    statement: Rows,
    window: Window,
    sort: Sort,
    record: type[Record],
    *,
    counted: int | None,
) -> Found[Record]:
    """One page of a statement's rows, and how many there are: no more than `counted`, where that is given."""
    rows = conn.execute(keyset(statement, window, sort)).all()
    page = take_page([record(*row) for row in rows], window)
    if page.items and not page.has_next and not page.has_previous:
        return Found(page, len(page.items))
    if not page.items and window.after is None and window.before is None:
        return Found(page, 0)
    whole = statement.with_only_columns(sort[-1][0])
    if counted is not None:
        whole = whole.limit(counted + 1)
    count = conn.execute(select(func.count()).select_from(whole.subquery())).scalar_one()
    return Found(page, count) if counted is None or count <= counted else Found(page, counted, more=True)


def _ways(text: str, by_contact: bool) -> list[ColumnElement[bool]]:
    members: list[ColumnElement[bool]] = [members_t.c.number.startswith(text, autoescape=True)]
    ways: list[ColumnElement[bool]] = [orders_t.c.number.startswith(text.upper(), autoescape=True)]
    if by_contact:
        members.append(members_t.c.nickname.icontains(text, autoescape=True))
        ways.append(orders_t.c.address["recipient"].as_string().icontains(text, autoescape=True))
        phone, digits = e164(text), last_digits(text)
        if phone is not None:
            members.append(members_t.c.phone == phone)
            ways.append(orders_t.c.address["phone"].as_string() == phone)
        elif digits is not None:
            members.append(members_t.c.phone.endswith(digits, autoescape=True))
            ways.append(orders_t.c.address["phone"].as_string().endswith(digits, autoescape=True))
    ways.append(orders_t.c.member_id.in_(select(members_t.c.id).where(or_(*members))))
    return ways

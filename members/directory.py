"""Finding members: by number, by phone, in pages. For staff."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from kernel.paging import Page, Window, keyset, take_page
from members.account import accounts_t
from members.phones import e164, last_digits
from members.profile import MEMBER_COLUMNS, MemberRecord
from members.register import members_t


def member_page(
    conn: Connection,
    window: Window,
    *,
    search: str | None = None,
    tier_code: str | None = None,
    by_phone: bool = True,
) -> Page[MemberRecord]:
    """Members, newest first. `search` is a number or phone, whole or its beginning, how a phone ends, or a part of
    the nickname.

    `by_phone` false: for whoever may not see phones, nor find out about them by searching.
    """
    statement = _found(select(*MEMBER_COLUMNS), search, tier_code, by_phone)
    statement = keyset(statement, window, [(members_t.c.joined_at, True), (members_t.c.id, True)])
    return take_page([MemberRecord(*row) for row in conn.execute(statement)], window)


def member_count(
    conn: Connection, *, search: str | None = None, tier_code: str | None = None, by_phone: bool = True
) -> int:
    return conn.execute(_found(select(func.count(members_t.c.id)), search, tier_code, by_phone)).scalar_one()


def member_by_number(conn: Connection, number: str) -> MemberRecord | None:
    return _one(conn, members_t.c.number == number)


def member_by_phone(conn: Connection, phone: str) -> MemberRecord | None:
    """The member with this phone, written in any way; None where nobody has it or it is no phone."""
    # Nobody has a made-up one, except under a test clock.
    number = e164(phone, made_up=True)
    return None if number is None else _one(conn, members_t.c.phone == number)


def _one(conn: Connection, condition: ColumnElement[bool]) -> MemberRecord | None:
    row = conn.execute(select(*MEMBER_COLUMNS).where(condition)).one_or_none()
    return None if row is None else MemberRecord(*row)


def _found(statement: Select[Any], search: str | None, tier_code: str | None, by_phone: bool) -> Select[Any]:
    statement = statement.select_from(members_t)
    if tier_code is not None:
        statement = statement.join(accounts_t, accounts_t.c.member_id == members_t.c.id).where(
            accounts_t.c.tier_code == tier_code, accounts_t.c.closed_at.is_(None)
        )
    wanted = (search or "").strip()
    if wanted:
        ways: list[ColumnElement[bool]] = [
            members_t.c.number.startswith(wanted, autoescape=True),
            members_t.c.nickname.icontains(wanted, autoescape=True),
        ]
        digits = wanted.replace(" ", "").replace("-", "")
        if by_phone and digits.lstrip("+").isdigit():
            ways.append(members_t.c.phone.startswith(digits, autoescape=True))
            ways.append(members_t.c.phone.startswith(f"+86{digits}", autoescape=True))
        ending = last_digits(wanted) if by_phone else None
        if ending is not None:
            ways.append(members_t.c.phone.endswith(ending, autoescape=True))
        phone = e164(wanted) if by_phone else None
        if phone is not None:
            ways.append(members_t.c.phone == phone)
        statement = statement.where(or_(*ways))
    return statement

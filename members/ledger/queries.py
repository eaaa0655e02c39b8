"""Reads of the ledger: a member's statement, newest first, and its sums."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from kernel.database import among
from kernel.paging import Page, Window, keyset, take_page
from members.ledger.entries import ENTRY_COLUMNS, Entry, entries_t


def entry_page(conn: Connection, window: Window, member_id: str) -> Page[Entry]:
    """A page of a member's entries. The key is `(seq,)`."""
    statement = select(*ENTRY_COLUMNS).where(entries_t.c.member_id == member_id)
    rows = conn.execute(keyset(statement, window, [(entries_t.c.seq, True)])).all()
    return take_page([Entry(*row) for row in rows], window)


def entry_count(conn: Connection, member_id: str) -> int:
    return conn.execute(select(func.count()).where(entries_t.c.member_id == member_id)).scalar_one()


def entries_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, Entry]:
    rows = conn.execute(select(*ENTRY_COLUMNS).where(among(entries_t.c.id, ids)))
    return {row.id: Entry(*row) for row in rows}


def sums_by_kind(conn: Connection) -> dict[str, int]:
    """All points ever booked, by kind of entry, over the whole program."""
    rows = conn.execute(select(entries_t.c.kind, func.sum(entries_t.c.points)).group_by(entries_t.c.kind))
    return {kind: int(points) for kind, points in rows}

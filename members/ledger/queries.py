"""Reads of the ledger: a member's statement, newest first, and its sums."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection, column, func, select, values

from kernel.database import among
from kernel.paging import Page, Window, keyset, take_page
from members.ledger.entries import ENTRY_COLUMNS, Entry, entries_t
from members.tables import EntryKind


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


def sums_between(conn: Connection, instants: Sequence[datetime]) -> list[dict[EntryKind, int]]:
    """Points booked by everybody from each instant to the next, by kind of entry; one sum fewer than instants.

    Each sum is a stretch of the index on kind and instant: nothing is sorted, however many entries a stretch has.
    """
    c = entries_t.c
    bounds = values(column("since", c.occurred_at.type), column("before", c.occurred_at.type), name="bounds")
    each = bounds.data(list(pairwise(instants))).cte("each")
    sums = [
        select(func.coalesce(func.sum(c.points), 0))
        .where(c.kind == kind.value, c.occurred_at >= each.c.since, c.occurred_at < each.c.before)
        .scalar_subquery()
        for kind in EntryKind
    ]
    rows = conn.execute(select(*sums).select_from(each).order_by(each.c.since))
    return [{kind: int(points) for kind, points in zip(EntryKind, row, strict=True)} for row in rows]

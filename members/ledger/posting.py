"""The only way into the ledger. A balance changes here and nowhere else (R9)."""

from __future__ import annotations

from datetime import datetime

from kernel.ids import new_id
from members.book import Book
from members.ledger.entries import Entry
from members.tables import EntryKind


def post(
    book: Book,
    kind: EntryKind,
    points: int,
    *,
    at: datetime,
    source: str,
    order_id: str | None = None,
    return_id: str | None = None,
    note: str | None = None,
) -> None:
    """Adds an entry of `points` to a book. Nothing is booked for no points.

    The account's expiry has been brought up to the change before: the entry notes it as it is afterwards.
    """
    if points == 0:
        return
    account = book.account
    account.balance += points
    account.entries += 1
    book.entries.append(
        Entry(
            id=new_id("ent"),
            member_id=account.member_id,
            seq=account.entries,
            kind=kind,
            points=points,
            balance_after=account.balance,
            occurred_at=at,
            expires_at_after=account.expires_at,
            source=source,
            order_id=order_id,
            return_id=return_id,
            note=note,
        )
    )

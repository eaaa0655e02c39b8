"""Ledger entries as they are stored: added, never changed (R9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel.database import Transaction, table_of
from members.tables import LedgerEntryRow

entries_t = table_of(LedgerEntryRow)


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of an available balance. `source` names its cause; no cause is booked twice for a member."""

    id: str
    member_id: str
    seq: int
    kind: str
    points: int
    balance_after: int
    occurred_at: datetime
    expires_at_after: datetime | None
    source: str
    order_id: str | None
    return_id: str | None
    note: str | None


ENTRY_COLUMNS = tuple(entries_t.c[name] for name in Entry.__slots__)


def write_entries(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Adds entries. The database refuses one whose source is booked already."""
    if entries:
        tx.execute(entries_t.insert(), [{name: getattr(entry, name) for name in Entry.__slots__} for entry in entries])

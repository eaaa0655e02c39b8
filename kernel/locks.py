"""Names that one transaction at a time may hold, for things that have no row yet to lock."""

from __future__ import annotations

from sqlalchemy import func, select

from kernel.database import Transaction


def hold(tx: Transaction, name: str) -> None:
    """Holds a name until the transaction ends; who else wants it waits. SQLite lets one write at a time anyway."""
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))

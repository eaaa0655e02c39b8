"""The audit log: who changed what, when, and what it was before. Entries are only ever added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, null, select

from kernel.database import Transaction, among, table_of
from kernel.ids import new_id
from kernel.paging import Page, Window, keyset, take_page
from staff.tables import AuditEntryRow

audit_t = table_of(AuditEntryRow)


@dataclass(frozen=True, slots=True)
class AuditRecord:
    id: str
    at: datetime
    actor: str
    action: str
    subject_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


_COLUMNS = tuple(audit_t.c[name] for name in AuditRecord.__slots__)


def record(
    tx: Transaction,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject_id: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Adds an entry, in the transaction of the deed itself. `actor` is an e-mail, `action` the mutation's name.

    `before` and `after` hold what JSON can: amounts and instants as texts, and no secrets.
    """
    tx.execute(
        audit_t.insert().values(
            id=new_id("aud"),
            at=at,
            actor=actor,
            action=action,
            subject_id=subject_id,
            before=null() if before is None else dict(before),
            after=null() if after is None else dict(after),
        )
    )


def audit_page(conn: Connection, window: Window, subject_id: str | None = None) -> Page[AuditRecord]:
    """Entries, newest first; of one subject, where it is named."""
    statement = keyset(_of(select(*_COLUMNS), subject_id), window, [(audit_t.c.at, True), (audit_t.c.id, True)])
    return take_page([AuditRecord(*row) for row in conn.execute(statement)], window)


def audit_count(conn: Connection, subject_id: str | None = None) -> int:
    return conn.execute(_of(select(func.count(audit_t.c.id)), subject_id)).scalar_one()


def audit_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, AuditRecord]:
    rows = conn.execute(select(*_COLUMNS).where(among(audit_t.c.id, ids)))
    return {row.id: AuditRecord(*row) for row in rows}


def _of(statement: Select[Any], subject_id: str | None) -> Select[Any]:
    return statement if subject_id is None else statement.where(audit_t.c.subject_id == subject_id)

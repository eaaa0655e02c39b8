"""The audit log: who changed what, when, and what it was before. Entries are only ever added.

One thing is taken out of them again: who a member was, when the member leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, null, select

from kernel.bulk import insert_many
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


@dataclass(frozen=True, slots=True)
class Change:
    """Of a subject; `before` is None for what is new."""

    subject_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]


def record_changes(tx: Transaction, changes: Iterable[Change], *, at: datetime, actor: str, action: str) -> None:
    """Adds an entry for each, all of them together; see `record`."""
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for change in changes:
        row = {"id": new_id("aud"), "at": at, "actor": actor, "action": action, "subject_id": change.subject_id}
        if change.before is None:
            new.append({**row, "after": dict(change.after)})
        else:
            changed.append({**row, "before": dict(change.before), "after": dict(change.after)})
    insert_many(tx, audit_t, new)
    insert_many(tx, audit_t, changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Empty: all. `kind` is how the ids of the subjects begin: "ord". Of `subject_ids` none: nothing."""

    subject_ids: Sequence[str] | None = None
    kind: str | None = None
    action: str | None = None
    actor: str | None = None


EVERYTHING = AuditFilter()


def audit_page(
    conn: Connection, window: Window, subject_id: str | None = None, *, narrowed: AuditFilter = EVERYTHING
) -> Page[AuditRecord]:
    """Entries, newest first; of one subject, where it is named."""
    statement = _of(select(*_COLUMNS), subject_id, narrowed)
    statement = keyset(statement, window, [(audit_t.c.at, True), (audit_t.c.id, True)])
    return take_page([AuditRecord(*row) for row in conn.execute(statement)], window)


def audit_count(conn: Connection, subject_id: str | None = None, *, narrowed: AuditFilter = EVERYTHING) -> int:
    return conn.execute(_of(select(func.count(audit_t.c.id)), subject_id, narrowed)).scalar_one()


def audit_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, AuditRecord]:
    rows = conn.execute(select(*_COLUMNS).where(among(audit_t.c.id, ids)))
    return {row.id: AuditRecord(*row) for row in rows}


def audit_of(conn: Connection, subject_ids: Sequence[str]) -> list[AuditRecord]:
    """All entries about some subjects, oldest first."""
    found = select(*_COLUMNS).where(among(audit_t.c.subject_id, subject_ids))
    return [AuditRecord(*row) for row in conn.execute(found.order_by(audit_t.c.at, audit_t.c.id))]


CONTACT = frozenset({"nickname", "phone", "openid", "recipient", "address", "line"})
"""Keys of what an entry says about who somebody is."""


def erase_contacts(tx: Transaction, subject_ids: Sequence[str]) -> None:
    """Takes contact data out of all entries about these subjects. Runs inside the caller's transaction."""
    entries = tx.execute(
        select(audit_t.c.id, audit_t.c.before, audit_t.c.after).where(among(audit_t.c.subject_id, subject_ids))
    ).all()
    for entry in entries:
        before, after = _without_contacts(entry.before), _without_contacts(entry.after)
        if (before, after) != (entry.before, entry.after):
            values = {"before": null() if before is None else before, "after": null() if after is None else after}
            tx.execute(audit_t.update().where(audit_t.c.id == entry.id).values(values))


def _without_contacts(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        return {key: _without_contacts(inner) for key, inner in value.items() if key not in CONTACT}
    if isinstance(value, list):
        return [_without_contacts(inner) for inner in value]
    return value


def _of(statement: Select[Any], subject_id: str | None, narrowed: AuditFilter) -> Select[Any]:
    if subject_id is not None:
        statement = statement.where(audit_t.c.subject_id == subject_id)
    if narrowed.subject_ids is not None:
        statement = statement.where(among(audit_t.c.subject_id, narrowed.subject_ids))
    if narrowed.kind is not None:
        statement = statement.where(audit_t.c.subject_id.startswith(f"{narrowed.kind}_", autoescape=True))
    if narrowed.action is not None:
        statement = statement.where(audit_t.c.action == narrowed.action)
    return statement if narrowed.actor is None else statement.where(audit_t.c.actor == narrowed.actor)

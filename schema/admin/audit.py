"""The audit log: who changed what."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry import UNSET

from schema.admin.context import Info
from schema.admin.lists import AUDIT, counted
from schema.connections import PageInfo, connect, given, window_of
from schema.context import Reading
from schema.ids import checked_optional_id
from schema.scalars import JSON
from schema.types import Node
from staff.audit import AuditRecord, audit_count, audit_page


@strawberry.type
class AuditEntry(Node):
    at: datetime
    actor: str
    action: str
    subject_id: strawberry.ID
    before: JSON | None
    after: JSON | None

    @classmethod
    def of(cls, record: AuditRecord) -> AuditEntry:
        return cls(
            id=strawberry.ID(record.id),
            at=record.at,
            actor=record.actor,
            action=record.action,
            subject_id=strawberry.ID(record.subject_id),
            before=None if record.before is None else JSON(record.before),
            after=None if record.after is None else JSON(record.after),
        )


@strawberry.type
class AuditEntryEdge:
    cursor: str
    node: AuditEntry


@strawberry.type
class AuditEntryConnection:
    edges: list[AuditEntryEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class AuditQuery:
    @strawberry.field
    async def audit_log(
        self,
        info: Info,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
        subject_id: strawberry.ID | None = UNSET,
    ) -> AuditEntryConnection:
        wanted = window_of(first, after, last, before, AUDIT)
        subject = checked_optional_id(given(subject_id))
        count = counted(info, audit_count)

        def read(reading: Reading) -> AuditEntryConnection:
            page = audit_page(reading.conn, wanted, subject)
            nodes = [AuditEntry.of(record) for record in page.items]
            total = count(reading.conn, subject)
            return connect(AuditEntryConnection, AuditEntryEdge, page, nodes, AUDIT, total)

        return await info.context.read(read)

"""A member's points and tiers over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import strawberry

from kernel.money import Points
from members.ledger.entries import Entry
from members.tables import EntryKind, TierChangeReason
from members.tiers.periods import TierPeriod as PastPeriod
from schema.admin.context import Info
from schema.connections import PageInfo
from schema.locale import Locale
from schema.messages import entry_text, note_text
from schema.types import Node


@strawberry.type(description="A stretch of time in one tier.")
class TierPeriod:
    tier_code: str
    from_: datetime = strawberry.field(name="from")
    until: datetime | None
    reason: TierChangeReason
    note: str | None

    @classmethod
    def history(cls, periods: Sequence[PastPeriod], locale: Locale) -> list[TierPeriod]:
        """A member's periods, each until the next begins."""
        ends = [period.from_at for period in periods[1:]]
        return [
            cls(
                tier_code=period.tier_code,
                from_=period.from_at,
                until=until,
                reason=TierChangeReason(period.reason),
                note=note_text(period.note, locale),
            )
            for period, until in zip(periods, [*ends, None], strict=True)
        ]


@strawberry.type
class PointsEntry(Node):
    kind: EntryKind
    points: Points
    balance_after: Points
    occurred_at: datetime
    expires_at_after: datetime | None
    description: str
    order_id: strawberry.Private[str | None]
    return_id: strawberry.Private[str | None]

    @strawberry.field
    async def order_number(self, info: Info) -> str | None:
        if self.order_id is None:
            return None
        order = await info.context.loaders.orders.load(self.order_id)
        return order.number if order else None

    @strawberry.field
    async def return_number(self, info: Info) -> str | None:
        if self.return_id is None:
            return None
        found = await info.context.loaders.returns.load(self.return_id)
        return found.number if found else None

    @classmethod
    def of(cls, entry: Entry, locale: Locale) -> PointsEntry:
        return cls(
            id=strawberry.ID(entry.id),
            kind=EntryKind(entry.kind),
            points=Points(entry.points),
            balance_after=Points(entry.balance_after),
            occurred_at=entry.occurred_at,
            expires_at_after=entry.expires_at_after,
            description=entry_text(entry.kind, entry.note, locale),
            order_id=entry.order_id,
            return_id=entry.return_id,
        )


@strawberry.type
class PointsEntryEdge:
    cursor: str
    node: PointsEntry


@strawberry.type
class PointsEntryConnection:
    edges: list[PointsEntryEdge]
    page_info: PageInfo
    total_count: int

"""Stretches of time in one tier, as they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from kernel.database import Transaction, among, table_of
from members.tables import TierPeriodRow

periods_t = table_of(TierPeriodRow)


@dataclass(frozen=True, slots=True)
class TierPeriod:
    """From `from_at` until the member's next period."""

    id: str
    member_id: str
    tier_code: str
    from_at: datetime
    reason: str
    note: str | None


def write_tier_periods(tx: Transaction, periods: Sequence[TierPeriod]) -> None:
    """Adds periods. Runs inside the caller's transaction."""
    if periods:
        tx.execute(
            periods_t.insert(),
            [{name: getattr(period, name) for name in TierPeriod.__slots__} for period in periods],
        )


def tier_periods_of(conn: Connection, member_ids: Sequence[str]) -> dict[str, list[TierPeriod]]:
    """Each member's periods, first to last."""
    columns = [periods_t.c[name] for name in TierPeriod.__slots__]
    rows = conn.execute(
        select(*columns).where(among(periods_t.c.member_id, member_ids)).order_by(periods_t.c.from_at, periods_t.c.id)
    )
    found: dict[str, list[TierPeriod]] = {member_id: [] for member_id in member_ids}
    for row in rows:
        found[row.member_id].append(TierPeriod(*row))
    return found

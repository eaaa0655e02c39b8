"""Reads of tiers: the periods that members have spent in them, and how many are in which."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from members.account import accounts_t
from members.tiers.periods import TierPeriodRecord, tier_periods_of

__all__ = ["TierPeriodRecord", "tier_distribution", "tier_periods_of", "tiers_in_use"]


def tier_distribution(conn: Connection) -> dict[str, int]:
    """How many members are in each tier that has any."""
    rows = conn.execute(select(accounts_t.c.tier_code, func.count()).group_by(accounts_t.c.tier_code))
    return dict(rows.all())


def tiers_in_use(conn: Connection) -> set[str]:
    return set(conn.execute(select(accounts_t.c.tier_code).distinct()).scalars())

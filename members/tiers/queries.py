"""Reads of tiers: which of them have members, and how many."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from members.account import accounts_t

_ALL = select(accounts_t.c.tier_code, func.count()).group_by(accounts_t.c.tier_code)


def tier_distribution(conn: Connection) -> dict[str, int]:
    """How many members are in each tier that has any. Those who left, or are other members by now, do not count."""
    # All by the index on tiers, and the few that do not count by theirs.
    members = dict(conn.execute(_ALL).all())
    for tier_code, closed in conn.execute(_ALL.where(accounts_t.c.closed_at.is_not(None))):
        members[tier_code] -= closed
    return {tier_code: count for tier_code, count in members.items() if count > 0}


def tiers_in_use(conn: Connection) -> set[str]:
    """The codes of the tiers that have members."""
    return set(tier_distribution(conn))

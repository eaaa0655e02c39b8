"""Reads of tiers: which of them have members, and how many."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from members.account import accounts_t


def tier_distribution(conn: Connection) -> dict[str, int]:
    """How many members are in each tier that has any."""
    rows = conn.execute(select(accounts_t.c.tier_code, func.count()).group_by(accounts_t.c.tier_code))
    return dict(rows.all())


def tiers_in_use(conn: Connection) -> set[str]:
    """The codes of the tiers that have members."""
    return set(conn.execute(select(accounts_t.c.tier_code).distinct()).scalars())

"""Which tiers goods and offers ask for: a program without one of them could not answer (R13, R15)."""

from __future__ import annotations

from sqlalchemy import Connection, select, union

from catalog.columns import offers_t, products_t


def required_tiers(conn: Connection) -> set[str]:
    """The codes of all tiers that a product or an offer requires."""
    columns = (products_t.c.required_tier_code, offers_t.c.required_tier_code)
    statement = union(*(select(column).where(column.is_not(None)) for column in columns))
    return set(conn.execute(statement).scalars())

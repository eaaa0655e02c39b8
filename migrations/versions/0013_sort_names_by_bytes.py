"""Sort names by their bytes on PostgreSQL too, as SQLite does, whatever the database's own order of texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"


def upgrade() -> None:
    _sort_by("C")


def downgrade() -> None:
    _sort_by("default")


def _sort_by(collation: str) -> None:
    """PostgreSQL builds the index anew, and no row."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in ("product", "translation"):
        op.alter_column(table, "name_key", type_=sa.String(collation=collation), existing_nullable=False)

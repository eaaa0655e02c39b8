"""Index what a search looks for. `jifen migrate` then fills the index, and `jifen index` fills it anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "search_entry",
        # Compared by its bytes, so that the words with one beginning stand together.
        sa.Column("word", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("word", "level", "product_id", name=op.f("pk_search_entry")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("search_entry")

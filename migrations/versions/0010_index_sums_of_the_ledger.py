"""Index the ledger's sums by kind and day, which the console's start page shows. Entries and their guard stay."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index("ix_ledger_entry_kind_occurred_at_points", "ledger_entry", ["kind", "occurred_at", "points"])


def downgrade() -> None:
    op.drop_index("ix_ledger_entry_kind_occurred_at_points", "ledger_entry")

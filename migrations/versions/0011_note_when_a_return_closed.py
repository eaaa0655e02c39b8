"""Note when a return was withdrawn or rejected. Of those that were before, the audit log knows the rejections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("returns", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("""
        UPDATE returns SET closed_at = (
            SELECT MAX(at) FROM audit_entry WHERE subject_id = returns.id AND action = 'rejectReturn'
        ) WHERE status = 'REJECTED'""")


def downgrade() -> None:
    op.drop_column("returns", "closed_at")

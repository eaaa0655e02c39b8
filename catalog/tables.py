"""Records of the catalogue: categories, products, variants, special prices, exchange offers, stock."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, SmallInteger, String
from sqlmodel import Field

from kernel import columns
from kernel.columns import Record


class SpecialPriceClass(StrEnum):
    SALE = "SALE"
    GROUP_BUY = "GROUP_BUY"


class StockKind(StrEnum):
    """Why stock changed. ORDERED and RELEASED move what is reserved, SHIPPED both, all others what is on hand."""

    OPENING = "OPENING"
    ORDERED = "ORDERED"
    RELEASED = "RELEASED"
    SHIPPED = "SHIPPED"
    RETURNED = "RETURNED"
    SWAPPED = "SWAPPED"
    ADJUSTED = "ADJUSTED"
    IMPORTED = "IMPORTED"


class PriceEvent(StrEnum):
    """What happened to a price: `ENDED` before its planned end, `WITHDRAWN` before it began."""

    REGULAR = "REGULAR"
    PLANNED = "PLANNED"
    ENDED = "ENDED"
    WITHDRAWN = "WITHDRAWN"


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
    name_key: str = columns.by_bytes()
    description: str = ""


class ProductRow(Record, table=True):
    """`name_key` is the folded name, for sorting; `search_text` the words it is found under, as `finding` writes them,
    `search_number` its running number in the index of the search, the newest highest.

    Published from `published_from` until just before `published_until`, while `published`; without them, at all times.
    `options` are the choices that its variants differ by, `attributes` what else there is to say, with translations.
    """

    __tablename__ = "product"
    __table_args__ = (
        Index("ix_product_created_at_id", "created_at", "id"),
        Index("ix_product_name_key_id", "name_key", "id"),
        Index("ix_product_search_number", "search_number", unique=True),
    )

    id: str = Field(primary_key=True)
    slug: str = Field(unique=True)
    name: str
    name_key: str = columns.by_bytes()
    description: str = ""
    search_text: str
    search_number: int | None = None
    published: bool = True
    third_party: bool = False
    points_rate: Decimal | None = columns.rate(default=None)
    required_tier_code: str | None = None
    category_id: str | None = Field(default=None, foreign_key="category.id", index=True)
    created_at: datetime
    published_from: datetime | None = None
    published_until: datetime | None = None
    options: list[dict[str, Any]] | None = columns.json(default=None)
    attributes: list[dict[str, Any]] | None = columns.json(default=None)


class ProductImageRow(Record, table=True):
    """A picture of a product. The picture's facts are repeated here: it is named by its content and never changes."""

    __tablename__ = "product_image"
    __table_args__ = (Index("ix_product_image_product_id_position", "product_id", "position"),)

    id: str = Field(primary_key=True)
    product_id: str = Field(foreign_key="product.id")
    position: int
    image_key: str = Field(index=True)
    width: int
    height: int
    placeholder: str | None = None
    alt: str = ""


class VariantRow(Record, table=True):
    """What is sold. `reserved` units are ordered and not shipped; the rest of `on_hand` is available.

    `option_values` are its choices, in the order of its product's options. `low_stock_at`: with so many units
    available, or fewer, it is time to order more; where it is absent, the shop's own number holds.
    """

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
    option_values: list[str] | None = columns.json(default=None)
    low_stock_at: int | None = None


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
    daily_limit: int | None = None
    weekly_limit: int | None = None
    monthly_limit: int | None = None


class StockMovementRow(Record, table=True):
    """A change of a variant's stock, never changed itself: the sums are what the variant has (R12).

    `actor` did it, where it was not the order or return that caused it.
    """

    __tablename__ = "stock_movement"
    __table_args__ = (
        columns.one_of("kind", StockKind),
        Index("ix_stock_movement_variant_id_at", "variant_id", "at", "id"),
    )

    id: str = Field(primary_key=True)
    variant_id: str = Field(foreign_key="variant.id")
    at: datetime
    kind: str
    on_hand: int = 0
    reserved: int = 0
    on_hand_after: int
    reserved_after: int
    order_id: str | None = None
    return_id: str | None = None
    actor: str | None = None
    reason: str | None = None


class PriceChangeRow(Record, table=True):
    """A change of a variant's regular price or special prices, never changed itself.

    `price_before` is absent for a new variant, and for special prices; `price_class` and window are a special price's.
    """

    __tablename__ = "price_change"
    __table_args__ = (
        columns.one_of("event", PriceEvent),
        Index("ix_price_change_variant_id_at", "variant_id", "at", "id"),
    )

    id: str = Field(primary_key=True)
    variant_id: str = Field(foreign_key="variant.id")
    at: datetime
    actor: str | None = None
    event: str
    price_class: str
    price_before: int | None = columns.minor(default=None)
    price: int = columns.minor()
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class SearchPostingRow(Record, table=True):
    """Which products have a word, at the highest of the levels where it stands; see `catalog/finding`.

    A row for each block of running numbers; `products` as `catalog.finding.postings` writes them.
    """

    __tablename__ = "search_posting"
    # Without rowids: the row stands in the key's own tree, and is found in one step.
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own way to say it

    # Compared by its bytes, so that the words with one beginning stand together.
    word: str = Field(sa_type=String().with_variant(String(collation="C"), "postgresql"), primary_key=True)
    level: int = Field(sa_type=SmallInteger, primary_key=True)
    block: int = Field(primary_key=True)
    products: bytes

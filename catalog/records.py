"""What the catalogue's reads give back: rows as values. Amounts are minor units of the program's currency."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from kernel.paging import Key


@dataclass(slots=True)
class CategoryRecord:
    id: str
    slug: str
    name: str
    parent_id: str | None


@dataclass(slots=True)
class TranslationRecord:
    locale: str
    name: str
    description: str


@dataclass(slots=True)
class ProductRecord:
    """Name and description are in the language that was asked for, where there is one. `key` places it in its page."""

    id: str
    slug: str
    name: str
    description: str
    published: bool
    third_party: bool
    points_rate: Decimal | None
    required_tier_code: str | None
    category_id: str | None
    created_at: datetime
    published_from: datetime | None
    published_until: datetime | None
    key: Key = ()

    def is_published(self, at: datetime) -> bool:
        """From its start until just before its end, while it is published at all."""
        begun = self.published_from is None or self.published_from <= at
        return self.published and begun and (self.published_until is None or at < self.published_until)


@dataclass(slots=True)
class PictureRecord:
    image_key: str
    width: int
    height: int
    placeholder: str | None
    alt: str


@dataclass(slots=True)
class SpecialRecord:
    """A special price from `starts_at` until just before `ends_at` (R2)."""

    id: str
    variant_id: str
    price: int
    price_class: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(slots=True)
class VariantRecord:
    """`special` is the special price in force at the instant that was asked for."""

    id: str
    product_id: str
    sku: str
    name: str
    regular_price: int
    active: bool
    on_hand: int
    reserved: int
    special: SpecialRecord | None

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


@dataclass(frozen=True, slots=True)
class ProductDetails:
    """What few lists show: options as `{name, values}`, attributes as `{name, value, translations}`."""

    options: list[dict[str, Any]]
    attributes: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class VariantDetails:
    """What few lists show: its choices, in the order of its product's options, and when its stock is low."""

    option_values: list[str]
    low_stock_at: int | None


@dataclass(slots=True)
class OfferRecord:
    """Cash and points are for one unit. `redeemed` counts units ordered and neither cancelled nor returned (R13)."""

    id: str
    variant_id: str
    cash: int
    points: int
    starts_at: datetime | None
    ends_at: datetime | None
    quota: int | None
    redeemed: int
    per_member_limit: int | None
    required_tier_code: str | None
    created_at: datetime
    daily_limit: int | None
    weekly_limit: int | None
    monthly_limit: int | None
    key: Key = ()

    @property
    def remaining(self) -> int | None:
        """How many are left; None where the offer has no quota."""
        return None if self.quota is None else self.quota - self.redeemed

    def holds_at(self, at: datetime) -> bool:
        """From its start until just before its end."""
        return (self.starts_at is None or self.starts_at <= at) and (self.ends_at is None or at < self.ends_at)


@dataclass(slots=True)
class Sellable:
    """All that an order needs to know of a variant. `product_names` are the translations' names by locale."""

    variant_id: str
    product_id: str
    sku: str
    variant_name: str
    regular_price: int
    on_hand: int
    reserved: int
    active: bool
    special: SpecialRecord | None
    product_slug: str
    product_name: str
    published: bool
    third_party: bool
    points_rate: Decimal | None
    required_tier_code: str | None
    image: PictureRecord | None
    product_names: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved

    @property
    def on_sale(self) -> bool:
        """Whether it is sold at all: active, and its product published."""
        return self.active and self.published

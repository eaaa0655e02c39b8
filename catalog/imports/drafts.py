"""What a file says of goods, in one form whichever way it is laid out. What it does not say is unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from catalog.details import Attribute, Option
from kernel.unchanged import UNCHANGED, Unchanged


@dataclass(slots=True)
class CategoryDraft:
    """A line of categories from the root down. `slugs` where the file names them; `names_in` by locale, "" unknown."""

    names: list[str]
    slugs: list[str] | None = None
    names_in: dict[str, list[str]] = field(default_factory=dict[str, list[str]])


@dataclass(slots=True)
class WordingDraft:
    """A translation; a `name` that is blank takes it away. What is unchanged stays as it is."""

    name: str | Unchanged = UNCHANGED
    description: str | Unchanged = UNCHANGED


@dataclass(slots=True)
class PictureDraft:
    """`name` is that of a file, `text` says what it shows; without one a new picture shows the product's name."""

    name: str
    text: str | None = None


@dataclass(slots=True)
class SpecialDraft:
    line: int
    price: Decimal
    price_class: str
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(slots=True)
class OfferDraft:
    line: int
    points: int
    cash: Decimal
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    quota: int | None = None
    per_member_limit: int | None = None
    daily_limit: int | None = None
    weekly_limit: int | None = None
    monthly_limit: int | None = None
    required_tier_code: str | None = None


@dataclass(slots=True)
class VariantDraft:
    """`stock` is for a new variant; `counted` sets what is on hand, whether it is new or not."""

    line: int
    sku: str
    price: Decimal | Unchanged = UNCHANGED
    name: str | Unchanged = UNCHANGED
    active: bool | Unchanged = UNCHANGED
    stock: int | None = None
    counted: int | None = None
    low_stock_at: int | Unchanged | None = UNCHANGED
    option_values: list[str] | Unchanged = UNCHANGED
    specials: list[SpecialDraft] = field(default_factory=list[SpecialDraft])
    offers: list[OfferDraft] = field(default_factory=list[OfferDraft])
    lines: list[int] = field(default_factory=list[int])


@dataclass(slots=True)
class ProductDraft:
    """Without a slug: the product that has these SKUs. `columns` names the file's column for each field."""

    line: int
    slug: str | None
    columns: Mapping[str, str]
    name: str | Unchanged = UNCHANGED
    description: str | Unchanged = UNCHANGED
    wording: dict[str, WordingDraft] = field(default_factory=dict[str, WordingDraft])
    category: CategoryDraft | Unchanged | None = UNCHANGED
    published: bool | Unchanged = UNCHANGED
    published_from: datetime | Unchanged | None = UNCHANGED
    published_until: datetime | Unchanged | None = UNCHANGED
    third_party: bool | Unchanged = UNCHANGED
    points_rate: Decimal | Unchanged | None = UNCHANGED
    required_tier_code: str | Unchanged | None = UNCHANGED
    options: list[Option] | Unchanged = UNCHANGED
    attributes: list[Attribute] | Unchanged = UNCHANGED
    pictures: list[PictureDraft] = field(default_factory=list[PictureDraft])
    variants: list[VariantDraft] = field(default_factory=list[VariantDraft])

    @property
    def lines(self) -> list[int]:
        """All lines that speak of it."""
        return sorted({self.line, *(line for variant in self.variants for line in (variant.line, *variant.lines))})


@dataclass(slots=True)
class Drafts:
    """All that a file says. `categories`: lines that only name a category."""

    products: list[ProductDraft] = field(default_factory=list[ProductDraft])
    categories: list[tuple[int, CategoryDraft]] = field(default_factory=list[tuple[int, CategoryDraft]])
    category_column: str = "category"

"""What several pages show of goods: pictures, categories as a tree, variants with what they cost and have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from catalog import queries
from catalog.low_stock import DEFAULT_THRESHOLD
from catalog.records import CategoryRecord, PictureRecord, ProductRecord, VariantDetails, VariantRecord
from media.recipes import pick
from schema.context import Reading
from schema.locale import Locale

THUMB = 160
"""Pixels: shown at half of it, so that it is sharp on fine screens, too."""


@dataclass(frozen=True)
class Thumb:
    """A picture as a page shows it: always from our own address, whatever the shop's outside is called."""

    url: str
    alt: str
    key: str
    width: int
    height: int


def thumb(picture: PictureRecord, width: int = THUMB) -> Thumb:
    url = f"/media/{pick(picture.image_key, picture.width, width)}"
    return Thumb(url, picture.alt, picture.image_key, picture.width, picture.height)


def first_thumbs(conn: Connection, product_ids: Sequence[str]) -> dict[str, Thumb]:
    """The first picture of each product that has one."""
    found = queries.pictures_of_products(conn, product_ids, first_only=True)
    return {product_id: thumb(pictures[0]) for product_id, pictures in found.items() if pictures}


# ------------------------------------------------------------ categories


@dataclass(frozen=True)
class Branch:
    """A category in its place: `depth` 0 is a root, `path` are the names from the root down."""

    category: CategoryRecord
    depth: int
    path: tuple[str, ...]


def branches(categories: Sequence[CategoryRecord]) -> list[Branch]:
    """The tree from top to bottom, each level by name."""
    children: dict[str | None, list[CategoryRecord]] = {}
    for category in categories:
        children.setdefault(category.parent_id, []).append(category)

    def walk(parent_id: str | None, path: tuple[str, ...]) -> Iterator[Branch]:
        for category in children.get(parent_id, ()):
            here = (*path, category.name)
            yield Branch(category, len(path), here)
            yield from walk(category.id, here)

    return list(walk(None, ()))


def category_choices(tree: Sequence[Branch]) -> list[tuple[str, str]]:
    """For a choice: slug, and the whole way from the root."""
    return [(branch.category.slug, " › ".join(branch.path)) for branch in tree]


# ------------------------------------------------------------ variants

NAMED = 8
"""More variants than this are not listed one by one in a list."""


@dataclass(frozen=True)
class Goods:
    """A product with what a list shows of it. `lowest` and `highest` are regular prices of what is sold."""

    product: ProductRecord
    thumb: Thumb | None
    category: str | None
    published: str
    variants: Sequence[VariantRecord]
    low: int
    offers: int

    @property
    def sold(self) -> list[VariantRecord]:
        return [variant for variant in self.variants if variant.active]

    @property
    def regular(self) -> tuple[int, int] | None:
        prices = [variant.regular_price for variant in self.sold]
        return (min(prices), max(prices)) if prices else None

    @property
    def special(self) -> tuple[int, int] | None:
        prices = [variant.special.price for variant in self.sold if variant.special]
        return (min(prices), max(prices)) if prices else None

    @property
    def special_class(self) -> str:
        return next((variant.special.price_class for variant in self.sold if variant.special), "SALE")

    @property
    def available(self) -> int:
        return sum(variant.available for variant in self.sold)


def publication(product: ProductRecord, at: datetime) -> str:
    """ON, PLANNED (it begins later), OVER (its window has ended) or OFF."""
    if not product.published:
        return "OFF"
    if product.is_published(at):
        return "ON"
    return "PLANNED" if product.published_from is not None and product.published_from > at else "OVER"


def goods_of(reading: Reading, products: Sequence[ProductRecord], locale: Locale) -> list[Goods]:
    """Everything a list of products shows, in a few statements for all of them."""
    conn, ids = reading.conn, [product.id for product in products]
    variants = queries.variants_of_products(conn, ids, reading.now, active_only=False)
    variant_ids = [variant.id for each in variants.values() for variant in each]
    details = queries.variant_details(conn, variant_ids)
    offers = queries.offers_of_variants(conn, variant_ids, reading.now)
    thumbs = first_thumbs(conn, ids)
    paths = {branch.category.id: " › ".join(branch.path) for branch in branches(queries.categories(conn, locale))}
    return [
        Goods(
            product,
            thumbs.get(product.id),
            paths.get(product.category_id or ""),
            publication(product, reading.now),
            variants[product.id],
            low_count(variants[product.id], details),
            sum(len(offers[variant.id]) for variant in variants[product.id]),
        )
        for product in products
    ]


def low_count(variants: Sequence[VariantRecord], details: Mapping[str, VariantDetails]) -> int:
    """How many of the variants that are sold have so little left that it is time to order more."""
    return sum(variant.active and is_low(variant, details.get(variant.id)) for variant in variants)


def is_low(variant: VariantRecord, details: VariantDetails | None) -> bool:
    most = DEFAULT_THRESHOLD if details is None or details.low_stock_at is None else details.low_stock_at
    return variant.available <= most


def window_state(starts_at: datetime | None, ends_at: datetime | None, at: datetime) -> str:
    """NOW, AHEAD or OVER."""
    if ends_at is not None and ends_at <= at:
        return "OVER"
    return "AHEAD" if starts_at is not None and starts_at > at else "NOW"

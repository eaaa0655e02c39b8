"""What the shop has of the goods that a file names, read in a few statements however many they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, or_, select

from catalog.columns import (
    OFFER_COLUMNS,
    offers_t,
    pictures_t,
    products_t,
    special_columns,
    specials_t,
    translations_t,
    variants_t,
)
from catalog.records import OfferRecord, SpecialRecord
from kernel.database import among
from kernel.texts import can_be_kept


@dataclass(slots=True)
class KnownVariant:
    id: str
    product_id: str
    position: int
    sku: str
    name: str
    regular_price: int
    active: bool
    on_hand: int
    reserved: int
    option_values: list[str] | None
    low_stock_at: int | None
    specials: list[SpecialRecord] = field(default_factory=list[SpecialRecord])
    offers: list[OfferRecord] = field(default_factory=list[OfferRecord])


@dataclass(slots=True)
class KnownPicture:
    id: str
    image_key: str
    alt: str


@dataclass(slots=True)
class KnownProduct:
    """`variants` by SKU, `wording` by locale: name and description. `specials` and `offers` are those not yet over."""

    id: str
    slug: str
    name: str
    description: str
    published: bool
    third_party: bool
    points_rate: Decimal | None
    required_tier_code: str | None
    category_id: str | None
    published_from: datetime | None
    published_until: datetime | None
    options: list[dict[str, Any]] | None
    attributes: list[dict[str, Any]] | None
    variants: dict[str, KnownVariant] = field(default_factory=dict[str, KnownVariant])
    wording: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    pictures: list[KnownPicture] = field(default_factory=list[KnownPicture])


PRODUCT_COLUMNS = (
    *("id", "slug", "name", "description", "published", "third_party", "points_rate", "required_tier_code"),
    *("category_id", "published_from", "published_until", "options", "attributes"),
)
_VARIANT_COLUMNS = "id product_id position sku name regular_price active on_hand reserved option_values low_stock_at"


@dataclass(frozen=True, slots=True)
class Known:
    by_slug: Mapping[str, KnownProduct]
    by_sku: Mapping[str, KnownProduct]


def read_known(conn: Connection, slugs: Collection[str], skus: Collection[str], now: datetime, *, hold: bool) -> Known:
    """The products that have one of the slugs or SKUs, whole. `hold`: nobody else changes them until the end of the
    transaction that `conn` is in; they are held in the order in which `save_product` holds one."""
    p, v = products_t.c, variants_t.c
    named = [sku for sku in skus if can_be_kept(sku)]
    found = set(conn.execute(select(p.id).where(among(p.slug, [s for s in slugs if can_be_kept(s)]))).scalars())
    found |= set(conn.execute(select(v.product_id).where(among(v.sku, named))).scalars())
    ids = sorted(found)
    products = _products(conn, ids, hold)
    by_sku: dict[str, KnownProduct] = {}
    variants = _variants(conn, ids, hold)
    for variant in variants.values():
        products[variant.product_id].variants[variant.sku] = variant
        by_sku[variant.sku] = products[variant.product_id]
    _wording(conn, products)
    _prices(conn, variants, now)
    _pictures(conn, products)
    return Known({product.slug: product for product in products.values()}, by_sku)


def read_products(conn: Connection, ids: list[str], now: datetime) -> dict[str, KnownProduct]:
    """Products by their ids, whole; their variants in their order."""
    products = _products(conn, ids, False)
    variants = _variants(conn, ids, False)
    for variant in variants.values():
        if variant.product_id in products:
            products[variant.product_id].variants[variant.sku] = variant
    _wording(conn, products)
    _prices(conn, variants, now)
    _pictures(conn, products)
    return products


def _products(conn: Connection, ids: list[str], hold: bool) -> dict[str, KnownProduct]:
    p = products_t.c
    statement = select(*(p[name] for name in PRODUCT_COLUMNS)).where(among(p.id, ids)).order_by(p.id)
    if hold:
        statement = statement.with_for_update(key_share=True)
    return {row.id: KnownProduct(*row) for row in conn.execute(statement)}


def _variants(conn: Connection, product_ids: list[str], hold: bool) -> dict[str, KnownVariant]:
    v = variants_t.c
    columns = [v[name] for name in _VARIANT_COLUMNS.split()]
    statement = select(*columns).where(among(v.product_id, product_ids)).order_by(v.id)
    if hold:
        statement = statement.with_for_update(key_share=True)
    rows = [KnownVariant(*row) for row in conn.execute(statement)]
    return {row.id: row for row in sorted(rows, key=lambda row: (row.product_id, row.position, row.id))}


def _wording(conn: Connection, products: Mapping[str, KnownProduct]) -> None:
    t = translations_t.c
    statement = select(t.subject_id, t.locale, t.name, t.description).where(among(t.subject_id, list(products)))
    for row in conn.execute(statement):
        products[row.subject_id].wording[row.locale] = (row.name, row.description)


def _prices(conn: Connection, variants: Mapping[str, KnownVariant], now: datetime) -> None:
    s, o, ids = specials_t.c, offers_t.c, list(variants)
    live = or_(s.ends_at.is_(None), s.ends_at > now)
    specials = select(*special_columns(specials_t)).where(among(s.variant_id, ids), live)
    for row in conn.execute(specials.order_by(s.starts_at, s.id)):
        variants[row.variant_id].specials.append(SpecialRecord(*row))
    live = or_(o.ends_at.is_(None), o.ends_at > now)
    for row in conn.execute(select(*OFFER_COLUMNS).where(among(o.variant_id, ids), live).order_by(o.id)):
        variants[row.variant_id].offers.append(OfferRecord(*row))


def _pictures(conn: Connection, products: Mapping[str, KnownProduct]) -> None:
    c = pictures_t.c
    statement = select(c.product_id, c.id, c.image_key, c.alt).where(among(c.product_id, list(products)))
    for row in conn.execute(statement.order_by(c.product_id, c.position, c.id)):
        products[row.product_id].pictures.append(KnownPicture(row.id, row.image_key, row.alt))

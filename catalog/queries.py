"""Reads of the catalogue: rows by their ids, and children in bulk for all the parents at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, or_, select

from catalog.columns import (
    OFFER_COLUMNS,
    PICTURE_COLUMNS,
    VARIANT_COLUMNS,
    categories_t,
    holds_at,
    in_language,
    offers_t,
    picture_record,
    pictures_t,
    product_columns,
    products_t,
    special_columns,
    special_now_t,
    specials_t,
    translations_t,
    variant_record,
    variants_t,
    with_special,
    worded,
    wording_t,
)
from catalog.offer_list import OfferFilter, OfferState, Redeemer, offer_count, offer_page
from catalog.product_list import (
    RELEVANCE,
    ProductFilter,
    category_counts,
    counts_by_category,
    product_count,
    product_page,
)
from catalog.records import (
    CategoryRecord,
    OfferRecord,
    PictureRecord,
    ProductDetails,
    ProductRecord,
    Sellable,
    SpecialRecord,
    TranslationRecord,
    VariantDetails,
    VariantRecord,
)
from catalog.sellable import sellable
from kernel.database import among, id_list

__all__ = [
    "RELEVANCE",
    "CategoryRecord",
    "OfferFilter",
    "OfferRecord",
    "OfferState",
    "PictureRecord",
    "ProductDetails",
    "ProductFilter",
    "ProductRecord",
    "Redeemer",
    "Sellable",
    "VariantDetails",
    "VariantRecord",
    "categories",
    "category_counts",
    "counts_by_category",
    "offer_count",
    "offer_page",
    "offers_by_id",
    "offers_of_variants",
    "pictures_of_products",
    "product_by_sku",
    "product_by_slug",
    "product_count",
    "product_details",
    "product_page",
    "products_by_id",
    "sellable",
    "specials_by_id",
    "specials_of_variants",
    "translations_of",
    "variant_by_sku",
    "variant_details",
    "variants_by_id",
    "variants_of_products",
    "variants_of_skus",
]

_SPECIAL_NOW = special_columns(special_now_t)

# What every list of goods reads is put together once: that costs as much as running it.
_IDS = id_list("ids")
_AT = bindparam("at", type_=offers_t.c.created_at.type)

_VARIANTS_OF_PRODUCTS = (
    select(*VARIANT_COLUMNS, *_SPECIAL_NOW)
    .select_from(with_special(variants_t, _AT))
    .where(among(variants_t.c.product_id, _IDS))
    .order_by(variants_t.c.product_id, variants_t.c.active.desc(), variants_t.c.position, variants_t.c.id)
)
_ACTIVE_VARIANTS_OF_PRODUCTS = _VARIANTS_OF_PRODUCTS.where(variants_t.c.active)
_OFFERS_OF_VARIANTS = (
    select(*OFFER_COLUMNS)
    .where(among(offers_t.c.variant_id, _IDS))
    .order_by(offers_t.c.variant_id, offers_t.c.points, offers_t.c.id)
)
_OFFERS_IN_FORCE = _OFFERS_OF_VARIANTS.where(holds_at(offers_t.c.starts_at, offers_t.c.ends_at, _AT))
_PICTURES_OF_PRODUCTS = (
    select(*PICTURE_COLUMNS, pictures_t.c.product_id)
    .where(among(pictures_t.c.product_id, _IDS))
    .order_by(pictures_t.c.product_id, pictures_t.c.position, pictures_t.c.id)
)
_FIRST_PICTURES = _PICTURES_OF_PRODUCTS.where(pictures_t.c.position == 0)


def categories(conn: Connection, locale: str | None) -> list[CategoryRecord]:
    """All categories, by name, in a language; without one, as they are."""
    name = worded(categories_t.c.name, wording_t.c.name, locale)
    rows = conn.execute(
        select(categories_t.c.id, categories_t.c.slug, name, categories_t.c.parent_id)
        .select_from(in_language(categories_t, categories_t.c.id, locale))
        .order_by(name, categories_t.c.id)
    )
    return [CategoryRecord(*row) for row in rows]


def translations_of(conn: Connection, subject_ids: Sequence[str]) -> dict[str, list[TranslationRecord]]:
    """The translations of products and categories, by locale."""
    found: dict[str, list[TranslationRecord]] = {id_: [] for id_ in subject_ids}
    c = translations_t.c
    statement = select(c.subject_id, c.locale, c.name, c.description).where(among(c.subject_id, subject_ids))
    for subject_id, *words in conn.execute(statement.order_by(c.subject_id, c.locale)):
        found[subject_id].append(TranslationRecord(*words))
    return found


def products_by_id(conn: Connection, ids: Sequence[str], locale: str | None) -> dict[str, ProductRecord]:
    """Published or not; the viewer's rights are the caller's business."""
    return {product.id: product for product in _products(conn, among(products_t.c.id, ids), locale)}


def product_by_slug(conn: Connection, slug: str, locale: str | None) -> ProductRecord | None:
    """Published or not."""
    return next(iter(_products(conn, products_t.c.slug == slug, locale)), None)


def product_by_sku(conn: Connection, sku: str, locale: str | None) -> ProductRecord | None:
    """The product that has, or had, a variant of this SKU."""
    of_sku = select(variants_t.c.product_id).where(variants_t.c.sku == sku.strip()).scalar_subquery()
    return next(iter(_products(conn, products_t.c.id == of_sku, locale)), None)


def _products(conn: Connection, where: ColumnElement[bool], locale: str | None) -> list[ProductRecord]:
    source = in_language(products_t, products_t.c.id, locale)
    rows = conn.execute(select(*product_columns(locale)).select_from(source).where(where))
    return [ProductRecord(*row) for row in rows]


def variants_of_products(
    conn: Connection, product_ids: Sequence[str], at: datetime, active_only: bool
) -> dict[str, list[VariantRecord]]:
    """Each product's variants in their order, those that are no longer sold last; every id has an entry."""
    found: dict[str, list[VariantRecord]] = {id_: [] for id_ in product_ids}
    statement = _ACTIVE_VARIANTS_OF_PRODUCTS if active_only else _VARIANTS_OF_PRODUCTS
    for row in conn.execute(statement, {"ids": product_ids, "at": at}):
        found[row.product_id].append(variant_record(row))
    return found


def product_details(conn: Connection, product_ids: Sequence[str]) -> dict[str, ProductDetails]:
    p = products_t.c
    rows = conn.execute(select(p.id, p.options, p.attributes).where(among(p.id, product_ids)))
    return {id_: ProductDetails(options or [], attributes or []) for id_, options, attributes in rows}


def variant_details(conn: Connection, variant_ids: Sequence[str]) -> dict[str, VariantDetails]:
    v = variants_t.c
    rows = conn.execute(select(v.id, v.option_values, v.low_stock_at).where(among(v.id, variant_ids)))
    return {id_: VariantDetails(values or [], low_stock_at) for id_, values, low_stock_at in rows}


def variants_by_id(conn: Connection, ids: Sequence[str], at: datetime) -> dict[str, VariantRecord]:
    """Sold or no longer sold."""
    statement = (
        select(*VARIANT_COLUMNS, *_SPECIAL_NOW)
        .select_from(with_special(variants_t, at))
        .where(among(variants_t.c.id, ids))
    )
    return {row.id: variant_record(row) for row in conn.execute(statement)}


def variant_by_sku(conn: Connection, sku: str, at: datetime) -> VariantRecord | None:
    """Sold or no longer sold."""
    id_ = conn.execute(select(variants_t.c.id).where(variants_t.c.sku == sku.strip())).scalar()
    return None if id_ is None else variants_by_id(conn, [id_], at)[id_]


def variants_of_skus(conn: Connection, skus: Sequence[str], at: datetime) -> dict[str, VariantRecord]:
    """Sold or no longer sold, by their SKUs; those that nothing has are left out."""
    ids = conn.execute(select(variants_t.c.id).where(among(variants_t.c.sku, skus))).scalars().all()
    return {variant.sku: variant for variant in variants_by_id(conn, ids, at).values()}


def specials_of_variants(conn: Connection, variant_ids: Sequence[str], at: datetime) -> dict[str, list[SpecialRecord]]:
    """Special prices in force and planned, first to start first; every id has an entry."""
    found: dict[str, list[SpecialRecord]] = {id_: [] for id_ in variant_ids}
    s = specials_t.c
    statement = (
        select(*special_columns(specials_t))
        .where(among(s.variant_id, variant_ids), or_(s.ends_at.is_(None), s.ends_at > at))
        .order_by(s.variant_id, s.starts_at, s.id)
    )
    for row in conn.execute(statement):
        found[row.variant_id].append(SpecialRecord(*row))
    return found


def specials_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, SpecialRecord]:
    rows = conn.execute(select(*special_columns(specials_t)).where(among(specials_t.c.id, ids)))
    return {row.id: SpecialRecord(*row) for row in rows}


def offers_of_variants(
    conn: Connection, variant_ids: Sequence[str], at: datetime | None
) -> dict[str, list[OfferRecord]]:
    """Exchange offers in force at an instant, or all of them; those of fewest points first. Every id has an entry."""
    found: dict[str, list[OfferRecord]] = {id_: [] for id_ in variant_ids}
    statement = _OFFERS_OF_VARIANTS if at is None else _OFFERS_IN_FORCE
    for row in conn.execute(statement, {"ids": variant_ids} if at is None else {"ids": variant_ids, "at": at}):
        found[row.variant_id].append(OfferRecord(*row))
    return found


def offers_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, OfferRecord]:
    """Whether in force or not."""
    rows = conn.execute(select(*OFFER_COLUMNS).where(among(offers_t.c.id, ids)))
    return {row.id: OfferRecord(*row) for row in rows}


def pictures_of_products(
    conn: Connection, product_ids: Sequence[str], *, first_only: bool = False
) -> dict[str, list[PictureRecord]]:
    """Each product's pictures in their order; every id has an entry."""
    found: dict[str, list[PictureRecord]] = {id_: [] for id_ in product_ids}
    for row in conn.execute(_FIRST_PICTURES if first_only else _PICTURES_OF_PRODUCTS, {"ids": product_ids}):
        found[row.product_id].append(picture_record(row[:5]))
    return found

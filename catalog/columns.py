"""The catalogue's tables, and the columns that its records are made of, in the records' order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, FromClause, and_, func, or_
from sqlalchemy.sql.selectable import NamedFromClause

from catalog.records import PictureRecord, SpecialRecord, VariantRecord
from catalog.tables import (
    CategoryRow,
    ExchangeOfferRow,
    PriceChangeRow,
    ProductImageRow,
    ProductRow,
    SearchPostingRow,
    SpecialPriceRow,
    StockMovementRow,
    TranslationRow,
    VariantRow,
)
from kernel.database import table_of

categories_t = table_of(CategoryRow)
translations_t = table_of(TranslationRow)
products_t = table_of(ProductRow)
pictures_t = table_of(ProductImageRow)
variants_t = table_of(VariantRow)
specials_t = table_of(SpecialPriceRow)
offers_t = table_of(ExchangeOfferRow)
movements_t = table_of(StockMovementRow)
price_changes_t = table_of(PriceChangeRow)
postings_t = table_of(SearchPostingRow)

wording_t = translations_t.alias("wording")
"""The translation in the language that was asked for; see `in_language`."""

special_now_t = specials_t.alias("special_now")
"""The special price in force; see `with_special`."""

VARIANT_COLUMNS: tuple[ColumnElement[Any], ...] = (
    variants_t.c.id,
    variants_t.c.product_id,
    variants_t.c.sku,
    variants_t.c.name,
    variants_t.c.regular_price,
    variants_t.c.active,
    variants_t.c.on_hand,
    variants_t.c.reserved,
)

OFFER_COLUMNS: tuple[ColumnElement[Any], ...] = (
    offers_t.c.id,
    offers_t.c.variant_id,
    offers_t.c.cash,
    offers_t.c.points,
    offers_t.c.starts_at,
    offers_t.c.ends_at,
    offers_t.c.quota,
    offers_t.c.redeemed,
    offers_t.c.per_member_limit,
    offers_t.c.required_tier_code,
    offers_t.c.created_at,
    offers_t.c.daily_limit,
    offers_t.c.weekly_limit,
    offers_t.c.monthly_limit,
)

PICTURE_COLUMNS: tuple[ColumnElement[Any], ...] = (
    pictures_t.c.image_key,
    pictures_t.c.width,
    pictures_t.c.height,
    pictures_t.c.placeholder,
    pictures_t.c.alt,
)


def special_columns(specials: NamedFromClause) -> tuple[ColumnElement[Any], ...]:
    c = specials.c
    return (c.id, c.variant_id, c.price, c.price_class, c.starts_at, c.ends_at)


def in_language(rows: FromClause, subject_id: ColumnElement[str], locale: str | None) -> FromClause:
    """`rows` with their translation, where there is one, as `wording_t`. Without a locale: as they are."""
    if locale is None:
        return rows
    return rows.outerjoin(wording_t, and_(wording_t.c.subject_id == subject_id, wording_t.c.locale == locale))


def worded(own: ColumnElement[str], translated: ColumnElement[str], locale: str | None) -> ColumnElement[str]:
    """The text in the language asked for, else as it is. A translation may lack a description."""
    if locale is None:
        return own
    return func.coalesce(func.nullif(translated, ""), own).label(None)


def product_columns(locale: str | None) -> tuple[ColumnElement[Any], ...]:
    p, w = products_t.c, wording_t.c
    return (
        p.id,
        p.slug,
        worded(p.name, w.name, locale),
        worded(p.description, w.description, locale),
        p.published,
        p.third_party,
        p.points_rate,
        p.required_tier_code,
        p.category_id,
        p.created_at,
        p.published_from,
        p.published_until,
    )


def is_published(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Whether a product is published at an instant."""
    p = products_t.c
    return and_(p.published, holds_at(p.published_from, p.published_until, at))


def holds_at(
    starts_at: ColumnElement[datetime | None],
    ends_at: ColumnElement[datetime | None],
    at: datetime | BindParameter[datetime],
) -> ColumnElement[bool]:
    """From its start until just before its end (R2, R11)."""
    return and_(or_(starts_at.is_(None), starts_at <= at), or_(ends_at.is_(None), ends_at > at))


def with_special(variants: FromClause, at: datetime | BindParameter[datetime]) -> FromClause:
    """`variants` with the special price in force as `special_now_t`; windows never overlap, so there is one at most."""
    c = special_now_t.c
    return variants.outerjoin(
        special_now_t,
        and_(c.variant_id == variants_t.c.id, c.starts_at <= at, or_(c.ends_at.is_(None), c.ends_at > at)),
    )


def variant_record(row: Sequence[Any]) -> VariantRecord:
    """From VARIANT_COLUMNS followed by the special price's columns."""
    return VariantRecord(*row[:8], special=SpecialRecord(*row[8:14]) if row[8] is not None else None)


def picture_record(row: Sequence[Any]) -> PictureRecord:
    return PictureRecord(*row)

"""The list of products: which belong to it, in which order, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, exists, func, select

from catalog.category_tree import below
from catalog.columns import (
    holds_at,
    in_language,
    offers_t,
    product_columns,
    products_t,
    special_now_t,
    variants_t,
    with_special,
    worded,
    wording_t,
)
from catalog.current_price import current_price_sql
from catalog.records import ProductRecord
from catalog.search import finds
from kernel.money import MONEY_LIMIT
from kernel.paging import Page, Sort, Window, keyset, take_page
from program.config import Program

_active_variant = and_(variants_t.c.product_id == products_t.c.id, variants_t.c.active)


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Empty: all. A category includes those below it. `price_class` is a variant's now; EXCHANGE: has an offer."""

    category_slug: str | None = None
    search: str | None = None
    price_class: str | None = None
    in_stock: bool | None = None


EVERYTHING = ProductFilter()


def product_page(
    conn: Connection,
    window: Window,
    *,
    locale: str | None,
    at: datetime,
    program: Program,
    published_only: bool = True,
    filter: ProductFilter = EVERYTHING,
    sort: str = "NEWEST",
) -> Page[ProductRecord]:
    """A page of products. `sort`: NEWEST, NAME, PRICE_ASC or PRICE_DESC (lowest current price, entry tier).

    The records carry their key: `(created_at, id)`, `(name, id)` or `(minor units, id)`.
    `published_only` is the shop's view: neither withdrawn products nor those with nothing left to sell.
    """
    source: FromClause = in_language(products_t, products_t.c.id, locale)
    if sort in ("PRICE_ASC", "PRICE_DESC"):
        lowest = _lowest_prices(program, at)
        source = source.outerjoin(lowest, lowest.c.product_id == products_t.c.id)
        weight: ColumnElement[Any] = func.coalesce(lowest.c.price, MONEY_LIMIT)
        order: Sort = [(weight, sort == "PRICE_DESC"), (products_t.c.id, False)]
    elif sort == "NAME":
        weight = worded(products_t.c.name_key, wording_t.c.name_key, locale)
        order = [(weight, False), (products_t.c.id, False)]
    else:
        weight = products_t.c.created_at
        order = [(weight, True), (products_t.c.id, True)]
    statement = select(*product_columns(locale), weight).select_from(source)
    statement = _narrowed(statement, filter, published_only, at)
    rows: Sequence[Any] = conn.execute(keyset(statement, window, order)).all()
    return take_page([ProductRecord(*row[:10], key=(row[10], row[0])) for row in rows], window)


def product_count(
    conn: Connection, *, at: datetime, published_only: bool = True, filter: ProductFilter = EVERYTHING
) -> int:
    """How many products the whole list has."""
    statement = _narrowed(select(func.count()).select_from(products_t), filter, published_only, at)
    return conn.execute(statement).scalar_one()


def _narrowed(statement: Select[Any], filter: ProductFilter, published_only: bool, at: datetime) -> Select[Any]:
    if published_only:
        statement = statement.where(products_t.c.published, exists().where(_active_variant))
    if filter.category_slug is not None:
        statement = statement.where(products_t.c.category_id.in_(below(filter.category_slug)))
    found = finds(products_t.c.search_text, filter.search) if filter.search else None
    if found is not None:
        statement = statement.where(found)
    if filter.in_stock is not None:
        available = exists().where(_active_variant, variants_t.c.on_hand > variants_t.c.reserved)
        statement = statement.where(available if filter.in_stock else ~available)
    if filter.price_class is not None:
        statement = statement.where(_has_class(filter.price_class, at))
    return statement


def _has_class(price_class: str, at: datetime) -> ColumnElement[bool]:
    """Whether an active variant is sold in this price class now (R2)."""
    if price_class == "EXCHANGE":
        offered = variants_t.join(offers_t, offers_t.c.variant_id == variants_t.c.id)
        in_force = holds_at(offers_t.c.starts_at, offers_t.c.ends_at, at)
        return exists().select_from(offered).where(_active_variant, in_force)
    sold = exists().select_from(with_special(variants_t, at)).where(_active_variant)
    if price_class == "REGULAR":
        return sold.where(special_now_t.c.id.is_(None))
    return sold.where(special_now_t.c.price_class == price_class)


def _lowest_prices(program: Program, at: datetime) -> FromClause:
    """The lowest current price of each product's active variants, for the entry tier."""
    price = current_price_sql(
        program,
        program.entry_tier,
        variants_t.c.regular_price,
        special_now_t.c.price,
        special_now_t.c.price_class,
    )
    return (
        select(variants_t.c.product_id, func.min(price).label("price"))
        .select_from(with_special(variants_t, at))
        .where(variants_t.c.active)
        .group_by(variants_t.c.product_id)
        .subquery("lowest")
    )

"""The list of products: which belong to it, in which order, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, exists, func, not_, select

from catalog.category_tree import below
from catalog.columns import (
    categories_t,
    holds_at,
    in_language,
    is_published,
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
from catalog.finding.document import category_word
from catalog.finding.found import Found
from catalog.finding.lookup import look_up
from catalog.finding.ranked import matches, ranked_page
from catalog.finding.terms import read_search
from catalog.records import ProductRecord
from kernel.money import MONEY_LIMIT
from kernel.paging import Page, Sort, Window, keyset, take_page
from program.config import Program

RELEVANCE = "RELEVANCE"

_active_variant = and_(variants_t.c.product_id == products_t.c.id, variants_t.c.active)


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Empty: all. A category includes those below it. `price_class` is a variant's now; EXCHANGE: has an offer.

    Prices are a variant's now, for the entry tier, in minor units, both ends included.
    """

    category_slug: str | None = None
    search: str | None = None
    price_class: str | None = None
    in_stock: bool | None = None
    min_price: int | None = None
    max_price: int | None = None
    published: bool | None = None


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
    """A page of products. `sort`: NEWEST, NAME, PRICE_ASC or PRICE_DESC (lowest current price, entry tier); RELEVANCE
    for a search.

    The records carry their key: `(created_at, id)`, `(name, id)`, `(minor units, id)` or `(rank, number)`.
    `published_only` is the shop's view: neither withdrawn products nor those with nothing left to sell.
    """
    source: FromClause = in_language(products_t, products_t.c.id, locale)
    found = _found(conn, filter)
    conditions = _conditions(filter, published_only, at, program)
    if sort == RELEVANCE and found is not None:
        page = ranked_page(conn, window, found, product_columns(locale), source, conditions)
        items = [ProductRecord(*row[:-2], key=(row[-2], row[-1])) for row in page.items]
        return Page(items, page.has_next, page.has_previous)
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
    statement = select(*product_columns(locale), weight).select_from(source).where(*conditions)
    if found is not None:
        statement = statement.where(matches(found))
    rows: Sequence[Any] = conn.execute(keyset(statement, window, order)).all()
    return take_page([ProductRecord(*row[:-1], key=(row[-1], row[0])) for row in rows], window)


def product_count(
    conn: Connection,
    *,
    at: datetime,
    program: Program,
    published_only: bool = True,
    filter: ProductFilter = EVERYTHING,
) -> int:
    """How many products the whole list has."""
    statement: Any = select(func.count()).select_from(products_t)
    return conn.execute(_all_of(conn, statement, filter, published_only, at, program)).scalar_one()


def slugs_and_ids(
    conn: Connection, *, at: datetime, program: Program, filter: ProductFilter = EVERYTHING
) -> list[tuple[str, str]]:
    """All products that fit, published or not, by slug; sorted here: each database has its own order of texts."""
    statement: Any = select(products_t.c.slug, products_t.c.id)
    rows: Sequence[Any] = conn.execute(_all_of(conn, statement, filter, False, at, program)).all()
    return sorted((slug, id_) for slug, id_ in rows)


def counts_by_category(
    conn: Connection,
    *,
    at: datetime,
    program: Program,
    published_only: bool = True,
    filter: ProductFilter = EVERYTHING,
) -> dict[str | None, int]:
    """How many products of the whole list are in each category itself, by its id, and in none; where any are."""
    statement: Any = select(products_t.c.category_id, func.count()).group_by(products_t.c.category_id)
    rows: Sequence[Any] = conn.execute(_all_of(conn, statement, filter, published_only, at, program)).all()
    return {row[0]: row[1] for row in rows}


def category_counts(
    conn: Connection,
    *,
    at: datetime,
    program: Program,
    published_only: bool = True,
    filter: ProductFilter = EVERYTHING,
) -> dict[str, int]:
    """The same without those that are in no category."""
    found = counts_by_category(conn, at=at, program=program, published_only=published_only, filter=filter)
    return {category_id: count for category_id, count in found.items() if category_id is not None}


def _all_of(
    conn: Connection,
    statement: Select[Any],
    filter: ProductFilter,
    published_only: bool,
    at: datetime,
    program: Program,
) -> Select[Any]:
    found = _found(conn, filter)
    statement = statement.where(*_conditions(filter, published_only, at, program))
    return statement if found is None else statement.where(matches(found))


def _found(conn: Connection, filter: ProductFilter) -> Found | None:
    """What the search finds; None where nothing is searched for. A category narrows the search down as another word."""
    search = read_search(filter.search or "")
    if search.is_blank:
        return None
    narrowing: str | None = None
    if filter.category_slug is not None:
        c = categories_t.c
        category_id = conn.execute(select(c.id).where(c.slug == filter.category_slug)).scalar()
        narrowing = category_word(category_id or "")
    return look_up(conn, search, narrowing)


def _conditions(
    filter: ProductFilter, published_only: bool, at: datetime, program: Program
) -> list[ColumnElement[bool]]:
    """What the filter asks for, but for what is searched for."""
    conditions: list[ColumnElement[bool]] = []
    if published_only:
        conditions += [is_published(at), exists().where(_active_variant)]
    if filter.category_slug is not None:
        conditions.append(products_t.c.category_id.in_(below(filter.category_slug)))
    if filter.published is not None:
        conditions.append(is_published(at) if filter.published else not_(is_published(at)))
    if filter.in_stock is not None:
        available = exists().where(_active_variant, variants_t.c.on_hand > variants_t.c.reserved)
        conditions.append(available if filter.in_stock else ~available)
    if filter.price_class is not None:
        conditions.append(_has_class(filter.price_class, at))
    if filter.min_price is not None or filter.max_price is not None:
        conditions.append(_costs(filter, program, at))
    return conditions


def _costs(filter: ProductFilter, program: Program, at: datetime) -> ColumnElement[bool]:
    """Whether an active variant's current price lies between the two."""
    price = _price_now(program)
    bounds: list[ColumnElement[bool]] = []
    if filter.min_price is not None:
        bounds.append(price >= filter.min_price)
    if filter.max_price is not None:
        bounds.append(price <= filter.max_price)
    return exists().select_from(with_special(variants_t, at)).where(_active_variant, *bounds)


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


def _price_now(program: Program) -> ColumnElement[int]:
    """The current price for the entry tier."""
    special = special_now_t.c
    return current_price_sql(
        program, program.entry_tier, variants_t.c.regular_price, special.price, special.price_class
    )


def _lowest_prices(program: Program, at: datetime) -> FromClause:
    """The lowest current price of each product's active variants, for the entry tier."""
    return (
        select(variants_t.c.product_id, func.min(_price_now(program)).label("price"))
        .select_from(with_special(variants_t, at))
        .where(variants_t.c.active)
        .group_by(variants_t.c.product_id)
        .subquery("lowest")
    )

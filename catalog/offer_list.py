"""The list of exchange offers: which belong to it, in which order, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from catalog.category_tree import below
from catalog.columns import OFFER_COLUMNS, holds_at, is_published, offers_t, products_t, variants_t
from catalog.finding.lookup import look_up
from catalog.finding.ranked import matches
from catalog.finding.terms import read_search
from catalog.pairs import number_of, pairs_parameter
from catalog.records import OfferRecord
from kernel.database import among
from kernel.paging import Page, Sort, Window, keyset, take_page


@dataclass(frozen=True, slots=True)
class Redeemer:
    """What decides which offers a member may redeem: tiers up to their own, points, units used of each offer.

    Those used are told in all, and of them those of this day, week and month.
    """

    tier_codes: Collection[str]
    available: int
    used: Mapping[str, int] = field(default_factory=dict[str, int])
    used_today: Mapping[str, int] = field(default_factory=dict[str, int])
    used_this_week: Mapping[str, int] = field(default_factory=dict[str, int])
    used_this_month: Mapping[str, int] = field(default_factory=dict[str, int])


class OfferState(StrEnum):
    """Where an instant lies: in an offer's window, before it, or after it."""

    NOW = "NOW"
    AHEAD = "AHEAD"
    OVER = "OVER"


@dataclass(frozen=True, slots=True)
class OfferFilter:
    """Empty: all. A category includes those below it; `redeemer`: only what they may redeem now (R13).

    `search` is a SKU, or what its product is found under; `state`: only those whose windows lie so to an instant,
    whether their goods are sold or not.
    """

    category_slug: str | None = None
    max_points: int | None = None
    redeemer: Redeemer | None = None
    sku: str | None = None
    search: str | None = None
    state: tuple[OfferState, datetime] | None = None


EVERYTHING = OfferFilter()


def offer_page(
    conn: Connection,
    window: Window,
    *,
    at: datetime | None,
    filter: OfferFilter = EVERYTHING,
    sort: str = "NEWEST",
) -> Page[OfferRecord]:
    """A page of offers. `sort`: NEWEST, POINTS_ASC or POINTS_DESC. Without an instant: all there are, for staff.

    With one, the shop's view: offers in force then, of variants that are sold. The records carry their key:
    `(created_at, id)` or `(points, id)`.
    """
    o = offers_t.c
    if sort == "NEWEST":
        weight: ColumnElement[Any] = o.created_at
        order: Sort = [(weight, True), (o.id, True)]
    else:
        weight = o.points
        order = [(weight, sort == "POINTS_DESC"), (o.id, False)]
    statement = _narrowed(conn, select(*OFFER_COLUMNS, weight), filter, at)
    rows: Sequence[Any] = conn.execute(keyset(statement, window, order)).all()
    return take_page([OfferRecord(*row[:-1], key=(row[-1], row[0])) for row in rows], window)


def offer_count(conn: Connection, *, at: datetime | None, filter: OfferFilter = EVERYTHING) -> int:
    """How many offers the whole list has."""
    return conn.execute(_narrowed(conn, select(func.count(offers_t.c.id)), filter, at)).scalar_one()


def _narrowed(conn: Connection, statement: Select[Any], filter: OfferFilter, at: datetime | None) -> Select[Any]:
    o = offers_t.c
    goods = offers_t.join(variants_t, variants_t.c.id == o.variant_id).join(
        products_t, products_t.c.id == variants_t.c.product_id
    )
    statement = statement.select_from(goods)
    if at is not None:
        statement = statement.where(holds_at(o.starts_at, o.ends_at, at), variants_t.c.active, is_published(at))
    if filter.category_slug is not None:
        statement = statement.where(products_t.c.category_id.in_(below(filter.category_slug)))
    if filter.max_points is not None:
        statement = statement.where(o.points <= filter.max_points)
    if filter.sku is not None:
        statement = statement.where(variants_t.c.sku == filter.sku.strip())
    if filter.redeemer is not None:
        statement = statement.where(_may_redeem(filter.redeemer))
    if filter.state is not None:
        statement = statement.where(_stands(*filter.state))
    return statement.where(*_found(conn, filter.search or ""))


def _stands(state: OfferState, at: datetime) -> ColumnElement[bool]:
    o = offers_t.c
    over = and_(o.ends_at.is_not(None), o.ends_at <= at)
    return {
        OfferState.NOW: holds_at(o.starts_at, o.ends_at, at),
        OfferState.AHEAD: and_(o.starts_at > at, ~over),
        OfferState.OVER: over,
    }[state]


def _found(conn: Connection, text: str) -> Sequence[ColumnElement[bool]]:
    """Whoever writes a whole SKU wants the offers of it, not those of its sisters."""
    search = read_search(text)
    if search.is_blank:
        return []
    v = variants_t.c
    of_sku = conn.execute(select(v.id).where(v.sku == text.strip())).scalar()
    return [matches(look_up(conn, search)) if of_sku is None else v.id == of_sku]


def _may_redeem(who: Redeemer) -> ColumnElement[bool]:
    o = offers_t.c
    limits = (
        (o.per_member_limit, who.used),
        (o.daily_limit, who.used_today),
        (o.weekly_limit, who.used_this_week),
        (o.monthly_limit, who.used_this_month),
    )
    tiers = sorted(who.tier_codes)
    return and_(
        o.points <= who.available,
        or_(o.quota.is_(None), o.redeemed < o.quota),
        *(
            or_(limit.is_(None), limit > func.coalesce(number_of(o.id, pairs_parameter("used", used)), 0))
            for limit, used in limits
        ),
        *(or_(code.is_(None), among(code, tiers)) for code in (o.required_tier_code, products_t.c.required_tier_code)),
    )

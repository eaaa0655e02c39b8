"""The shop's lists with pages: products and exchange offers."""

from __future__ import annotations

from datetime import datetime

from catalog import queries as catalog
from catalog.queries import OfferRecord, ProductRecord, Redeemer
from checkout.limits import starts_at
from checkout.redemptions import units_redeemed
from kernel.money import POINTS_LIMIT
from kernel.paging import Page
from schema.connections import Ordering, PageArguments, connect, given, window_of
from schema.selection import Selection
from schema.shop.catalogue import (
    CategoryCount,
    ExchangeOfferConnection,
    ExchangeOfferEdge,
    ProductConnection,
    ProductEdge,
)
from schema.shop.catalogue_reads import category_tree, offer_types, product_types
from schema.shop.inputs import ExchangeOfferFilter, ExchangeOfferSort, ProductFilter, ProductSort
from schema.shop.request import View
from schema.texts import searched, sought, sought_price


def _product_ordering(sort: ProductSort, weight: type) -> Ordering[ProductRecord]:
    return Ordering(f"products:{sort.value}", (weight, str), lambda product: product.key)


def _offer_ordering(sort: ExchangeOfferSort, weight: type) -> Ordering[OfferRecord]:
    return Ordering(f"offers:{sort.value}", (weight, str), lambda offer: offer.key)


PRODUCTS = {
    ProductSort.NEWEST: _product_ordering(ProductSort.NEWEST, datetime),
    ProductSort.NAME: _product_ordering(ProductSort.NAME, str),
    ProductSort.PRICE_ASC: _product_ordering(ProductSort.PRICE_ASC, int),
    ProductSort.PRICE_DESC: _product_ordering(ProductSort.PRICE_DESC, int),
}

BEST_FIRST: Ordering[ProductRecord] = Ordering("products:RELEVANCE", (int, int), lambda product: product.key)

OFFERS = {
    ExchangeOfferSort.NEWEST: _offer_ordering(ExchangeOfferSort.NEWEST, datetime),
    ExchangeOfferSort.POINTS_ASC: _offer_ordering(ExchangeOfferSort.POINTS_ASC, int),
    ExchangeOfferSort.POINTS_DESC: _offer_ordering(ExchangeOfferSort.POINTS_DESC, int),
}


def product_connection(
    view: View, page: PageArguments, only: ProductFilter | None, by: ProductSort | None, wanted: Selection
) -> ProductConnection:
    """Published products that somebody could buy. What is searched for comes best first, unless it is sorted."""
    narrowed = _product_filter(view, only)
    best_first = by is None and bool((narrowed.search or "").strip())
    sort = by or ProductSort.NEWEST
    ordering = BEST_FIRST if best_first else PRODUCTS[sort]
    window = window_of(*page, ordering)
    found = catalog.product_page(
        view.conn,
        window,
        locale=view.locale,
        at=view.now,
        program=view.program,
        filter=narrowed,
        sort=catalog.RELEVANCE if best_first else sort.value,
    )
    total = (
        catalog.product_count(view.conn, at=view.now, program=view.program, filter=narrowed)
        if "totalCount" in wanted
        else 0
    )
    nodes = product_types(view, found.items, wanted.at("edges", "node"))
    counts = _category_counts(view, narrowed) if "categoryCounts" in wanted else []
    connection = connect(ProductConnection, ProductEdge, found, nodes, ordering, total)
    connection.category_counts = counts
    return connection


def _category_counts(view: View, narrowed: catalog.ProductFilter) -> list[CategoryCount]:
    """Each category that has any, in the order of the tree's names; what is below a category counts for it too."""
    own = catalog.category_counts(view.conn, at=view.now, program=view.program, filter=narrowed)
    tree = category_tree(view)
    counts: dict[str, int] = {}
    for id_, count in own.items():
        category = tree.get(id_)
        while category is not None:
            counts[category.id] = counts.get(category.id, 0) + count
            category = category.parent
    return [CategoryCount(category=category, count=counts[id_]) for id_, category in tree.items() if id_ in counts]


def _product_filter(view: View, only: ProductFilter | None) -> catalog.ProductFilter:
    if only is None:
        return catalog.ProductFilter()
    price_class = given(only.price_class)
    return catalog.ProductFilter(
        category_slug=sought(given(only.category_slug)),
        search=searched(given(only.search)),
        price_class=price_class.value if price_class else None,
        in_stock=given(only.in_stock),
        min_price=sought_price(given(only.min_price), view.program.currency),
        max_price=sought_price(given(only.max_price), view.program.currency),
    )


def offer_connection(
    view: View,
    page: PageArguments,
    only: ExchangeOfferFilter | None,
    by: ExchangeOfferSort | None,
    wanted: Selection,
) -> ExchangeOfferConnection:
    """Offers in force, of goods that are sold."""
    sort = by or ExchangeOfferSort.NEWEST
    ordering = OFFERS[sort]
    window = window_of(*page, ordering)
    redeemer = None
    if only is not None and given(only.redeemable):
        redeemer = _redeemer(view)
        if redeemer is None:
            nobody: Page[OfferRecord] = Page([], has_next=False, has_previous=False)
            return connect(ExchangeOfferConnection, ExchangeOfferEdge, nobody, [], ordering)
    narrowed = catalog.OfferFilter(
        category_slug=sought(given(only.category_slug)) if only else None,
        max_points=_most_points(given(only.max_points)) if only else None,
        redeemer=redeemer,
    )
    found = catalog.offer_page(view.conn, window, at=view.now, filter=narrowed, sort=sort.value)
    total = catalog.offer_count(view.conn, at=view.now, filter=narrowed) if "totalCount" in wanted else 0
    nodes = offer_types(view, found.items, wanted.at("edges", "node"))
    return connect(ExchangeOfferConnection, ExchangeOfferEdge, found, nodes, ordering, total)


def _most_points(points: int | None) -> int | None:
    return None if points is None else max(-1, min(points, POINTS_LIMIT))


def _redeemer(view: View) -> Redeemer | None:
    """What decides what the viewer may redeem; None signed out."""
    viewer = view.viewer
    if viewer is None:
        return None
    rank = view.tier.rank
    used = units_redeemed(view.conn, viewer.member_id, starts_at(view.now, view.program.zone))
    return Redeemer(
        tier_codes=[tier.code for tier in view.program.tiers if tier.rank <= rank],
        available=viewer.balance,
        used={offer_id: units.life for offer_id, units in used.items()},
        used_today={offer_id: units.day for offer_id, units in used.items()},
        used_this_week={offer_id: units.week for offer_id, units in used.items()},
        used_this_month={offer_id: units.month for offer_id, units in used.items()},
    )

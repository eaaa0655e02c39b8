"""The shop's lists with pages: products and exchange offers."""

from __future__ import annotations

from datetime import datetime

from catalog import queries as catalog
from catalog.queries import OfferRecord, ProductRecord, Redeemer
from checkout.redemptions import units_redeemed
from kernel.paging import Page
from schema.connections import Ordering, PageArguments, connect, given, window_of
from schema.selection import Selection
from schema.shop.catalogue import (
    ExchangeOfferConnection,
    ExchangeOfferEdge,
    ProductConnection,
    ProductEdge,
)
from schema.shop.catalogue_reads import offer_types, product_types
from schema.shop.inputs import ExchangeOfferFilter, ExchangeOfferSort, ProductFilter, ProductSort
from schema.shop.request import View
from schema.texts import sought


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

OFFERS = {
    ExchangeOfferSort.NEWEST: _offer_ordering(ExchangeOfferSort.NEWEST, datetime),
    ExchangeOfferSort.POINTS_ASC: _offer_ordering(ExchangeOfferSort.POINTS_ASC, int),
    ExchangeOfferSort.POINTS_DESC: _offer_ordering(ExchangeOfferSort.POINTS_DESC, int),
}


def product_connection(
    view: View, page: PageArguments, only: ProductFilter | None, by: ProductSort | None, wanted: Selection
) -> ProductConnection:
    """Published products that somebody could buy."""
    sort = by or ProductSort.NEWEST
    ordering = PRODUCTS[sort]
    window = window_of(*page, ordering)
    narrowed = _product_filter(only)
    found = catalog.product_page(
        view.conn,
        window,
        locale=view.locale,
        at=view.now,
        program=view.program,
        filter=narrowed,
        sort=sort.value,
    )
    total = catalog.product_count(view.conn, at=view.now, filter=narrowed) if "totalCount" in wanted else 0
    nodes = product_types(view, found.items, wanted.at("edges", "node"))
    return connect(ProductConnection, ProductEdge, found, nodes, ordering, total)


def _product_filter(only: ProductFilter | None) -> catalog.ProductFilter:
    if only is None:
        return catalog.ProductFilter()
    price_class = given(only.price_class)
    return catalog.ProductFilter(
        category_slug=sought(given(only.category_slug)),
        search=sought(given(only.search)),
        price_class=price_class.value if price_class else None,
        in_stock=given(only.in_stock),
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
        max_points=given(only.max_points) if only else None,
        redeemer=redeemer,
    )
    found = catalog.offer_page(view.conn, window, at=view.now, filter=narrowed, sort=sort.value)
    total = catalog.offer_count(view.conn, at=view.now, filter=narrowed) if "totalCount" in wanted else 0
    nodes = offer_types(view, found.items, wanted.at("edges", "node"))
    return connect(ExchangeOfferConnection, ExchangeOfferEdge, found, nodes, ordering, total)


def _redeemer(view: View) -> Redeemer | None:
    """What decides what the viewer may redeem; None signed out."""
    viewer = view.viewer
    if viewer is None:
        return None
    rank = view.tier.rank
    return Redeemer(
        tier_codes=[tier.code for tier in view.program.tiers if tier.rank <= rank],
        available=viewer.balance,
        used=units_redeemed(view.conn, viewer.member_id),
    )

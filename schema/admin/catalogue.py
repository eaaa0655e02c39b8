"""Reading the catalogue: everything there is, whether it is sold or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry import UNSET

from catalog import queries
from catalog.queries import RELEVANCE, OfferFilter, OfferRecord, ProductFilter
from checkout.tables import PriceClass
from schema.admin.context import Info
from schema.admin.lists import BEST_PRODUCTS, NEWEST_OFFERS, NEWEST_PRODUCTS, counted
from schema.admin.types_catalogue import (
    Category,
    ExchangeOffer,
    ExchangeOfferConnection,
    ExchangeOfferEdge,
    Product,
    ProductConnection,
    ProductEdge,
)
from schema.codes import bad_input
from schema.connections import connect, given, window_of
from schema.context import Reading
from schema.locale import Locale
from schema.texts import searched, sought, sought_price


def offers_shown(reading: Reading, offers: Sequence[OfferRecord], locale: Locale) -> list[ExchangeOffer]:
    """Offers as staff see them: what they give away follows from the regular price and the program of today."""
    variants = queries.variants_by_id(reading.conn, [offer.variant_id for offer in offers], reading.now)
    return [ExchangeOffer.of(offer, variants[offer.variant_id], reading.program, locale) for offer in offers]


@strawberry.type
class CatalogueQuery:
    @strawberry.field(description="The roots of the tree.")
    async def categories(self, info: Info) -> list[Category]:
        categories = await info.context.loaders.categories()
        return [Category.of(category) for category in categories if category.parent_id is None]

    @strawberry.field(description="Newest first; what is searched for, best first.")
    async def products(
        self,
        info: Info,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
        search: str | None = UNSET,
        category_slug: str | None = UNSET,
        published: bool | None = UNSET,
        price_class: PriceClass | None = UNSET,
        in_stock: bool | None = UNSET,
        min_price: Annotated[
            Decimal | None,
            strawberry.argument(description="Here and in maxPrice: of a variant's current price, for the entry tier."),
        ] = UNSET,
        max_price: Decimal | None = UNSET,
    ) -> ProductConnection:
        class_ = given(price_class)
        narrowed = ProductFilter(
            search=searched(given(search)),
            category_slug=sought(given(category_slug)),
            published=given(published),
            price_class=class_.value if class_ else None,
            in_stock=given(in_stock),
        )
        best_first = bool((narrowed.search or "").strip())
        ordering = BEST_PRODUCTS if best_first else NEWEST_PRODUCTS
        wanted = window_of(first, after, last, before, ordering)
        count = counted(info, queries.product_count)
        locale = info.context.locale

        def read(reading: Reading) -> ProductConnection:
            currency = reading.program.currency
            lowest, highest = (sought_price(given(price), currency) for price in (min_price, max_price))
            within = replace(narrowed, min_price=lowest, max_price=highest)
            page = queries.product_page(
                reading.conn,
                wanted,
                locale=locale,
                at=reading.now,
                program=reading.program,
                published_only=False,
                filter=within,
                sort=RELEVANCE if best_first else "NEWEST",
            )
            total = count(reading.conn, published_only=False, filter=within, at=reading.now, program=reading.program)
            nodes = [Product.of(product, currency) for product in page.items]
            return connect(ProductConnection, ProductEdge, page, nodes, ordering, total)

        return await info.context.read(read)

    @strawberry.field
    async def product(self, info: Info, sku: str | None = UNSET, slug: str | None = UNSET) -> Product | None:
        sku, slug, locale = sought(given(sku)), sought(given(slug)), info.context.locale
        if (sku is None) == (slug is None):
            raise bad_input("Give exactly one of sku and slug.")

        def read(reading: Reading) -> Product | None:
            if sku is not None:
                found = queries.product_by_sku(reading.conn, sku, locale)
            else:
                found = queries.product_by_slug(reading.conn, slug or "", locale)
            return Product.of(found, reading.program.currency) if found else None

        return await info.context.read(read)

    @strawberry.field
    async def exchange_offers(
        self,
        info: Info,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
        sku: str | None = UNSET,
    ) -> ExchangeOfferConnection:
        wanted = window_of(first, after, last, before, NEWEST_OFFERS)
        narrowed = OfferFilter(sku=sought(given(sku)))
        count = counted(info, queries.offer_count)
        locale = info.context.locale

        def read(reading: Reading) -> ExchangeOfferConnection:
            page = queries.offer_page(reading.conn, wanted, at=None, filter=narrowed)
            total = count(reading.conn, at=None, filter=narrowed)
            nodes = offers_shown(reading, page.items, locale)
            return connect(ExchangeOfferConnection, ExchangeOfferEdge, page, nodes, NEWEST_OFFERS, total)

        return await info.context.read(read)

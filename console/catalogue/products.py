"""The list of products, and the way to a new one."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from starlette.responses import Response

from catalog import queries
from catalog.queries import RELEVANCE, ProductFilter
from catalog.records import ProductRecord
from checkout.tables import PriceClass
from console.catalogue.categories import Counted, counted
from console.catalogue.goods import Goods, branches, goods_of
from console.catalogue.picture_deeds import PictureDeeds
from console.catalogue.product_deeds import ProductDeeds
from console.catalogue.product_page import ProductPage
from console.catalogue.sheet_downloads import asked_filter
from console.catalogue.variant_deeds import VariantDeeds
from console.desk import Desk, page
from console.forms import Errors
from console.visit import Visit
from kernel.paging import Page
from schema.admin.lists import BEST_PRODUCTS, NEWEST_PRODUCTS
from schema.context import Reading
from schema.messages import REASONS, say

ASKED = ("search", "category", "published", "stock", "class", "min", "max")


class ProductsDesk(ProductPage, ProductDeeds, VariantDeeds, PictureDeeds, Desk):
    path = "/products"
    label = "nav_products"
    icon = "fa-shirt"
    sees = "products"

    @page("", "products")
    async def show(self, visit: Visit) -> Response:
        asked = {name: visit.asked(name) for name in ASKED}
        narrowed = asked_filter(visit)
        ordering = BEST_PRODUCTS if narrowed.search else NEWEST_PRODUCTS
        window = visit.window(ordering)

        def look(reading: Reading) -> tuple[Page[ProductRecord], list[Goods], str, list[Counted], int]:
            found = queries.product_page(
                reading.conn,
                window,
                locale=visit.locale,
                at=reading.now,
                program=reading.program,
                published_only=False,
                filter=narrowed,
                sort=RELEVANCE if narrowed.search else "NEWEST",
            )
            # What the other filters leave in each category tells the whole list's length as well.
            own = queries.counts_by_category(
                reading.conn,
                at=reading.now,
                program=reading.program,
                published_only=False,
                filter=replace(narrowed, category_slug=None),
            )
            tree = counted(branches(queries.categories(reading.conn, visit.locale)), own)
            goods = goods_of(reading, found.items, visit.locale)
            return found, goods, reading.program.currency, tree, sum(own.values())

        found, goods, currency, tree, all_ = await visit.read(look)
        chosen = next((each.below for each in tree if each.branch.category.slug == narrowed.category_slug), 0)
        return visit.page(
            "products.html",
            title=visit.t("nav_products"),
            goods=goods,
            count=all_ if narrowed.category_slug is None else chosen,
            all=all_,
            errors=_prices_asked(visit, narrowed),
            currency=currency,
            asked=asked,
            categories=tree,
            classes=list(PriceClass),
            query=f"?{urlencode(kept)}" if (kept := {k: v for k, v in asked.items() if v}) else "",
            pages=visit.pager(found, ordering),
        )


def _prices_asked(visit: Visit, narrowed: ProductFilter) -> Errors:
    """Beside a price that says nothing: the list is shown without it."""
    errors = Errors()
    for name, price in (("min", narrowed.min_price), ("max", narrowed.max_price)):
        if visit.asked(name) and price is None:
            errors.add(name, say(REASONS, "not_a_number", visit.locale))
    return errors

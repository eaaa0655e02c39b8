"""The list of products, and the way to a new one."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from catalog import queries
from catalog.queries import RELEVANCE
from catalog.records import ProductRecord
from checkout.tables import PriceClass
from console.catalogue.goods import Branch, Goods, branches, category_choices, goods_of
from console.catalogue.picture_deeds import PictureDeeds
from console.catalogue.product_deeds import ProductDeeds
from console.catalogue.product_page import ProductPage
from console.catalogue.sheet_downloads import asked_filter
from console.catalogue.variant_deeds import VariantDeeds
from console.desk import Desk, page
from console.visit import Visit
from kernel.paging import Page
from schema.admin.lists import BEST_PRODUCTS, NEWEST_PRODUCTS
from schema.context import Reading

ASKED = ("search", "category", "published", "stock", "class")


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

        def look(reading: Reading) -> tuple[Page[ProductRecord], list[Goods], int, str, list[Branch]]:
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
            count = queries.product_count(
                reading.conn, at=reading.now, program=reading.program, published_only=False, filter=narrowed
            )
            tree = branches(queries.categories(reading.conn, visit.locale))
            goods = goods_of(reading, found.items, visit.locale)
            return found, goods, count, reading.program.currency, tree

        found, goods, count, currency, tree = await visit.read(look)
        return visit.page(
            "products.html",
            title=visit.t("nav_products"),
            goods=goods,
            count=count,
            currency=currency,
            asked=asked,
            categories=category_choices(tree),
            classes=list(PriceClass),
            query=f"?{urlencode(kept)}" if (kept := {k: v for k, v in asked.items() if v}) else "",
            pages=visit.pager(found, ordering),
        )

"""One product as a page: what it is, what it costs and has, and what became of both; and all its prices ever."""

from __future__ import annotations

from starlette.responses import Response

from catalog.prices import PriceChangeRecord, price_change_count, price_change_page
from console.catalogue.product_view import Histories, ProductView, find_product, read_histories
from console.desk import page
from console.visit import Visit
from kernel.paging import Page
from schema.admin.histories import PRICES
from schema.context import Reading
from schema.locale import in_language


class ProductPage:
    """Mixed into the desk of products."""

    @page("/{id}", "product")
    async def product(self, visit: Visit) -> Response:
        view = await find_product(visit)
        skus, sku = _asked_sku(view, visit)

        def look(reading: Reading) -> Histories:
            return read_histories(reading, sku)

        return visit.page(
            "product.html",
            title=view.name,
            view=view,
            tier=tier_name(view, visit),
            histories=await visit.read(look),
            skus=skus,
            variant_id=next((each.record.id for each in view.variants if each.record.sku == sku), None),
        )

    @page("/{id}/prices", "priceHistory")
    async def prices(self, visit: Visit) -> Response:
        """All that the price of one SKU went through."""
        view = await find_product(visit)
        skus, sku = _asked_sku(view, visit)
        window = visit.window(PRICES)

        def look(reading: Reading) -> tuple[Page[PriceChangeRecord], int]:
            return price_change_page(reading.conn, window, sku), price_change_count(reading.conn, sku)

        found, count = await visit.read(look)
        return visit.page(
            "product_prices.html",
            title=visit.t("price_history_of", name=view.name),
            view=view,
            changes=found.items,
            count=count,
            skus=skus,
            sku=sku,
            pages=visit.pager(found, PRICES),
        )


def _asked_sku(view: ProductView, visit: Visit) -> tuple[list[str], str]:
    """The SKUs that the product has, and which of them the address asks for: the first, where it does not."""
    skus, asked = [variant.record.sku for variant in view.variants], visit.asked("sku")
    return skus, asked if asked in skus else skus[0] if skus else ""


def tier_name(view: ProductView, visit: Visit) -> str | None:
    """The tier that the product is kept for, in the viewer's words; its code where the program has it no longer."""
    code = view.product.required_tier_code
    if code is None:
        return None
    return in_language(view.program.tier(code).name, visit.locale) if view.program.has_tier(code) else code

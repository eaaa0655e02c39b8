"""One product as a page: what it is, what it costs and has, and what became of both."""

from __future__ import annotations

from starlette.responses import Response

from console.catalogue.product_view import Histories, ProductView, find_product, read_histories
from console.desk import page
from console.visit import Visit
from schema.context import Reading
from schema.locale import in_language


class ProductPage:
    """Mixed into the desk of products."""

    @page("/{id}", "product")
    async def product(self, visit: Visit) -> Response:
        view = await find_product(visit)
        skus = [variant.record.sku for variant in view.variants]
        asked = visit.asked("sku")
        sku = asked if asked in skus else skus[0] if skus else ""

        def look(reading: Reading) -> Histories:
            return read_histories(reading, sku)

        return visit.page(
            "product.html",
            title=view.name,
            view=view,
            tier=tier_name(view, visit),
            histories=await visit.read(look),
            skus=skus,
        )


def tier_name(view: ProductView, visit: Visit) -> str | None:
    """The tier that the product is kept for, in the viewer's words; its code where the program has it no longer."""
    code = view.product.required_tier_code
    if code is None:
        return None
    return in_language(view.program.tier(code).name, visit.locale) if view.program.has_tier(code) else code

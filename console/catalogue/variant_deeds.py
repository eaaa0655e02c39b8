"""A product's variants: new ones, other SKUs and prices, what is no longer sold."""

from __future__ import annotations

from starlette.responses import Response

from catalog.low_stock import DEFAULT_THRESHOLD
from catalog.save_product import SaveProduct
from console.catalogue.product_deeds import saving
from console.catalogue.product_view import ProductView, find_product
from console.catalogue.variant_form import VariantForm, by_row, form_of, read_variants, sent_form
from console.desk import deed, page
from console.forms import Errors, text_of
from console.visit import Visit
from kernel.refusals import Refusals


class VariantDeeds:
    """Mixed into the desk of products."""

    @page("/{id}/variants", "saveProduct")
    async def ask_variants(self, visit: Visit) -> Response:
        view = await find_product(visit)
        return _form(visit, view, form_of(view), Errors())

    @deed("/{id}/variants", "saveProduct")
    async def save_variants(self, visit: Visit) -> Response:
        view, form = await find_product(visit), await visit.form()
        sent = sent_form(form)

        def command(refusals: Refusals) -> SaveProduct:
            return read_variants(sent, form, view, refusals)

        deed_ = saving(visit.context, command, lambda refusal: by_row(sent, refusal))
        attempt = await visit.attempt(deed_, sent.fields)
        if attempt.refused:
            return _form(visit, view, sent, attempt.errors, text_of(form, "key"))
        visit.tell("variants_told_saved", n=sum(row.sold and not row.blank for row in sent.rows))
        return visit.go(view.path)


def _form(visit: Visit, view: ProductView, rows: VariantForm, errors: Errors, key: str = "") -> Response:
    """Those that are no longer sold are folded away, by what is stored: who takes a tick away still sees the row."""
    old = {each.record.id for each in view.variants if not each.record.active}
    numbered = list(enumerate(rows.rows))
    return visit.page(
        "product_variants.html",
        422 if errors else 200,
        title=visit.t("variants_title"),
        view=view,
        rows=rows,
        shown=[(number, row) for number, row in numbered if row.id not in old],
        gone=[(number, row) for number, row in numbered if row.id in old],
        errors=errors,
        key=key,
        low_stock=DEFAULT_THRESHOLD,
        stock={each.record.id: each.record for each in view.variants},
    )

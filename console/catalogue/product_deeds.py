"""New products, and changing what a product is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.responses import Response

from catalog import queries
from catalog.save_product import SaveProduct
from console.catalogue.attribute_form import AttributeRow, fields_of, rows_of, sent_rows
from console.catalogue.goods import branches, category_choices
from console.catalogue.product_form import (
    FIELDS,
    FIRST_VARIANT,
    by_field,
    first_variant,
    given_of,
    kept_variants,
    read_product_form,
)
from console.catalogue.product_view import ProductView, find_product
from console.desk import deed, page
from console.forms import Errors, text_of
from console.visit import Visit
from kernel.refusals import Refusal, Refusals, Refused
from program.config import Program
from schema.admin.context import AdminContext
from schema.admin.deeds import saving_product
from schema.context import Reading
from schema.locale import LOCALES, in_language


@dataclass(frozen=True)
class Choices:
    """What the form lets one choose from."""

    categories: Sequence[tuple[str, str]]
    tiers: Sequence[tuple[str, str]]
    program: Program


class ProductDeeds:
    """Mixed into the desk of products."""

    @page("/new", "saveProduct")
    async def ask_new(self, visit: Visit) -> Response:
        return await _form(visit, None, Errors(), {"published": "yes"}, rows_of(()))

    @deed("/new", "saveProduct")
    async def create(self, visit: Visit) -> Response:
        form = await visit.form()
        zone, given, rows = visit.zone, _given(form), sent_rows(form)

        def command(refusals: Refusals) -> SaveProduct:
            return read_product_form(form, zone, refusals, (first_variant(form, refusals),), None, rows)

        deed_ = saving(visit.context, command, lambda refusal: by_field(form, rows, refusal))
        attempt = await visit.attempt(deed_, (*FIELDS, *FIRST_VARIANT, *fields_of(rows)))
        if attempt.done is None:
            return await _form(visit, None, attempt.errors, given, rows)
        visit.tell("product_told_created", name=given["name"])
        return visit.go(f"/products/{attempt.done}/pictures")

    @page("/{id}/edit", "saveProduct")
    async def ask_edit(self, visit: Visit) -> Response:
        view = await find_product(visit)
        return await _form(visit, view, Errors(), given_of(view, visit.formats), rows_of(view.details.attributes))

    @deed("/{id}/edit", "saveProduct")
    async def edit(self, visit: Visit) -> Response:
        view, form = await find_product(visit), await visit.form()
        zone, rows = visit.zone, sent_rows(form)

        def command(refusals: Refusals) -> SaveProduct:
            return read_product_form(form, zone, refusals, kept_variants(view), view, rows)

        deed_ = saving(visit.context, command, lambda refusal: by_field(form, rows, refusal))
        attempt = await visit.attempt(deed_, (*FIELDS, *fields_of(rows)))
        if attempt.refused:
            return await _form(visit, view, attempt.errors, _given(form), rows)
        visit.tell("product_told_saved")
        return visit.go(view.path)


def saving(
    context: AdminContext, command: Callable[[Refusals], SaveProduct], seen: Callable[[Refusal], Refusal]
) -> Callable[[], str]:
    """Reads the form and saves; what is wrong with either is told at once. `seen` finds a refusal's field."""

    def do() -> str:
        refusals = Refusals()
        wanted = command(refusals)
        refusals.raise_any()
        try:
            return saving_product(context, wanted)()
        except Refused as refused:
            raise Refused(*(seen(refusal) for refusal in refused.refusals)) from None

    return do


def _given(form: FormData) -> dict[str, str]:
    return {name: text_of(form, name) for name in (*FIELDS, *FIRST_VARIANT, "key")}


async def _form(
    visit: Visit, view: ProductView | None, errors: Errors, given: Mapping[str, str], rows: Sequence[AttributeRow]
) -> Response:
    def look(reading: Reading) -> Choices:
        tree = branches(queries.categories(reading.conn, visit.locale))
        tiers = [(tier.code, in_language(tier.name, visit.locale)) for tier in reading.program.tiers]
        return Choices(category_choices(tree), tiers, reading.program)

    return visit.page(
        "product_form.html",
        422 if errors else 200,
        title=visit.t("product_edit") if view else visit.t("product_new"),
        view=view,
        choices=await visit.read(look),
        errors=errors,
        given={**dict.fromkeys((*FIELDS, *FIRST_VARIANT, "key"), ""), **given},
        locales=LOCALES,
        attributes=rows,
    )

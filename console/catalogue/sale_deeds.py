"""Planning special prices for several SKUs at once, ending them, taking them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from catalog import queries
from catalog.records import ProductRecord, SpecialRecord, VariantRecord
from catalog.sale_calendar import ids_of_window
from catalog.sale_prices import Rounding
from catalog.tables import SpecialPriceClass
from console.catalogue.goods import window_state
from console.catalogue.sale_plan import (
    FIELDS,
    MOST_SKUS,
    OFF,
    PlannedLine,
    SalePlan,
    commands,
    foresee,
    read_plan,
    too_many,
)
from console.confirming import Question, confirm
from console.desk import deed, page
from console.forms import Errors, text_of
from console.outcomes import Rows
from console.visit import Visit
from kernel.refusals import Refusals, Refused
from kernel.texts import can_be_kept
from program.config import Program
from schema.admin.deeds import ending_special_prices, planning_special_prices
from schema.context import Reading

MOST_AT_ONCE = MOST_SKUS
"""So many are ended together: as many as are planned together."""

_FIELD_OF = {"sku": "skus", "price": "price", "startsAt": "startsAt", "endsAt": "endsAt"}


@dataclass(frozen=True)
class Foreseen:
    lines: Sequence[PlannedLine]
    program: Program

    @property
    def clear(self) -> int:
        """How many SKUs nothing stands in the way of."""
        return sum(line.problem is None and line.price is not None for line in self.lines)


class SaleDeeds:
    """Mixed into the sale planner."""

    @page("/new", "planSpecialPrice")
    async def ask_plan(self, visit: Visit) -> Response:
        product_ids = [each for each in visit.request.query_params.getlist("product") if can_be_kept(each)]
        # As long as an address can be: a list that is cut may end in half a SKU.
        skus = [sku for sku in visit.asked("sku", 70_000).split(",") if sku]

        def look(reading: Reading) -> list[str]:
            found = queries.variants_of_products(reading.conn, product_ids, reading.now, active_only=True)
            return [variant.sku for product_id in found for variant in found[product_id]]

        if product_ids:
            skus += await visit.read(look)
        skus = list(dict.fromkeys(skus))
        given = {"skus": "\n".join(skus), "mode": OFF, "priceClass": SpecialPriceClass.SALE.value, "percent": "20"}
        plan = SalePlan(tuple(skus[:MOST_SKUS]), SpecialPriceClass.SALE, None, None, Rounding.EXACT, None, None)
        return _form(visit, _told(visit, too_many(skus), plan), given, await _foresee(visit, plan))

    @deed("/look", "planSpecialPrice")
    async def look(self, visit: Visit) -> Response:
        """What the form would do, as somebody writes it."""
        plan, _, _ = await _read(visit)
        return HTMLResponse(visit.part("sale_outcome.html", foreseen=await _foresee(visit, plan)))

    @deed("/new", "planSpecialPrice")
    async def plan(self, visit: Visit) -> Response:
        plan, refusals, form = await _read(visit)
        given = {name: text_of(form, name) for name in (*FIELDS, "key")}
        foreseen = await _foresee(visit, plan)
        if text_of(form, "step") == "look":
            return _form(visit, _told(visit, refusals, plan), given, foreseen)
        wanted = commands(plan, foreseen.lines, foreseen.program.currency)

        def do() -> Sequence[str] | Refusals:
            try:
                refusals.raise_any()
                return planning_special_prices(visit.context, wanted)()
            except Refused as refused:
                return Refusals(list(refused.refusals))

        done = await visit.run(do)
        if isinstance(done, Refusals):
            return _form(visit, _told(visit, done, plan), given, foreseen)
        visit.tell("sale_told_planned", n=len(done))
        return visit.go("/sales")

    # ------------------------------------------------------------ ending

    @page("/end", "endSpecialPrice")
    async def ask_end_several(self, visit: Visit) -> Response:
        """Those that were ticked in the list, or all with the window of one."""
        window = visit.asked("window")
        if window:
            return await _confirm_end(visit, await _ids_of_window(visit, window))
        ticked = visit.request.query_params.getlist("ids")
        return await _confirm_end(visit, [id_ for each in ticked for id_ in each.split(",")])

    @deed("/end", "endSpecialPrice")
    async def end_several(self, visit: Visit) -> Response:
        return await _end(visit, text_of(await visit.form(), "ids").split(","))

    @page("/{id}/end", "endSpecialPrice")
    async def ask_end(self, visit: Visit) -> Response:
        return await _confirm_end(visit, [str(visit.request.path_params["id"])])


async def _read(visit: Visit) -> tuple[SalePlan, Refusals, FormData]:
    form, refusals = await visit.form(), Refusals()
    return read_plan(form, visit, refusals), refusals, form


async def _foresee(visit: Visit, plan: SalePlan) -> Foreseen:
    return await visit.read(lambda reading: Foreseen(foresee(reading, plan, visit), reading.program))


def _told(visit: Visit, refusals: Refusals, plan: SalePlan) -> Errors:
    """Beside its field; what is about one SKU names it."""
    errors, told = Errors(), visit.context.tell(tuple(refusals.found))
    for error in told:
        if error.path[:1] == ["goods"]:
            sku = plan.skus[int(error.path[1])]
            field = _FIELD_OF.get(error.path[2] if len(error.path) > 2 else "", "skus")
            if field == "price" and plan.percent is not None:
                field = "percent"
            sentence = error.message if len(plan.skus) == 1 else f"{sku}: {error.message}"
            if sentence not in errors.of(field):
                errors.add(field, sentence)
        elif error.path and error.path[0] in FIELDS:
            errors.add(error.path[0], error.message)
        else:
            errors.general.append(error.message)
    return errors


def _form(visit: Visit, errors: Errors, given: Mapping[str, str], foreseen: Foreseen) -> Response:
    t = visit.t
    return visit.page(
        "sale_form.html",
        422 if errors and visit.request.method == "POST" else 200,
        title=t("sale_plan"),
        errors=errors,
        given={**dict.fromkeys((*FIELDS, "key"), ""), **given},
        foreseen=foreseen,
        classes=[(each.value, t(f"class_{each}")) for each in SpecialPriceClass],
        roundings=[(each.value, t(f"rounding_{each}")) for each in Rounding],
    )


async def _ids_of_window(visit: Visit, special_id: str) -> list[str]:
    def look(reading: Reading) -> list[str]:
        special = queries.specials_by_id(reading.conn, [special_id]).get(special_id)
        return [] if special is None else ids_of_window(reading.conn, special)

    return await visit.read(look)


@dataclass(frozen=True)
class Ending:
    """A special price that is to be ended. `state`: whether it is in force."""

    special: SpecialRecord
    variant: VariantRecord
    product: ProductRecord
    state: str
    currency: str


async def _endings(visit: Visit, ids: Sequence[str]) -> list[Ending]:
    """Those that there are, each once."""
    wanted = [each for each in dict.fromkeys(ids) if can_be_kept(each)]

    def look(reading: Reading) -> list[Ending]:
        conn, found = reading.conn, queries.specials_by_id(reading.conn, wanted)
        variants = queries.variants_by_id(conn, [each.variant_id for each in found.values()], reading.now)
        product_ids = list({variant.product_id for variant in variants.values()})
        products = queries.products_by_id(conn, product_ids, visit.locale)
        endings: list[Ending] = []
        for special in (found[id_] for id_ in wanted if id_ in found):
            variant = variants[special.variant_id]
            state = window_state(special.starts_at, special.ends_at, reading.now)
            endings.append(Ending(special, variant, products[variant.product_id], state, reading.program.currency))
        return endings

    return await visit.read(look)


async def _confirm_end(visit: Visit, ids: Sequence[str]) -> Response:
    found, t, f = await _endings(visit, ids), visit.t, visit.formats
    if not found:
        raise HTTPException(404)
    told = found[:MOST_AT_ONCE]
    outcome: Rows = [
        (
            f"{each.variant.sku} · {each.product.name}",
            t("sale_then", price=f.minor(each.variant.regular_price, each.currency))
            if each.state == "NOW"
            else t(f"sale_will_{each.state}"),
            f"{f.minor(each.special.price, each.currency)} · "
            f"{f.when(each.special.starts_at)} – {f.when(each.special.ends_at)}",
        )
        for each in told
    ]
    running = any(each.state == "NOW" for each in told)
    count = t("sale_end_n", n=f.number(len(told)))
    if len(found) > len(told):
        count = t("sale_end_some", n=f.number(len(told)), rest=f.number(len(found) - len(told)))
    question = Question(
        title=t("sale_end") if running else t("sale_take_back"),
        path="/sales/end",
        back="/sales",
        submit=t("sale_end") if running else t("sale_take_back"),
        given={"ids": ",".join(each.special.id for each in told), "key": ""},
        facts=[(t("special_price"), count)] if len(found) > 1 else [],
        outcome=outcome,
        danger=True,
        editable=False,
    )
    return confirm(visit, question)


async def _end(visit: Visit, ids: Sequence[str]) -> Response:
    found = await _endings(visit, ids)
    if len(found) > MOST_AT_ONCE:
        visit.tell("sale_told_too_many", "error", most=MOST_AT_ONCE)
        return visit.go("/sales")
    attempt = await visit.attempt(ending_special_prices(visit.context, [each.special.id for each in found]))
    if attempt.refused or not found:
        visit.tell("sale_told_gone", "error")
    else:
        visit.tell("sale_told_ended", n=len(found))
    return visit.go("/sales")

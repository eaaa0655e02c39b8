"""Planning special prices for several SKUs at once, ending them, taking them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from catalog import queries
from catalog.records import SpecialRecord, VariantRecord
from catalog.sale_prices import Rounding
from catalog.tables import SpecialPriceClass
from console.catalogue.goods import window_state
from console.catalogue.sale_plan import FIELDS, OFF, PlannedLine, SalePlan, commands, foresee, read_plan
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

MOST_AT_ONCE = 200
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
        skus = [sku for sku in visit.asked("sku", 20_000).split(",") if sku]

        def look(reading: Reading) -> list[str]:
            found = queries.variants_of_products(reading.conn, product_ids[:200], reading.now, active_only=True)
            return [variant.sku for product_id in found for variant in found[product_id]]

        skus += [sku for sku in (await visit.read(look) if product_ids else []) if sku not in skus]
        given = {"skus": "\n".join(skus), "mode": OFF, "priceClass": SpecialPriceClass.SALE.value, "percent": "20"}
        plan = SalePlan(tuple(skus), SpecialPriceClass.SALE, None, None, Rounding.EXACT, None, None)
        return _form(visit, Errors(), given, await _foresee(visit, plan))

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
        return await _confirm_end(visit, visit.asked("ids", 10_000).split(","))

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
        422 if errors else 200,
        title=t("sale_plan"),
        errors=errors,
        given={**dict.fromkeys((*FIELDS, "key"), ""), **given},
        foreseen=foreseen,
        classes=[(each.value, t(f"class_{each}")) for each in SpecialPriceClass],
        roundings=[(each.value, t(f"rounding_{each}")) for each in Rounding],
    )


async def _specials(visit: Visit, ids: Sequence[str]) -> list[tuple[SpecialRecord, VariantRecord, str, str]]:
    """Those that there are, each with its variant, whether it is in force, and the currency."""
    wanted = [each for each in ids if can_be_kept(each)][:MOST_AT_ONCE]

    def look(reading: Reading) -> list[tuple[SpecialRecord, VariantRecord, str, str]]:
        found = queries.specials_by_id(reading.conn, wanted)
        variants = queries.variants_by_id(reading.conn, [each.variant_id for each in found.values()], reading.now)
        return [
            (
                found[id_],
                variants[found[id_].variant_id],
                window_state(found[id_].starts_at, found[id_].ends_at, reading.now),
                reading.program.currency,
            )
            for id_ in wanted
            if id_ in found
        ]

    return await visit.read(look)


async def _confirm_end(visit: Visit, ids: Sequence[str]) -> Response:
    found, t, f = await _specials(visit, ids), visit.t, visit.formats
    if not found:
        raise HTTPException(404)
    outcome: Rows = [
        (
            variant.sku,
            t("sale_then", price=f.minor(variant.regular_price, currency))
            if state == "NOW"
            else t(f"sale_will_{state}"),
            f"{f.minor(special.price, currency)} · {f.when(special.starts_at)} – {f.when(special.ends_at)}",
        )
        for special, variant, state, currency in found
    ]
    running = any(state == "NOW" for _, _, state, _ in found)
    question = Question(
        title=t("sale_end") if running else t("sale_take_back"),
        path="/sales/end",
        back="/sales",
        submit=t("sale_end") if running else t("sale_take_back"),
        given={"ids": ",".join(special.id for special, *_ in found), "key": ""},
        outcome=outcome,
        danger=True,
        editable=False,
    )
    return confirm(visit, question)


async def _end(visit: Visit, ids: Sequence[str]) -> Response:
    found = await _specials(visit, ids)
    attempt = await visit.attempt(ending_special_prices(visit.context, [special.id for special, *_ in found]))
    if attempt.refused:
        visit.tell("sale_told_gone", "error")
    else:
        visit.tell("sale_told_ended", n=len(found))
    return visit.go("/sales")

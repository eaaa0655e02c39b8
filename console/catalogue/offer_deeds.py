"""One exchange offer: its page, making and changing it with its figures beside it, ending it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import orjson
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from catalog import queries
from catalog.records import OfferRecord
from catalog.save_exchange_offer import SaveExchangeOffer
from checkout.offer_report import offer_tallies
from console.catalogue.offer_planning import filling, plan_offer
from console.catalogue.offer_view import OfferPage, OfferView, brought, offer_views
from console.catalogue.product_view import part_of
from console.catalogue.times import kept_time
from console.confirming import Question, confirm
from console.desk import deed, page
from console.forms import Errors, decimal_of, optional_whole_of, text_of, whole_of
from console.visit import Visit
from kernel.money import Money
from kernel.refusals import Refusals, invalid
from schema.admin.deeds import ending_exchange_offer, saving_exchange_offer
from schema.context import Reading
from schema.locale import in_language

LIMITS = ("quota", "perMemberLimit", "dailyLimit", "weeklyLimit", "monthlyLimit")
FIELDS = ("sku", "cash", "points", "startsAt", "endsAt", *LIMITS, "requiredTierCode")
TARGET = "20"


class OfferDeeds:
    """Mixed into the desk of exchange offers."""

    @page("/new", "saveExchangeOffer")
    async def ask_new(self, visit: Visit) -> Response:
        given = {"sku": visit.asked("sku"), "targetShare": TARGET}
        return await _form(visit, None, Errors(), given)

    @deed("/new", "saveExchangeOffer")
    async def create(self, visit: Visit) -> Response:
        return await _save(visit, None)

    @deed("/figures", "saveExchangeOffer")
    async def figures(self, visit: Visit) -> Response:
        """What the form would give away, as somebody writes it."""
        planner = await plan_offer(visit, _given(await visit.form()))
        return HTMLResponse(visit.part("offer_planner.html", planner=planner, fill=filling))

    @page("/{id}", "exchangeOffers")
    async def offer(self, visit: Visit) -> Response:
        told = await _find(visit, tallied=visit.may("offerReport"))
        return visit.page("offer.html", title=told.view.product.name, told=told)

    @page("/{id}/edit", "saveExchangeOffer")
    async def ask_edit(self, visit: Visit) -> Response:
        told = await _find(visit)
        offer, f = told.view.offer, visit.formats
        given = {
            "sku": told.view.variant.sku,
            "cash": str(Money(offer.cash, told.currency).amount),
            "points": str(offer.points),
            "startsAt": f.field(offer.starts_at),
            "endsAt": f.field(offer.ends_at),
            "quota": _text(offer.quota),
            "perMemberLimit": _text(offer.per_member_limit),
            "dailyLimit": _text(offer.daily_limit),
            "weeklyLimit": _text(offer.weekly_limit),
            "monthlyLimit": _text(offer.monthly_limit),
            "requiredTierCode": offer.required_tier_code or "",
            "targetShare": TARGET,
        }
        return await _form(visit, told.view, Errors(), given)

    @deed("/{id}/edit", "saveExchangeOffer")
    async def edit(self, visit: Visit) -> Response:
        return await _save(visit, (await _find(visit)).view)

    @page("/{id}/end", "endExchangeOffer")
    async def ask_end(self, visit: Visit) -> Response:
        told, t, f = await _find(visit), visit.t, visit.formats
        view = told.view
        if view.state == "OVER":
            raise HTTPException(404)
        question = Question(
            title=t("offer_end"),
            path=f"{view.path}/end",
            back=view.path,
            submit=t("offer_end"),
            given={"key": ""},
            facts=[(t("product"), view.product.name), (t("sku"), view.variant.sku)],
            outcome=[
                (t("offer_end_what"), t("window_OVER"), t(f"offer_end_hint_{view.state}")),
                (t("offer_redeemed"), f.number(view.offer.redeemed), ""),
            ],
            danger=True,
            editable=False,
        )
        return confirm(visit, question)

    @deed("/{id}/end", "endExchangeOffer")
    async def end(self, visit: Visit) -> Response:
        path = (await _find(visit)).view.path
        attempt = await visit.attempt(ending_exchange_offer(visit.context, part_of(visit, "id")))
        for sentence in attempt.errors.general:
            visit.tell("offer_told_not_ended", "error", reason=sentence)
        if not attempt.refused:
            visit.tell("offer_told_ended")
        return visit.go(path)


async def _find(visit: Visit, *, tallied: bool = False) -> OfferPage:
    offer_id = part_of(visit, "id")

    def look(reading: Reading) -> OfferPage | None:
        offer = queries.offers_by_id(reading.conn, [offer_id]).get(offer_id)
        if offer is None:
            return None
        told = None
        if tallied:
            (tally,) = offer_tallies(reading.conn, [offer_id], None, None)
            told = brought(tally, reading.program, visit.locale)
        (view,) = offer_views(reading, [offer], visit.locale)
        return OfferPage(view, told, reading.program.currency, reading.now)

    found = await visit.read(look)
    if found is None:
        raise HTTPException(404)
    return found


async def _save(visit: Visit, view: OfferView | None) -> Response:
    form = await visit.form()
    given = _given(form)
    if text_of(form, "step") == "look" or text_of(form, "take"):
        return await _form(visit, view, Errors(), _taken(form, given))

    def do() -> str:
        refusals = Refusals()
        command = _command(form, visit, refusals, view.offer if view else None)
        refusals.raise_any()
        return saving_exchange_offer(visit.context, command)()

    attempt = await visit.attempt(do, FIELDS)
    if attempt.done is None:
        return await _form(visit, view, attempt.errors, given)
    visit.tell("offer_told_saved")
    return visit.go(f"/offers/{attempt.done}")


def _command(form: FormData, visit: Visit, refusals: Refusals, old: OfferRecord | None) -> SaveExchangeOffer:
    cash = decimal_of(form, "cash", refusals)
    for name in ("sku", "points"):
        if not text_of(form, name):
            refusals.add(invalid((name,), "empty"))
    limits = [optional_whole_of(form, name, refusals) for name in LIMITS]
    quota, per_member, daily, weekly, monthly = limits
    return SaveExchangeOffer(
        sku=text_of(form, "sku"),
        cash=cash if cash is not None else Decimal(0),
        points=whole_of(form, "points", refusals),
        id=old.id if old else None,
        starts_at=kept_time(form, "startsAt", old.starts_at if old else None, visit.zone, refusals),
        ends_at=kept_time(form, "endsAt", old.ends_at if old else None, visit.zone, refusals),
        quota=quota,
        per_member_limit=per_member,
        daily_limit=daily,
        weekly_limit=weekly,
        monthly_limit=monthly,
        required_tier_code=text_of(form, "requiredTierCode") or None,
    )


def _given(form: FormData) -> dict[str, str]:
    return {name: text_of(form, name) for name in (*FIELDS, "targetShare", "key")}


def _taken(form: FormData, given: dict[str, str]) -> dict[str, str]:
    """A suggestion that was chosen, written into the form; for pages without a script."""
    try:
        told = orjson.loads(text_of(form, "take") or "{}")
    except orjson.JSONDecodeError:
        return given
    if not isinstance(told, dict):
        return given
    return {**given, **{name: str(told[name])[:40] for name in ("cash", "points") if name in told}}


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


async def _form(visit: Visit, view: OfferView | None, errors: Errors, given: Mapping[str, str]) -> Response:
    planner = await plan_offer(visit, given)
    tiers = [(tier.code, in_language(tier.name, visit.locale)) for tier in planner.program.tiers]
    return visit.page(
        "offer_form.html",
        422 if errors else 200,
        title=visit.t("offer_edit") if view else visit.t("offer_new"),
        view=view,
        planner=planner,
        tiers=tiers,
        errors=errors,
        given={**dict.fromkeys((*FIELDS, "targetShare", "key"), ""), **given},
        fill=filling,
    )

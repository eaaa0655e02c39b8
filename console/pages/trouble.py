"""The trouble desk: refunds that failed, payments that do not fit, messages that could not leave the house."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from checkout.payments.failed_refunds import record_refund_paid_out, retry_refund
from checkout.shop import Shop
from console.desk import Desk, deed, page
from console.forms import Errors, Given
from console.trouble_view import TroubleView, read_troubles
from console.visit import Visit
from schema.admin.deeds import sending_again

HERE = "/trouble"


class TroubleDesk(Desk):
    path = HERE
    label = "nav_trouble"
    icon = "fa-triangle-exclamation"
    sees = "troubles"

    @page("", "troubles")
    async def show(self, visit: Visit) -> Response:
        found = await _all(visit)
        return visit.page("trouble.html", title=visit.t("nav_trouble"), found=found)

    @deed("/messages/{id}", "sendAgain")
    async def send_again(self, visit: Visit) -> Response:
        attempt = await visit.attempt(sending_again(visit.context, visit.request.path_params["id"]))
        for sentence in attempt.errors.general:
            visit.say(sentence, "error")
        if not attempt.refused:
            visit.tell("told_sent_again")
        return visit.go(HERE)

    @page("/refunds/{id}", "retryRefund")
    async def refund(self, visit: Visit) -> Response:
        return _form(visit, await _refund(visit), Errors(), Given())

    @deed("/refunds/{id}", "retryRefund")
    async def retry(self, visit: Visit) -> Response:
        refund_id, shop, actor = _asked(visit)
        attempt = await visit.attempt(lambda: retry_refund(shop, refund_id, actor=actor))
        if attempt.refused:
            return _form(visit, await _refund(visit), attempt.errors, Given())
        visit.tell("told_refund_again")
        return visit.go(HERE)

    @deed("/refunds/{id}/paid-out", "recordRefundPaidOut")
    async def paid_out(self, visit: Visit) -> Response:
        given = Given.of(await visit.form())
        refund_id, shop, actor = _asked(visit)
        attempt = await visit.attempt(
            lambda: record_refund_paid_out(shop, refund_id, note=given["note"], actor=actor), ("note",)
        )
        if attempt.refused:
            return _form(visit, await _refund(visit), attempt.errors, given)
        visit.tell("told_paid_out")
        return visit.go(HERE)


def _asked(visit: Visit) -> tuple[str, Shop, str]:
    return visit.request.path_params["id"], visit.context.services.shop, visit.context.actor


async def _all(visit: Visit) -> list[TroubleView]:
    return await visit.read(lambda reading: read_troubles(reading, visit.locale))


async def _refund(visit: Visit) -> TroubleView:
    """A failed refund that nobody has sent again: what has been dealt with is found on its order."""
    wanted = visit.request.path_params["id"]
    view = next((each for each in await _all(visit) if each.is_refund and each.found.id == wanted), None)
    if view is None:
        raise HTTPException(404)
    return view


def _form(visit: Visit, view: TroubleView, errors: Errors, given: Given) -> Response:
    return visit.page(
        "trouble_refund.html",
        422 if errors else 200,
        title=visit.t("trouble_refund_title"),
        view=view,
        errors=errors,
        given=given,
    )

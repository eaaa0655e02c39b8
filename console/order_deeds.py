"""One order as a page, and what is done from there: each deed shows what it will do before it is confirmed."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from checkout.record_cash import record_cash_payment
from checkout.returns.finish import Outcome
from checkout.returns.preview_return import preview_return
from checkout.returns.request_return import RequestReturn, request_return
from checkout.ship_order import ship_order
from console.desk import deed, page
from console.forms import Errors, Given
from console.order_view import OrderView, read_order
from console.outcomes import cash_outcome, return_outcome, shipping_outcome
from console.people import shown_name
from console.return_form import all_at_once, read_asked, read_kind, row_fields
from console.story import story
from console.visit import Attempt, Visit
from kernel.refusals import Refusals
from staff.roles import Permission


class OrderDeeds:
    """Mixed into the order desk: everything below /orders/{number}."""

    @page("/{number}", "order")
    async def order(self, visit: Visit) -> Response:
        view = await find(visit)
        now = await visit.run(visit.context.services.clock.now)
        return visit.page(
            "order.html",
            title=visit.t("order_title", number=view.order.number),
            view=view,
            story=story(view, visit, now),
            name=shown_name(visit, view.member),
            contacts=visit.allowed(Permission.READ_CONTACTS),
        )

    # ------------------------------------------------------------ shipping

    @page("/{number}/ship", "shipOrder")
    async def ask_ship(self, visit: Visit) -> Response:
        return _ship_form(visit, await find(visit), Errors())

    @deed("/{number}/ship", "shipOrder")
    async def ship(self, visit: Visit) -> Response:
        view, form = await find(visit), await visit.form()
        given = Given.of(form)

        def do() -> str:
            return ship_order(
                visit.context.services.shop,
                view.order.id,
                carrier=given["carrier"],
                tracking_number=given["trackingNumber"],
                actor=visit.context.actor,
            )

        attempt = await visit.attempt(do, ("carrier", "trackingNumber"))
        if attempt.refused:
            return _ship_form(visit, view, attempt.errors, given)
        visit.tell("told_shipped", number=view.order.number)
        return visit.go(f"/orders/{view.order.number}")

    # ------------------------------------------------------------ cash

    @page("/{number}/cash", "recordCashPayment")
    async def ask_cash(self, visit: Visit) -> Response:
        return _cash_form(visit, await find(visit), Errors())

    @deed("/{number}/cash", "recordCashPayment")
    async def cash(self, visit: Visit) -> Response:
        view = await find(visit)
        shop, actor = visit.context.services.shop, visit.context.actor
        attempt = await visit.attempt(lambda: record_cash_payment(shop, view.order.id, actor=actor))
        if attempt.refused:
            return _cash_form(visit, view, attempt.errors)
        visit.tell("told_cash", number=view.order.number)
        return visit.go(f"/orders/{view.order.number}")

    # ------------------------------------------------------------ opening a return

    @page("/{number}/return", "openReturn")
    async def ask_return(self, visit: Visit) -> Response:
        return _return_form(visit, await find(visit), Errors(), Given())

    @deed("/{number}/return", "openReturn")
    async def open_return(self, visit: Visit) -> Response:
        """In two steps: first what it would do, then, confirmed, it is opened."""
        view, form = await find(visit), await visit.form()
        given = Given.of(form)
        fields = (*row_fields(view), "kind", "reason", "lines")
        shop, viewer = visit.context.services.shop, visit.context.viewer

        def preview() -> Outcome:
            refusals = Refusals()
            asked = read_asked(form, view, refusals)
            with all_at_once(asked, refusals):
                return preview_return(shop, order_id=view.order.id, kind=asked.kind, lines=asked.lines, member_id=None)

        def ask() -> str:
            refusals = Refusals()
            asked = read_asked(form, view, refusals)
            refusals.raise_any()
            command = RequestReturn(
                order_id=view.order.id,
                kind=asked.kind,
                lines=asked.lines,
                reason=asked.reason,
                idempotency_key=given["key"],
                member_id=None,
                staff_id=viewer.id,
                actor=viewer.email,
            )
            with all_at_once(asked, refusals):
                return request_return(shop, command)

        if given["step"] != "confirm":
            looked: Attempt[Outcome] = await visit.attempt(preview, fields)
            if looked.done is None:
                return _return_form(visit, view, looked.errors, given)
            return _return_confirm(visit, view, given, looked.done)
        attempt = await visit.attempt(ask, fields)
        if attempt.refused:
            return _return_form(visit, view, attempt.errors, given)
        visit.tell("told_return_opened", number=view.order.number)
        return visit.go(f"/orders/{view.order.number}")


async def find(visit: Visit) -> OrderView:
    number = visit.request.path_params["number"]
    view = await visit.read(lambda reading: read_order(reading, number, visit.locale))
    if view is None:
        raise HTTPException(404)
    return view


def _ship_form(visit: Visit, view: OrderView, errors: Errors, given: Given | None = None) -> Response:
    return visit.page(
        "order_ship.html",
        422 if errors else 200,
        title=visit.t("ship_title", number=view.order.number),
        view=view,
        errors=errors,
        given=given or Given(),
        outcome=shipping_outcome(visit, view),
        contacts=visit.allowed(Permission.READ_CONTACTS),
    )


def _cash_form(visit: Visit, view: OrderView, errors: Errors) -> Response:
    return visit.page(
        "order_cash.html",
        422 if errors else 200,
        title=visit.t("cash_title", number=view.order.number),
        view=view,
        errors=errors,
        outcome=cash_outcome(visit, view),
    )


def _return_form(visit: Visit, view: OrderView, errors: Errors, given: Given) -> Response:
    return visit.page(
        "order_return.html",
        422 if errors else 200,
        title=visit.t("return_title", number=view.order.number),
        view=view,
        errors=errors,
        given=given,
    )


def _return_confirm(visit: Visit, view: OrderView, given: Given, outcome: Outcome) -> Response:
    kind, names = read_kind(given), row_fields(view)
    return visit.page(
        "order_return_confirm.html",
        title=visit.t("return_title", number=view.order.number),
        view=view,
        given={"kind": kind, "reason": given["reason"], **{name: given[name] for name in names}},
        key=given["key"],
        units=[(line, given[name]) for line, name in zip(view.lines, names, strict=True) if given[name].strip("0 ")],
        outcome=return_outcome(visit, outcome, kind, view.payment),
    )

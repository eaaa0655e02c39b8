"""Returns and swaps: the list, and one of them with what receiving its goods would do."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response

from checkout.finding import Found, find_returns
from checkout.payments.refunds import RefundRecord, refunds_of_returns
from checkout.queries import (
    OrderRecord,
    PaymentRecord,
    ReturnRecord,
    order_lines_by_id,
    orders_by_id,
    payments_of_orders,
    return_by_number,
    return_lines_of,
)
from checkout.returns.close_return import reject_return
from checkout.returns.preview_return import preview_open_return
from checkout.returns.receive_return import receive_return
from checkout.tables import ReturnStatus
from console.desk import Desk, deed, page
from console.forms import Errors, Given, text_of
from console.order_view import line_name
from console.outcomes import recorded_outcome, return_outcome
from console.people import People, shown_name
from console.story import restock_words
from console.visit import Visit
from console.who import Deeds, read_deeds, who, who_did
from kernel.texts import MAX_TEXT
from members.profile import MemberRecord, members_by_id
from schema.admin.lists import BY_REQUESTED_AT
from schema.context import Reading
from staff.roles import Permission


@dataclass(frozen=True)
class ReturnView:
    """One return with its order, its member, and the units it takes back: (SKU, name, quantity)."""

    record: ReturnRecord
    order: OrderRecord
    member: MemberRecord
    units: list[tuple[str, str, int]]
    refund: RefundRecord | None
    payment: PaymentRecord | None
    deeds: Deeds

    @property
    def is_open(self) -> bool:
        return self.record.status == ReturnStatus.REQUESTED


class ReturnsDesk(Desk):
    path = "/returns"
    label = "nav_returns"
    icon = "fa-rotate-left"
    sees = "returns"

    @page("", "returns")
    async def show(self, visit: Visit) -> Response:
        asked = {name: visit.asked(name) for name in ("search", "status")}
        status = asked["status"] if asked["status"] in ReturnStatus.__members__ else None
        contacts = visit.allowed(Permission.READ_CONTACTS)
        window = visit.window(BY_REQUESTED_AT)

        def look(reading: Reading) -> tuple[Found[ReturnRecord], dict[str, OrderRecord], People]:
            found = find_returns(reading.conn, window, asked["search"], status, by_contact=contacts)
            orders = orders_by_id(reading.conn, [each.order_id for each in found.page.items])
            members = members_by_id(reading.conn, [each.member_id for each in found.page.items])
            return found, orders, People(visit, members, {})

        found, orders, people = await visit.read(look)
        if found.count == 1 and asked["search"] and found.page.items:
            # Whoever types a number wants the return, not a list with one row.
            return visit.go(f"/returns/{found.page.items[0].number}")
        return visit.page(
            "returns.html",
            title=visit.t("nav_returns"),
            returns=found.page.items,
            found=found,
            orders=orders,
            people=people,
            statuses=list(ReturnStatus),
            asked=asked,
            contacts=contacts,
            pages=visit.pager(found.page, BY_REQUESTED_AT),
        )

    @page("/{number}", "returns")
    async def one(self, visit: Visit) -> Response:
        view = await _find(visit)
        record, deeds = view.record, view.deeds
        received = deeds.the(record.id, "receiveReturn")
        return visit.page(
            "return.html",
            title=visit.t("return_page_title", kind=visit.t(f"kind_{view.record.kind}"), number=view.record.number),
            view=view,
            name=shown_name(visit, view.member),
            outcome=await _outcome(visit, view),
            opened_by=who(visit, record.opened_by),
            rejected_by=who_did(visit, deeds.the(record.id, "rejectReturn")),
            received_at=received.at if received else None,
            received_by=who_did(visit, received),
            restock=restock_words(record, visit),
            paid_out_by=who_did(visit, deeds.the(record.id, "recordRefundPaidOut")),
        )

    # ------------------------------------------------------------ receiving

    @page("/{number}/receive", "receiveReturn")
    async def ask_receive(self, visit: Visit) -> Response:
        return await _receive_form(visit, await _find(visit), Errors(), Given())

    @deed("/{number}/receive", "receiveReturn")
    async def receive(self, visit: Visit) -> Response:
        view, form = await _find(visit), await visit.form()
        given = Given.of(form)
        shop, actor = visit.context.services.shop, visit.context.actor
        restock = given["restock"] != "no"
        attempt = await visit.attempt(
            lambda: receive_return(shop, view.record.id, restock=restock, note=given["note"], actor=actor), ("note",)
        )
        if attempt.refused:
            return await _receive_form(visit, view, attempt.errors, given)
        visit.tell("told_received", number=view.record.number)
        return visit.go(f"/returns/{view.record.number}")

    # ------------------------------------------------------------ rejecting

    @page("/{number}/reject", "rejectReturn")
    async def ask_reject(self, visit: Visit) -> Response:
        return _reject_form(visit, await _find(visit), Errors(), "")

    @deed("/{number}/reject", "rejectReturn")
    async def reject(self, visit: Visit) -> Response:
        view, form = await _find(visit), await visit.form()
        reason = text_of(form, "reason")
        shop, actor = visit.context.services.shop, visit.context.actor
        attempt = await visit.attempt(
            lambda: reject_return(shop, view.record.id, reason=reason, actor=actor), ("reason",)
        )
        if attempt.refused:
            return _reject_form(visit, view, attempt.errors, reason)
        visit.tell("told_rejected", number=view.record.number)
        return visit.go(f"/returns/{view.record.number}")


async def _find(visit: Visit) -> ReturnView:
    number = visit.request.path_params["number"]

    def look(reading: Reading) -> ReturnView | None:
        record = return_by_number(reading.conn, number)
        if record is None:
            return None
        conn = reading.conn
        lines = return_lines_of(conn, [record.id])[record.id]
        of_order = order_lines_by_id(conn, [line.order_line_id for line in lines])
        taken = [(of_order[line.order_line_id], line.quantity) for line in lines]
        return ReturnView(
            record=record,
            order=orders_by_id(conn, [record.order_id])[record.order_id],
            member=members_by_id(conn, [record.member_id])[record.member_id],
            units=[(line.sku, line_name(line, visit.locale), quantity) for line, quantity in taken],
            refund=refunds_of_returns(conn, [record.id]).get(record.id),
            payment=payments_of_orders(conn, [record.order_id]).get(record.order_id),
            deeds=read_deeds(conn, [record.id]),
        )

    view = await visit.read(look)
    if view is None:
        raise HTTPException(404)
    return view


async def _outcome(visit: Visit, view: ReturnView) -> list[tuple[str, str, str]]:
    """What receiving the goods did; or, while the return is open, would do now."""
    if view.record.full is not None:
        return recorded_outcome(visit, view.record, view.order.currency)
    if not view.is_open:
        return []
    shop = visit.context.services.shop
    outcome = await visit.run(lambda: preview_open_return(shop, view.record.id))
    return [] if outcome is None else return_outcome(visit, outcome, view.record.kind, view.payment)


async def _receive_form(visit: Visit, view: ReturnView, errors: Errors, given: Given) -> Response:
    return visit.page(
        "return_receive.html",
        422 if errors else 200,
        title=visit.t("receive_title", number=view.record.number),
        view=view,
        errors=errors,
        given=given,
        outcome=await _outcome(visit, view),
    )


def _reject_form(visit: Visit, view: ReturnView, errors: Errors, reason: str) -> Response:
    return visit.page(
        "return_reject.html",
        422 if errors else 200,
        title=visit.t("reject_title", number=view.record.number),
        view=view,
        errors=errors,
        reason=reason,
        most=MAX_TEXT,
    )

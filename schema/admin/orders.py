"""Orders and returns: finding them, and what staff do with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry import UNSET

from checkout.queries import order_by_number, orders_by_id, return_count, return_page, returns_by_id
from checkout.record_cash import record_cash_payment
from checkout.returns.close_return import reject_return
from checkout.returns.receive_return import receive_return
from checkout.returns.request_return import RequestReturn, request_return
from checkout.returns.request_return import ReturnLine as WantedLine
from checkout.ship_order import ship_order
from checkout.tables import OrderStatus, ReturnKind, ReturnStatus
from schema.admin.context import Info
from schema.admin.lists import BY_PLACED_AT, BY_REQUESTED_AT, counted
from schema.admin.types_orders import Order, OrderConnection, Return, ReturnConnection, ReturnEdge
from schema.connections import connect, given, window_of
from schema.context import Reading
from schema.errors import UserError
from schema.ids import checked_id, checked_optional_id
from schema.texts import sought


@strawberry.type
class OrdersQuery:
    @strawberry.field
    async def orders(
        self,
        info: Info,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
        status: OrderStatus | None = UNSET,
        member_id: strawberry.ID | None = UNSET,
    ) -> OrderConnection:
        wanted = window_of(first, after, last, before, BY_PLACED_AT)
        whose = checked_optional_id(given(member_id))
        read = OrderConnection.reader(info, wanted, member_id=whose, status=given(status))
        return await info.context.read_today(read)

    @strawberry.field
    async def order(self, info: Info, number: str) -> Order | None:
        wanted = sought(number) or ""

        def read(reading: Reading) -> Order | None:
            found = order_by_number(reading.conn, wanted)
            return Order.of(found) if found else None

        return await info.context.read_today(read)

    @strawberry.field
    async def returns(
        self,
        info: Info,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
        status: ReturnStatus | None = UNSET,
    ) -> ReturnConnection:
        wanted = window_of(first, after, last, before, BY_REQUESTED_AT)
        state = given(status)
        count = counted(info, return_count)

        def read(reading: Reading) -> ReturnConnection:
            page = return_page(reading.conn, wanted, state)
            orders = orders_by_id(reading.conn, [each.order_id for each in page.items])
            nodes = [Return.of(each, orders[each.order_id], listed=True) for each in page.items]
            total = count(reading.conn, state)
            return connect(ReturnConnection, ReturnEdge, page, nodes, BY_REQUESTED_AT, total)

        return await info.context.read_today(read)


@strawberry.input
class OrderRefInput:
    order_id: strawberry.ID


@strawberry.input
class ShipOrderInput:
    order_id: strawberry.ID
    carrier: str | None = UNSET
    tracking_number: str | None = UNSET


@strawberry.input
class ReturnLineInput:
    order_line_id: strawberry.ID
    quantity: int


@strawberry.input
class OpenReturnInput:
    order_id: strawberry.ID
    kind: ReturnKind = ReturnKind.REFUND
    lines: list[ReturnLineInput]
    reason: str
    idempotency_key: str


@strawberry.input
class ReturnRefInput:
    return_id: strawberry.ID
    reason: str | None = UNSET


@strawberry.input(description="restock false: the goods cannot be sold again.")
class ReceiveReturnInput:
    return_id: strawberry.ID
    restock: bool = True
    note: str | None = UNSET


@strawberry.type
class OrderPayload:
    order: Order | None = None
    errors: list[UserError]


@strawberry.type
class ReturnPayload:
    return_: Return | None = strawberry.field(name="return", default=None)
    errors: list[UserError]


@strawberry.type
class OrdersMutation:
    @strawberry.mutation(description="Recorded already, or nothing to record: succeeds and changes nothing.")
    async def record_cash_payment(self, info: Info, input: OrderRefInput) -> OrderPayload:
        shop, actor = info.context.services.shop, info.context.actor
        order_id = checked_id(input.order_id)
        return await info.context.answer(
            OrderPayload, lambda: record_cash_payment(shop, order_id, actor=actor), _order(info)
        )

    @strawberry.mutation
    async def ship_order(self, info: Info, input: ShipOrderInput) -> OrderPayload:
        shop, actor = info.context.services.shop, info.context.actor
        order_id = checked_id(input.order_id)
        carrier, tracking_number = given(input.carrier), given(input.tracking_number)

        def ship() -> str:
            return ship_order(shop, order_id, carrier=carrier, tracking_number=tracking_number, actor=actor)

        return await info.context.answer(OrderPayload, ship, _order(info))

    @strawberry.mutation(description="For customer service: works after the return window too.")
    async def open_return(self, info: Info, input: OpenReturnInput) -> ReturnPayload:
        shop, viewer = info.context.services.shop, info.context.viewer
        order_id = checked_id(input.order_id)
        lines = tuple(WantedLine(checked_id(line.order_line_id), line.quantity) for line in input.lines)
        command = RequestReturn(
            order_id=order_id,
            kind=input.kind,
            lines=lines,
            reason=input.reason,
            idempotency_key=input.idempotency_key,
            staff_id=viewer.id,
            actor=viewer.email,
        )
        return await info.context.answer(ReturnPayload, lambda: request_return(shop, command), _return(info))

    @strawberry.mutation
    async def reject_return(self, info: Info, input: ReturnRefInput) -> ReturnPayload:
        shop, actor = info.context.services.shop, info.context.actor
        return_id = checked_id(input.return_id)

        def reject() -> str:
            return reject_return(shop, return_id, reason=given(input.reason), actor=actor)

        return await info.context.answer(ReturnPayload, reject, _return(info))

    @strawberry.mutation(description="The goods are here: points are given back and reversed, then the money is sent.")
    async def receive_return(self, info: Info, input: ReceiveReturnInput) -> ReturnPayload:
        shop, actor = info.context.services.shop, info.context.actor
        return_id = checked_id(input.return_id)

        def receive() -> str:
            return receive_return(shop, return_id, restock=input.restock, note=given(input.note), actor=actor)

        return await info.context.answer(ReturnPayload, receive, _return(info))


def _order(info: Info) -> Callable[[str], dict[str, Any]]:
    def show(order_id: str) -> dict[str, Any]:
        with info.context.reading() as reading:
            return {"order": Order.of(orders_by_id(reading.conn, [order_id])[order_id])}

    return show


def _return(info: Info) -> Callable[[str], dict[str, Any]]:
    def show(return_id: str) -> dict[str, Any]:
        with info.context.reading() as reading:
            record = returns_by_id(reading.conn, [return_id])[return_id]
            order = orders_by_id(reading.conn, [record.order_id])[record.order_id]
            return {"return_": Return.of(record, order)}

    return show

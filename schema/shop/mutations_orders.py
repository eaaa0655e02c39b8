"""Mutations about buying: the cart, orders, returns."""

from __future__ import annotations

from typing import Any

import strawberry

from checkout.cancel_order import cancel_order
from checkout.cart import clear_cart, set_cart_line
from checkout.place_order import PlaceOrder, place_order
from checkout.queries import returns_by_id
from checkout.returns.close_return import cancel_return
from checkout.returns.request_return import RequestReturn, request_return
from checkout.tables import PaymentMethod
from schema.connections import given
from schema.ids import checked_id
from schema.selection import Selection
from schema.shop.inputs import (
    BasketLineInput,
    CancelOrderInput,
    CancelReturnInput,
    PlaceOrderInput,
    RequestReturnInput,
    basket,
    basket_line,
    return_lines,
)
from schema.shop.member_reads import cart_of
from schema.shop.order_reads import orders_of, return_types
from schema.shop.payloads import (
    CancelOrderPayload,
    CancelReturnPayload,
    CartPayload,
    PlaceOrderPayload,
    RequestReturnPayload,
)
from schema.shop.request import Info, View


@strawberry.type
class OrderMutations:
    @strawberry.mutation(description="Sets how many of a variant or offer are in the cart; 0 takes it out.")
    async def set_cart_line(self, info: Info, input: BasketLineInput) -> CartPayload:
        shop, line = info.context.services.shop, basket_line(input)

        def deed(member_id: str) -> str:
            set_cart_line(shop, member_id, line)
            return member_id

        return await info.context.change(info, CartPayload, deed, _show_cart)

    @strawberry.mutation
    async def clear_cart(self, info: Info) -> CartPayload:
        shop = info.context.services.shop

        def deed(member_id: str) -> str:
            clear_cart(shop, member_id)
            return member_id

        return await info.context.change(info, CartPayload, deed, _show_cart)

    @strawberry.mutation(
        description="Reserves stock and points in one transaction. The same idempotencyKey with the same input gives "
        "the same order; with another input, an error."
    )
    async def place_order(self, info: Info, input: PlaceOrderInput) -> PlaceOrderPayload:
        shop = info.context.services.shop
        lines = given(input.lines)
        wanted_lines = None if lines is None else basket(lines)
        address_id = checked_id(input.address_id)

        def deed(member_id: str) -> str:
            return place_order(
                shop,
                PlaceOrder(
                    member_id=member_id,
                    idempotency_key=input.idempotency_key,
                    lines=wanted_lines,
                    address_id=address_id,
                    payment_method=input.payment_method.value,
                    gift_card_amount=given(input.gift_card_amount),
                    expected_due=given(input.expected_due),
                    expected_points=given(input.expected_points),
                ),
            )

        # The provider may take its time; whoever only looks at goods does not wait for it.
        online = input.payment_method == PaymentMethod.STRIPE
        return await info.context.change(info, PlaceOrderPayload, deed, _show_order, asks_outside=online)

    @strawberry.mutation(description="Only before it ships.")
    async def cancel_order(self, info: Info, input: CancelOrderInput) -> CancelOrderPayload:
        shop, order_id = info.context.services.shop, checked_id(input.order_id)

        def deed(member_id: str) -> str:
            return cancel_order(shop, order_id, member_id=member_id)

        return await info.context.change(info, CancelOrderPayload, deed, _show_order)

    @strawberry.mutation
    async def request_return(self, info: Info, input: RequestReturnInput) -> RequestReturnPayload:
        shop, order_id, lines = (
            info.context.services.shop,
            checked_id(input.order_id),
            return_lines(input.lines),
        )

        def deed(member_id: str) -> str:
            return request_return(
                shop,
                RequestReturn(
                    order_id=order_id,
                    kind=input.kind.value,
                    lines=lines,
                    reason=input.reason,
                    idempotency_key=input.idempotency_key,
                    member_id=member_id,
                ),
            )

        return await info.context.change(info, RequestReturnPayload, deed, _show_return)

    @strawberry.mutation
    async def cancel_return(self, info: Info, input: CancelReturnInput) -> CancelReturnPayload:
        shop, return_id = info.context.services.shop, checked_id(input.return_id)

        def deed(member_id: str) -> str:
            return cancel_return(shop, return_id, member_id=member_id)

        return await info.context.change(info, CancelReturnPayload, deed, _show_return)


def _show_cart(view: View, member_id: str, wanted: Selection) -> dict[str, Any]:
    return {"cart": cart_of(view, member_id, wanted["cart"])}


def _show_order(view: View, order_id: str, wanted: Selection) -> dict[str, Any]:
    return {"order": orders_of(view, [order_id], wanted["order"])[order_id]}


def _show_return(view: View, return_id: str, wanted: Selection) -> dict[str, Any]:
    record = returns_by_id(view.conn, [return_id])[return_id]
    return {"return_": return_types(view, [record], wanted["return"])[0]}

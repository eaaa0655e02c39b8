"""Fills orders and returns: rows first, then lines, payments and returns for all of them at once, as far as wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import strawberry

from catalog.queries import pictures_of_products
from checkout.pricing.steps import step_from_json
from checkout.queries import (
    OrderLineRecord,
    OrderRecord,
    PaymentRecord,
    ReturnRecord,
    lines_of_orders,
    order_count,
    order_lines_by_id,
    order_page,
    orders_by_id,
    payments_of_orders,
    return_lines_of,
    returns_of_orders,
)
from checkout.returns.preview_return import Outcome
from checkout.tables import OrderStatus, PaymentStatus
from kernel.money import Points
from schema.connections import Ordering, PageArguments, connect, window_of
from schema.selection import Selection
from schema.shop.belongings import Address
from schema.shop.catalogue import Image
from schema.shop.catalogue_reads import image_type, unwanted
from schema.shop.orders import (
    Order,
    OrderConnection,
    OrderEdge,
    OrderLine,
    Payment,
    Return,
    ReturnLine,
    ReturnOutcome,
    Shipment,
)
from schema.shop.program import tier_by_code
from schema.shop.quotes import Totals, explanation
from schema.shop.request import View
from schema.types import amount_of, money_of

STILL_TO_PAY = (PaymentStatus.PENDING, PaymentStatus.REQUIRES_ACTION, PaymentStatus.FAILED)


def _order_key(order: OrderRecord) -> tuple[Any, ...]:
    return (order.placed_at, order.id)


ORDERS: Ordering[OrderRecord] = Ordering("orders", (datetime, str), _order_key)


def order_connection(
    view: View, member_id: str, status: OrderStatus | None, page: PageArguments, wanted: Selection
) -> OrderConnection:
    """A page of a member's orders, newest first."""
    window = window_of(*page, ORDERS)
    found = order_page(view.conn, window, member_id=member_id, status=status)
    total = order_count(view.conn, member_id=member_id, status=status) if "totalCount" in wanted else 0
    nodes = order_types(view, found.items, wanted.at("edges", "node"))
    return connect(OrderConnection, OrderEdge, found, nodes, ORDERS, total)


def orders_of(view: View, ids: Iterable[str], wanted: Selection) -> dict[str, Order]:
    """Orders by id, whosesoever they are: the caller has seen to that."""
    unique = sorted(set(ids))
    records = list(orders_by_id(view.conn, unique).values()) if unique else []
    return {str(order.id): order for order in order_types(view, records, wanted)}


def order_types(view: View, records: Sequence[OrderRecord], wanted: Selection) -> list[Order]:
    """A type for each record, in the same order, with what is wanted of its children."""
    ids = [record.id for record in records]
    by_id = {record.id: record for record in records}
    lines: Mapping[str, list[OrderLine]] = {}
    if ids and "lines" in wanted:
        found = lines_of_orders(view.conn, ids)
        flat = [line for id_ in ids for line in found.get(id_, ())]
        types = iter(_lines(view, flat, by_id, wanted["lines"]))
        lines = {id_: [next(types) for _ in found.get(id_, ())] for id_ in ids}
    payments: Mapping[str, PaymentRecord] = {}
    if ids and "payment" in wanted:
        payments = payments_of_orders(view.conn, ids)
    returns: dict[str, list[Return]] = {}
    if ids and "returns" in wanted:
        of_order = returns_of_orders(view.conn, ids)
        flat_returns = [r for id_ in ids for r in of_order.get(id_, ())]
        for record, type_ in zip(flat_returns, return_types(view, flat_returns, wanted["returns"], by_id), strict=True):
            returns.setdefault(record.order_id, []).append(type_)
    return [
        _order(view, record, lines.get(record.id, []), payments.get(record.id), returns.get(record.id, []))
        for record in records
    ]


def _order(
    view: View,
    record: OrderRecord,
    lines: list[OrderLine],
    payment: PaymentRecord | None,
    returns: list[Return],
) -> Order:
    program = view.program_number(record.program_version)
    return Order(
        id=strawberry.ID(record.id),
        number=record.number,
        status=OrderStatus(record.status),
        placed_at=record.placed_at,
        paid_at=record.paid_at,
        shipped_at=record.shipped_at,
        settles_at=record.settles_at,
        returnable_until=record.returnable_until,
        shipment=_shipment(record),
        pay_before=record.pay_before,
        tier=tier_by_code(view, record.tier_code, program) or unwanted(),
        lines=lines,
        totals=_totals(record),
        points_to_earn=Points(record.points_to_earn),
        payment=payment_type(payment) if payment else None,
        returns=returns,
        address=sent_to(record),
    )


def _shipment(record: OrderRecord) -> Shipment | None:
    if record.shipped_at is None:
        return None
    return Shipment(shipped_at=record.shipped_at, carrier=record.carrier, tracking_number=record.tracking_number)


def _totals(record: OrderRecord) -> Totals:
    currency = record.currency
    total = record.goods + record.shipping
    return Totals(
        regular=money_of(record.regular, currency),
        tier_discount=money_of(record.tier_discount, currency),
        other_discount=money_of(record.other_discount, currency),
        goods=money_of(record.goods, currency),
        shipping=money_of(record.shipping, currency),
        total=money_of(total, currency),
        gift_card=money_of(record.gift_card, currency),
        due=money_of(total - record.gift_card, currency),
        points=Points(record.points),
    )


def order_of_address(id_: str) -> str:
    """The order whose copy of an address has this id, if there is such an order."""
    return f"ord_{id_.partition('_')[2]}"


def sent_to(record: OrderRecord) -> Address | None:
    """Where the order was sent. A copy made when it was placed, so its id is the order's own, not the address's."""
    if record.address is None:
        return None
    return Address(
        id=strawberry.ID(f"adr_{record.id.partition('_')[2]}"),
        recipient=record.address["recipient"],
        phone=record.address["phone"],
        region=record.address["region"],
        line=record.address["line"],
        postal_code=record.address.get("postal_code"),
        is_default=False,
    )


def payment_type(record: PaymentRecord) -> Payment:
    return Payment(
        id=strawberry.ID(record.id),
        method=record.method,  # type: ignore[arg-type]
        status=record.status,  # type: ignore[arg-type]
        amount=money_of(record.amount, record.currency),
        refunded=money_of(record.refunded, record.currency),
        client_secret=record.client_secret if record.status in STILL_TO_PAY else None,
    )


# ---------------------------------------------------------------- lines


def order_lines_of(view: View, ids: Iterable[str], wanted: Selection) -> dict[str, OrderLine]:
    """Order lines by id, whosesoever they are."""
    unique = sorted(set(ids))
    records = list(order_lines_by_id(view.conn, unique).values()) if unique else []
    orders = orders_by_id(view.conn, sorted({record.order_id for record in records})) if records else {}
    return {str(line.id): line for line in _lines(view, records, orders, wanted)}


def _lines(
    view: View, records: Sequence[OrderLineRecord], orders: Mapping[str, OrderRecord], wanted: Selection
) -> list[OrderLine]:
    images: dict[str, Image | None] = {}
    if "image" in wanted:
        product_ids = sorted({record.product_id for record in records if record.product_id is not None})
        if product_ids:
            pictures = pictures_of_products(view.conn, product_ids, first_only=True)
            images = {id_: image_type(found[0]) for id_, found in pictures.items() if found}
    return [_line(view, record, orders[record.order_id], images) for record in records]


def _line(view: View, record: OrderLineRecord, order: OrderRecord, images: Mapping[str, Image | None]) -> OrderLine:
    currency = order.currency
    program = view.program_number(order.program_version)
    return OrderLine(
        id=strawberry.ID(record.id),
        sku=record.sku,
        product_name=(record.product_names or {}).get(view.locale) or record.product_name,
        variant_name=record.variant_name,
        image=images.get(record.product_id) if record.product_id else None,
        price_class=record.price_class,  # type: ignore[arg-type]
        quantity=record.quantity,
        returned_quantity=record.returned_quantity,
        unit_regular_price=money_of(record.unit_regular, currency),
        unit_cash=money_of(record.unit_cash, currency),
        unit_points=Points(record.unit_points),
        total_cash=money_of(record.unit_cash * record.quantity, currency),
        total_points=Points(record.unit_points * record.quantity),
        points_to_earn=Points(record.points_to_earn),
        explanation=explanation(view, program, [step_from_json(step, currency) for step in record.explanation]),
    )


# ---------------------------------------------------------------- returns


def return_types(
    view: View,
    records: Sequence[ReturnRecord],
    wanted: Selection,
    orders: Mapping[str, OrderRecord] | None = None,
) -> list[Return]:
    """A type for each record, in the same order. `orders`: theirs, where they have been read already."""
    order_ids = sorted({record.order_id for record in records})
    if orders is None:
        orders = orders_by_id(view.conn, order_ids) if order_ids else {}
    parents: dict[str, Order] = {}
    if order_ids and "order" in wanted:
        rows = [orders[id_] for id_ in order_ids]
        parents = {str(order.id): order for order in order_types(view, rows, wanted["order"])}
    lines = _return_lines(view, records, wanted["lines"]) if records and "lines" in wanted else {}
    return [
        Return(
            id=strawberry.ID(record.id),
            number=record.number,
            kind=record.kind,  # type: ignore[arg-type]
            status=record.status,  # type: ignore[arg-type]
            order=parents.get(record.order_id) or unwanted(),
            lines=lines.get(record.id, []),
            reason=record.reason,
            rejection_reason=record.rejection_reason,
            requested_at=record.requested_at,
            completed_at=record.completed_at,
            outcome=_stored_outcome(record, orders[record.order_id].currency),
        )
        for record in records
    ]


def _return_lines(view: View, records: Sequence[ReturnRecord], wanted: Selection) -> dict[str, list[ReturnLine]]:
    found = return_lines_of(view.conn, [record.id for record in records])
    ids = {line.order_line_id for lines in found.values() for line in lines}
    order_lines = order_lines_of(view, ids, wanted["orderLine"]) if "orderLine" in wanted else {}
    return {
        return_id: [
            ReturnLine(order_line=order_lines.get(line.order_line_id) or unwanted(), quantity=line.quantity)
            for line in lines
        ]
        for return_id, lines in found.items()
    }


def _stored_outcome(record: ReturnRecord, currency: str) -> ReturnOutcome | None:
    if record.full is None:
        return None
    return ReturnOutcome(
        full=record.full,
        refund=money_of(record.refund or 0, currency),
        gift_card_refund=money_of(record.gift_card_refund or 0, currency),
        points_returned=Points(record.points_returned or 0),
        pending_points_reversed=Points(record.pending_points_reversed or 0),
        available_points_reversed=Points(record.available_points_reversed or 0),
        withheld=money_of(record.withheld or 0, currency),
        expires_at_after=record.expires_at_after,
    )


def outcome_type(outcome: Outcome) -> ReturnOutcome:
    return ReturnOutcome(
        full=outcome.full,
        refund=amount_of(outcome.refund),
        gift_card_refund=amount_of(outcome.gift_card_refund),
        points_returned=Points(outcome.points_returned),
        pending_points_reversed=Points(outcome.pending_points_reversed),
        available_points_reversed=Points(outcome.available_points_reversed),
        withheld=amount_of(outcome.withheld),
        expires_at_after=outcome.expires_at_after,
    )

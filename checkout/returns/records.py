"""Fetches and stores what returns need of orders, lines and returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from checkout.pricing.earning import EarningRates
from checkout.returns.apportion import KeptLine
from checkout.returns.finish import Charged
from checkout.tables import OrderLineRow, OrderRow, ReturnLineRow, ReturnRow, ReturnStatus
from kernel.database import among, table_of
from kernel.money import Money

orders_t = table_of(OrderRow)
lines_t = table_of(OrderLineRow)
returns_t = table_of(ReturnRow)
return_lines_t = table_of(ReturnLineRow)


@dataclass(frozen=True, slots=True)
class ReturnableOrder:
    """An order as far as returns go. `asked_for` counts units in open returns, by order line."""

    charged: Charged
    returnable_until: datetime | None
    lines: list[KeptLine]
    asked_for: dict[str, int]


def returnable_order(conn: Connection, order_id: str) -> ReturnableOrder:
    """An order that exists, with its lines and what open returns ask for."""
    order = conn.execute(
        select(orders_t.c.currency, orders_t.c.shipping, orders_t.c.gift_card, orders_t.c.returnable_until).where(
            orders_t.c.id == order_id
        )
    ).one()
    open_units = (
        select(return_lines_t.c.order_line_id, func.sum(return_lines_t.c.quantity))
        .join(returns_t, returns_t.c.id == return_lines_t.c.return_id)
        .where(returns_t.c.order_id == order_id, returns_t.c.status == ReturnStatus.REQUESTED.value)
        .group_by(return_lines_t.c.order_line_id)
    )
    return ReturnableOrder(
        charged=Charged(Money(order.shipping, order.currency), Money(order.gift_card, order.currency)),
        returnable_until=order.returnable_until,
        lines=kept_lines(conn, order_id, order.currency),
        asked_for={line_id: int(units) for line_id, units in conn.execute(open_units)},
    )


def kept_lines(conn: Connection, order_id: str, currency: str) -> list[KeptLine]:
    """The lines of an order, in their order. `currency` is the order's."""
    c = lines_t.c
    rows = conn.execute(
        select(
            c.id,
            c.variant_id,
            c.exchange_offer_id,
            c.quantity,
            c.returned_quantity,
            c.unit_cash,
            c.gift_card,
            c.unit_points,
            c.rate,
            c.gift_card_rate,
            c.multiplier,
        )
        .where(c.order_id == order_id)
        .order_by(c.position)
    )
    return [
        KeptLine(
            id=r.id,
            variant_id=r.variant_id,
            exchange_offer_id=r.exchange_offer_id,
            quantity=r.quantity,
            returned=r.returned_quantity,
            cash=Money(r.unit_cash * r.quantity, currency),
            gift_card=Money(r.gift_card, currency),
            points=r.unit_points * r.quantity,
            rates=EarningRates(r.rate, r.gift_card_rate, r.multiplier),
        )
        for r in rows
    ]


def skus_of(conn: Connection, lines: Sequence[KeptLine]) -> dict[str | None, str]:
    """What the lines' variants were called when they were bought."""
    c = lines_t.c
    return dict(conn.execute(select(c.variant_id, c.sku).where(among(c.id, [line.id for line in lines]))).all())


@dataclass(frozen=True, slots=True)
class AskedReturn:
    """A return as it was asked for, whatever its state since: units by order line."""

    id: str
    order_id: str
    member_id: str
    kind: str
    status: str
    taken: dict[str, int]


def find_return(conn: Connection, return_id: str) -> AskedReturn | None:
    """A return of any state; None where there is none with this id."""
    c = returns_t.c
    row = conn.execute(select(c.id, c.order_id, c.member_id, c.kind, c.status).where(c.id == return_id)).one_or_none()
    if row is None:
        return None
    units = conn.execute(
        select(return_lines_t.c.order_line_id, return_lines_t.c.quantity).where(return_lines_t.c.return_id == return_id)
    )
    return AskedReturn(row.id, row.order_id, row.member_id, row.kind, row.status, dict(units.all()))

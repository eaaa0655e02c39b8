"""What the payment verbs read of an order and its payment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from checkout.tables import OrderRow, PaymentMethod, PaymentRow
from kernel.database import table_of
from kernel.money import Money

orders_t = table_of(OrderRow)
payments_t = table_of(PaymentRow)


@dataclass(frozen=True, slots=True)
class AskedPayment:
    """A payment with what its order says of it. `due` is what was asked for.

    `can_be_shown`: the device can be told where to pay. The provider's name for it may be known without that, where an
    event was faster than its answer, or the answer was lost.
    """

    id: str
    order_id: str
    order_number: str
    order_status: str
    member_id: str
    intent: str | None
    placed_at: datetime
    pay_before: datetime | None
    method: str
    status: str
    due: Money
    reference: str | None
    can_be_shown: bool


_p, _o = payments_t.c, orders_t.c
_ASKED = select(
    _p.id, _p.order_id, _o.number, _o.status, _o.member_id, _o.intent, _o.placed_at, _o.pay_before,
    _p.method, _p.status, _p.amount, _p.currency, _p.provider_reference, _p.client_secret.is_not(None),
).join(orders_t, _o.id == _p.order_id)  # fmt: skip


def new_payment(order: Mapping[str, Any], payment: Mapping[str, Any]) -> AskedPayment:
    """The payment of an order, both as they have just been written."""
    return AskedPayment(
        id=payment["id"],
        order_id=order["id"],
        order_number=order["number"],
        order_status=order["status"],
        member_id=order["member_id"],
        intent=order["intent"],
        placed_at=order["placed_at"],
        pay_before=order["pay_before"],
        method=payment["method"],
        status=payment["status"],
        due=Money(payment["amount"], payment["currency"]),
        reference=None,
        can_be_shown=False,
    )


def payment_of_order(conn: Connection, order_id: str) -> AskedPayment | None:
    """None where the order has none, or there is no such order."""
    return _asked(conn, _p.order_id == order_id)


def payment_of_reference(conn: Connection, reference: str) -> AskedPayment | None:
    """The payment that the provider knows by this name."""
    return _asked(conn, _p.provider_reference == reference)


def asked_since(conn: Connection, since: datetime) -> list[AskedPayment]:
    """What was to be paid online of orders placed since an instant, oldest first."""
    online = (_p.method == PaymentMethod.STRIPE.value) & (_o.placed_at >= since)
    return [_record(row) for row in conn.execute(_ASKED.where(online).order_by(_o.placed_at, _o.id))]


def _asked(conn: Connection, where: ColumnElement[bool]) -> AskedPayment | None:
    row = conn.execute(_ASKED.where(where)).one_or_none()
    return None if row is None else _record(row)


def _record(row: Sequence[Any]) -> AskedPayment:
    *facts, amount, currency, reference, can_be_shown = row
    return AskedPayment(*facts, due=Money(amount, currency), reference=reference, can_be_shown=can_be_shown)

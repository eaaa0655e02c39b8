"""Gives back what a cancelled order had reserved: gift cards, payment, offers' quotas and stock (R7, R12).

Its lines earn nothing any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from catalog import stock
from catalog.movements import Cause
from checkout.payments.refunds import ask_refund
from checkout.tables import OrderLineRow, OrderRow, PaymentMethod, PaymentRow, PaymentStatus
from kernel.database import Transaction, among, table_of
from kernel.money import Money
from members.gift_cards import give_back

orders_t = table_of(OrderRow)
lines_t = table_of(OrderLineRow)
payments_t = table_of(PaymentRow)


def release_reservations(tx: Transaction, cancelled: Sequence[tuple[str, datetime]]) -> None:
    """Undoes the reservations of orders cancelled at an instant each. Runs inside the caller's transaction."""
    if not cancelled:
        return
    order_ids = [order_id for order_id, _ in cancelled]
    for order_id, at in cancelled:
        _give_back_gift_card(tx, order_id, at)
        _close_payment(tx, order_id, at)
    # They earn nothing any more, as their order does not.
    lines = tx.execute(
        lines_t.update()
        .where(among(lines_t.c.order_id, order_ids))
        .values(points_to_earn=0)
        .returning(lines_t.c.order_id, lines_t.c.variant_id, lines_t.c.exchange_offer_id, lines_t.c.quantity)
    ).all()
    offers: Counter[str] = Counter()
    variants: dict[str, Counter[str]] = {order_id: Counter() for order_id in order_ids}
    for line in lines:
        if line.exchange_offer_id is not None:
            offers[line.exchange_offer_id] += line.quantity
        if line.variant_id is not None:
            variants[line.order_id][line.variant_id] += line.quantity
    stock.unredeem(tx, dict(offers))
    stock.release(tx, [(Cause(at, order_id=order_id), variants[order_id]) for order_id, at in cancelled])


def _give_back_gift_card(tx: Transaction, order_id: str, at: datetime) -> None:
    order = tx.execute(select(orders_t.c.gift_card, orders_t.c.currency).where(orders_t.c.id == order_id)).one()
    give_back(tx, order_id, Money(order.gift_card, order.currency), source=f"order:{order_id}:cancel", at=at)


def _close_payment(tx: Transaction, order_id: str, at: datetime) -> None:
    """What was not paid is no longer asked for; cash that was recorded is paid out again, and what was paid online is
    sent back the way it came.
    """
    c = payments_t.c
    payment = tx.execute(
        select(c.id, c.method, c.status, c.amount, c.currency).where(c.order_id == order_id)
    ).one_or_none()
    if payment is None:
        return
    if payment.status != PaymentStatus.SUCCEEDED:
        tx.execute(payments_t.update().where(c.id == payment.id).values(status=PaymentStatus.CANCELLED.value))
    elif payment.method == PaymentMethod.STRIPE:
        amount = Money(payment.amount, payment.currency)
        ask_refund(tx, order_id=order_id, payment_id=payment.id, amount=amount, cause=f"order:{order_id}", at=at)
    else:
        tx.execute(payments_t.update().where(c.id == payment.id).values(refunded=c.amount))

"""Asks the payment provider for what an order has due, between two transactions (R12)."""

from __future__ import annotations

from sqlalchemy import select

from checkout.shop import Shop
from checkout.tables import PaymentMethod, PaymentRow, PaymentStatus
from kernel.database import table_of
from kernel.money import Money

payments_t = table_of(PaymentRow)


def open_payment(shop: Shop, order_id: str) -> None:
    """Owns its transaction. An order that has nothing to ask for, or has asked already, is left as it is.

    Where the provider does not answer, the order keeps waiting: sent again, it is asked again.

    Raises:
        Refused: the provider says no or nothing.
    """
    with shop.db.read() as conn:
        payment = conn.execute(
            select(
                payments_t.c.id, payments_t.c.method, payments_t.c.status, payments_t.c.amount, payments_t.c.currency
            ).where(payments_t.c.order_id == order_id, payments_t.c.provider_reference.is_(None))
        ).one_or_none()
    if payment is None or payment.method != PaymentMethod.STRIPE or payment.status != PaymentStatus.PENDING:
        return
    assert shop.gateway is not None
    opened = shop.gateway.open_payment(order_id, Money(payment.amount, payment.currency))
    with shop.db.write() as tx:
        tx.execute(
            payments_t.update()
            .where(payments_t.c.id == payment.id)
            .values(provider_reference=opened.reference, client_secret=opened.client_secret)
        )

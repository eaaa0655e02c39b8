"""Records the cash that a courier has collected (R12)."""

from __future__ import annotations

from sqlalchemy import select

from checkout.orders import lock_order
from checkout.shop import Shop
from checkout.tables import PaymentMethod, PaymentRow, PaymentStatus
from checkout.timeline import in_time
from kernel.database import table_of
from staff import audit

payments_t = table_of(PaymentRow)


@in_time
def record_cash_payment(shop: Shop, order_id: str, *, actor: str) -> str:
    """Owns its transaction. Returns the order's id. Recorded already, or nothing to record: changes nothing.

    Raises:
        Refused: no such order.
    """
    now = shop.clock.now()
    with shop.db.write() as tx:
        lock_order(tx, shop, order_id, now)
        payment = tx.execute(
            select(payments_t.c.id, payments_t.c.method, payments_t.c.status).where(payments_t.c.order_id == order_id)
        ).one_or_none()
        if payment is None or payment.method != PaymentMethod.CASH_ON_DELIVERY:
            return order_id
        if payment.status != PaymentStatus.PENDING:
            # Recorded already; or nothing is owed any more, since the order was cancelled or returned.
            return order_id
        tx.execute(
            payments_t.update()
            .where(payments_t.c.id == payment.id)
            .values(status=PaymentStatus.SUCCEEDED.value, recorded_at=now)
        )
        audit.record(
            tx,
            at=now,
            actor=actor,
            action="recordCashPayment",
            subject_id=order_id,
            before={"payment": payment.status},
            after={"payment": PaymentStatus.SUCCEEDED.value},
        )
    return order_id

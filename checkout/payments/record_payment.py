"""An order that waited for its payment has been paid (R12)."""

from __future__ import annotations

from checkout.due import advance
from checkout.orders import lock_order, orders_t
from checkout.shop import Shop
from checkout.standing import write_standing
from checkout.states import moved
from checkout.tables import OrderStatus, PaymentRow, PaymentStatus
from kernel.database import table_of

payments_t = table_of(PaymentRow)


def record_payment(shop: Shop, order_id: str) -> bool:
    """Owns its transaction. Marks an order as paid now; says False where it no longer waits for payment."""
    now = shop.clock.now()
    with shop.db.write() as tx:
        standing, programs, order = lock_order(tx, shop, order_id, now)
        if order.status != OrderStatus.AWAITING_PAYMENT:
            return False
        order.status = moved(order.status, OrderStatus.PAID)
        order.paid_at = now
        tx.execute(orders_t.update().where(orders_t.c.id == order_id).values(paid_at=now))
        tx.execute(
            payments_t.update()
            .where(payments_t.c.order_id == order_id)
            .values(status=PaymentStatus.SUCCEEDED.value, recorded_at=now)
        )
        advance(standing, programs, now, since=now)
        write_standing(tx, standing)
    return True

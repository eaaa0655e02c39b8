"""Undoes an order whose member is told that its payment could not begin: with a refusal, nothing is done."""

from __future__ import annotations

from sqlalchemy import select

from checkout.cancelling import cancel
from checkout.cart import put_back
from checkout.due import advance
from checkout.orders import lock_order
from checkout.payments.records import payment_of_order, payments_t
from checkout.queries import lines_of_orders
from checkout.shop import Shop
from checkout.standing import write_standing
from checkout.tables import OrderStatus
from checkout.timeline import in_time
from kernel.idempotency import release


@in_time
def undo_order(shop: Shop, order_id: str, *, mutation: str, from_cart: bool) -> bool:
    """Owns its transaction. Goods, points and gift cards go back, the key may be used for anything again and, where it
    was the cart that was ordered (`from_cart`), its lines are in it again. The order itself stays, cancelled: the
    ledger names it.

    Returns False where the order stands: sent twice, it has been told where to pay meanwhile, or is paid already. One
    that is cancelled by now is left as it is.
    """
    now = shop.clock.now()
    with shop.db.write() as tx:
        standing, programs, order = lock_order(tx, shop, order_id, now)
        # Whoever is about to write down where to pay was first, or finds the payment cancelled.
        tx.execute(select(payments_t.c.id).where(payments_t.c.order_id == order_id).with_for_update())
        payment = payment_of_order(tx, order_id)
        assert payment is not None
        if order.status != OrderStatus.AWAITING_PAYMENT:
            return order.status == OrderStatus.CANCELLED
        if payment.can_be_shown:
            return False
        cancel(standing, programs.at(now).program, order, now)
        advance(standing, programs, now, since=now)
        write_standing(tx, standing)
        release(tx, payment.member_id, mutation, order_id)
        if from_cart:
            put_back(tx, payment.member_id, lines_of_orders(tx, [order_id])[order_id])
    return True

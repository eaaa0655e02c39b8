"""Cancels an order before it ships: all money, shipping included, and all points go back (R7)."""

from __future__ import annotations

from checkout.cancelling import cancel
from checkout.due import advance
from checkout.orders import lock_order
from checkout.refusals import OrderStateRefused
from checkout.shop import Shop
from checkout.standing import write_standing
from checkout.tables import OrderStatus
from checkout.timeline import in_time
from kernel.refusals import Refused


@in_time
def cancel_order(shop: Shop, order_id: str, *, member_id: str) -> str:
    """Owns its transaction. Returns the order's id; one that is cancelled already stays as it is.

    Raises:
        Refused: no such order of the member's, or it has shipped.
    """
    now = shop.clock.now()
    with shop.db.write() as tx:
        standing, programs, order = lock_order(tx, shop, order_id, now, member_id=member_id)
        if order.status == OrderStatus.CANCELLED:
            return order_id
        if order.status not in (OrderStatus.AWAITING_PAYMENT, OrderStatus.PAID):
            raise Refused(OrderStateRefused(path=("orderId",), status=order.status))
        cancel(standing, programs.at(now).program, order, now)
        advance(standing, programs, now, since=now)
        write_standing(tx, standing)
    return order_id

"""Ships a paid order: from here its settlement and the member's time to return it run (R4, R7)."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from catalog import stock
from catalog.movements import Cause
from checkout.due import advance
from checkout.orders import lock_order, orders_t
from checkout.refusals import OrderStateRefused
from checkout.shop import Shop
from checkout.standing import write_standing
from checkout.states import moved
from checkout.tables import OrderLineRow, OrderStatus
from checkout.timeline import in_time
from kernel.database import Transaction, table_of
from kernel.refusals import Refusals
from kernel.texts import read_optional_text
from staff import audit

lines_t = table_of(OrderLineRow)


@in_time
def ship_order(shop: Shop, order_id: str, *, carrier: str | None, tracking_number: str | None, actor: str) -> str:
    """Owns its transaction. Returns the order's id; one that has shipped already stays as it is.

    Raises:
        Refused: no such order, not paid or cancelled, or a text is too long.
    """
    refusals = Refusals()
    carrier = read_optional_text(refusals, ("carrier",), carrier)
    tracking_number = read_optional_text(refusals, ("trackingNumber",), tracking_number)
    now = shop.clock.now()
    with refusals.told_too(), shop.db.write() as tx:
        standing, programs, order = lock_order(tx, shop, order_id, now)
        has_shipped = order.status in (OrderStatus.SHIPPED, OrderStatus.SETTLED, OrderStatus.RETURNED)
        if not has_shipped and order.status != OrderStatus.PAID:
            refusals.add(OrderStateRefused(path=("orderId",), status=order.status))
        refusals.raise_any()
        if has_shipped:
            return order_id
        program = programs.number(order.program_version).program
        order.status = moved(order.status, OrderStatus.SHIPPED)
        order.settles_at = now + program.settlement_period
        tx.execute(
            orders_t.update()
            .where(orders_t.c.id == order_id)
            .values(
                shipped_at=now,
                settles_at=order.settles_at,
                returnable_until=now + program.return_window,
                carrier=carrier,
                tracking_number=tracking_number,
            )
        )
        advance(standing, programs, now, since=now)
        write_standing(tx, standing)
        after = {"status": OrderStatus.SHIPPED.value, "carrier": carrier, "trackingNumber": tracking_number}
        audit.record(
            tx,
            at=now,
            actor=actor,
            action="shipOrder",
            subject_id=order_id,
            before={"status": OrderStatus.PAID.value},
            after=after,
        )
        stock.ship(tx, _units(tx, order_id), Cause(now, order_id=order_id, actor=actor))
    return order_id


def _units(tx: Transaction, order_id: str) -> dict[str, int]:
    units: Counter[str] = Counter()
    for variant_id, quantity in tx.execute(
        select(lines_t.c.variant_id, lines_t.c.quantity).where(
            lines_t.c.order_id == order_id, lines_t.c.variant_id.is_not(None)
        )
    ):
        units[variant_id] += quantity
    return dict(units)

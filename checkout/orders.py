"""Finds the order that a verb is about, and its member's standing, brought up to date and under lock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, exists, select

from checkout.current import current_standing
from checkout.shop import Shop
from checkout.standing import Standing, StandingOrder
from checkout.tables import OrderRow
from kernel.database import Transaction, table_of
from kernel.refusals import NotFound, Refused
from program.config import Programs

orders_t = table_of(OrderRow)


def any_order(conn: Connection) -> bool:
    """Whether the shop has orders, of any state: then some things can no longer change (R15)."""
    return bool(conn.execute(select(exists().select_from(orders_t))).scalar())


def owner_of_order(conn: Connection, order_id: str, *, member_id: str | None) -> str:
    """The member whose order this is. What belongs to somebody else than `member_id` does not exist.

    Raises:
        Refused: there is no such order for the viewer.
    """
    owner = conn.execute(select(orders_t.c.member_id).where(orders_t.c.id == order_id)).scalar()
    if owner is None or member_id not in (None, owner):
        raise Refused(NotFound(path=("orderId",), what="order"))
    return owner


def lock_order(
    tx: Transaction, shop: Shop, order_id: str, now: datetime, *, member_id: str | None = None
) -> tuple[Standing, Programs, StandingOrder]:
    """An order with its member's standing, all done that was due.

    Raises: as `owner_of_order`, and PaymentMayHaveCome: its verb is one of those that are `in_time`.
    """
    owner = owner_of_order(tx, order_id, member_id=member_id)
    standing, programs = current_standing(tx, shop.shelf, owner, now, order_id=order_id)
    return standing, programs, standing.order(order_id)

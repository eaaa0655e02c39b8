"""Asks for the money of an order that has just been placed."""

from __future__ import annotations

from checkout.payments.open_payment import open_payment
from checkout.payments.records import AskedPayment
from checkout.shop import Shop
from checkout.undo_order import undo_order
from kernel.refusals import Refused


def begin_payment(shop: Shop, order_id: str, unpaid: AskedPayment | None, *, mutation: str, from_cart: bool) -> None:
    """Owns its transactions. Where the provider says no or nothing, the order is undone: `undo_order` says how.

    Raises:
        Refused: the provider says no or nothing.
    """
    try:
        open_payment(shop, order_id, unpaid)
    except Refused:
        if undo_order(shop, order_id, mutation=mutation, from_cart=from_cart):
            raise

"""Asks for the money of an order that has just been placed."""

from __future__ import annotations

from checkout.cancel_order import cancel_order
from checkout.payments.open_payment import open_payment
from checkout.payments.records import AskedPayment
from checkout.refusals import PaymentProviderRefused
from checkout.shop import Shop
from kernel.refusals import Refused


def begin_payment(shop: Shop, order_id: str, unpaid: AskedPayment | None, *, member_id: str) -> None:
    """Owns its transactions. A "no" for good will not change until the order's time is up: it gives everything back.

    Raises:
        Refused: the provider says no or nothing.
    """
    try:
        open_payment(shop, order_id, unpaid)
    except Refused as refused:
        if not all(isinstance(r, PaymentProviderRefused) and r.retryable for r in refused.refusals):
            cancel_order(shop, order_id, member_id=member_id)
        raise

"""Asks the payment provider for what an order has due, between two transactions (R12)."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from checkout.payments.gateway import OpenedPayment, ProviderRefused, ProviderSilent
from checkout.payments.look_at_payment import gateway_of
from checkout.payments.records import AskedPayment, payment_of_order, payments_t
from checkout.refusals import PaymentProviderRefused
from checkout.shop import Shop
from checkout.tables import IntentState, PaymentStatus
from kernel.database import Transaction
from kernel.refusals import Refused


def open_payment(shop: Shop, order_id: str, payment: AskedPayment | None = None) -> None:
    """Owns its transaction. An order that nobody waits for any more, or whose member can pay, is left as it is.

    `payment`: where the order has just been placed, and need not be read.

    Raises:
        Refused: the provider says no or nothing, or the order has been undone or cancelled meanwhile.
    """
    if payment is None:
        with shop.db.read() as conn:
            payment = payment_of_order(conn, order_id)
    if payment is None or payment.can_be_shown or payment.intent != IntentState.OPEN:
        return
    try:
        opened = _ask(shop, payment)
    except ProviderSilent:
        raise Refused(PaymentProviderRefused(path=("paymentMethod",), retryable=True)) from None
    except ProviderRefused:
        raise Refused(PaymentProviderRefused(path=("paymentMethod",), retryable=False)) from None
    with shop.db.write() as tx:
        if not _write_down(tx, payment, opened, payments_t.c.status != PaymentStatus.CANCELLED.value):
            raise Refused(PaymentProviderRefused(path=("paymentMethod",), retryable=True))


def ask_to_pay(shop: Shop, payment: AskedPayment) -> str:
    """Asks, and writes down the provider's name for the payment, which it returns. The same order, the same payment.

    Raises:
        ProviderError: the provider says no or nothing.
    """
    opened = _ask(shop, payment)
    with shop.db.write() as tx:
        _write_down(tx, payment, opened)
    return opened.reference


def _ask(shop: Shop, payment: AskedPayment) -> OpenedPayment:
    return gateway_of(shop).open_payment(payment.order_id, payment.order_number, payment.due)


def _write_down(tx: Transaction, payment: AskedPayment, opened: OpenedPayment, *only_if: ColumnElement[bool]) -> bool:
    values = {"provider_reference": opened.reference, "client_secret": opened.client_secret}
    update = payments_t.update().where(payments_t.c.id == payment.id, *only_if).values(values)
    return tx.execute(update).rowcount == 1

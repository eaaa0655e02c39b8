"""Stops the provider from asking for an order's money, and finds out whether some has arrived (R12)."""

from __future__ import annotations

from datetime import timedelta

from checkout.payments.closing import CLOSE
from checkout.payments.gateway import ProviderPaymentState, ProviderRefused
from checkout.payments.look_at_payment import forget_unopened, gateway_of, take_answer
from checkout.payments.open_payment import ask_to_pay
from checkout.payments.outbox_words import in_outbox_words
from checkout.payments.records import payment_of_order
from checkout.shop import Shop
from checkout.tables import PaymentMethod, PaymentStatus
from kernel.clock import SystemClock
from kernel.outbox import Handler, Message, deliver

NOT_OVER_YET = timedelta(minutes=1)

_OVER = (ProviderPaymentState.SUCCEEDED, ProviderPaymentState.CANCELLED)


def close_payment(shop: Shop, order_id: str) -> timedelta | None:
    """Owns its transactions. A timedelta: it could not be stopped yet, and is to be tried again then. A bank is still
    at work; or it was when the provider said no, and the customer may try once more by now.

    Raises:
        ProviderError: the provider does not say. The order waits.
    """
    with shop.db.read() as conn:
        payment = payment_of_order(conn, order_id)
    if payment is None or payment.method != PaymentMethod.STRIPE or payment.status == PaymentStatus.SUCCEEDED:
        return None
    gateway = gateway_of(shop)
    reference = payment.reference
    if reference is None:
        # Whoever asked may have died before writing the answer down: with the same key it is given again.
        try:
            reference = ask_to_pay(shop, payment)
        except ProviderRefused:
            # It was refused then as well: nobody was ever asked to pay.
            forget_unopened(shop, order_id)
            return None
    found = gateway.cancel_payment(reference)
    take_answer(shop, order_id, found)
    return None if found.state in _OVER else NOT_OVER_YET


def closes(shop: Shop) -> Handler:
    """Does what a message of kind `payment.close` asks for; its key is the order."""

    def handle(message: Message) -> timedelta | None:
        with in_outbox_words():
            return close_payment(shop, message.key)

    return handle


def close_at_once(shop: Shop, order_id: str) -> bool:
    """One attempt, now, for whoever would bring a member up to date. Says whether the provider has answered."""
    answers: list[timedelta | None] = []
    handle = closes(shop)

    def attempt(message: Message) -> timedelta | None:
        answers.append(handle(message))
        return answers[-1]

    # The outbox goes by the machine's time.
    deliver(shop.db, {CLOSE: attempt}, clock=SystemClock().now, key=order_id, most=1)
    return bool(answers)

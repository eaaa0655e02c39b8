"""Asks the provider about payments by ourselves: an event may never come."""

from __future__ import annotations

from datetime import datetime, timedelta

from checkout.payments.look_at_payment import look_at_payment, look_at_reference
from checkout.payments.outbox_words import in_outbox_words
from checkout.payments.records import payment_of_order
from checkout.shop import Shop
from checkout.tables import OrderStatus, PaymentMethod
from kernel.database import Transaction
from kernel.outbox import Handler, Message, enqueue

WATCH = "payment.watch"
LOOK = "payment.look"

# The older, the less likely that it is paid just now.
PAUSES = (
    (timedelta(minutes=10), timedelta(minutes=1)),
    (timedelta(hours=1), timedelta(minutes=5)),
    (timedelta(days=1), timedelta(hours=1)),
)
LONGEST_PAUSE = timedelta(hours=6)


def watch(tx: Transaction, order_id: str, now: datetime) -> None:
    """An unpaid order is asked about until it is decided. Runs inside the caller's transaction."""
    enqueue(tx, WATCH, order_id, {}, subject_id=order_id, now=now)


def watches(shop: Shop) -> Handler:
    """Does what a message of kind `payment.watch` asks for; its key is the order."""

    def handle(message: Message) -> timedelta | None:
        with in_outbox_words():
            look_at_payment(shop, message.key)
        with shop.db.read() as conn:
            payment = payment_of_order(conn, message.key)
        if payment is None or payment.method != PaymentMethod.STRIPE:
            return None
        if payment.order_status != OrderStatus.AWAITING_PAYMENT:
            return None
        return pause(shop.clock.now() - payment.placed_at)

    return handle


def looks(shop: Shop) -> Handler:
    """Does what a message of kind `payment.look` asks for: an event was about this payment."""

    def handle(message: Message) -> None:
        with in_outbox_words():
            look_at_reference(shop, message.payload["reference"])

    return handle


def pause(age: timedelta) -> timedelta:
    """How long until something of this age is asked about again."""
    return next((pause for until, pause in PAUSES if age < until), LONGEST_PAUSE)

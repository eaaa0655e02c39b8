"""Which messages of the outbox are about payments, and who does what they ask for."""

from __future__ import annotations

from collections.abc import Mapping

from checkout.payments import send_refund, watch_payment
from checkout.payments.close_payment import closes
from checkout.payments.closing import CLOSE
from checkout.payments.refunds import SEND
from checkout.shop import Shop
from kernel.outbox import Handler


def payment_handlers(shop: Shop) -> Mapping[str, Handler]:
    """By the kind of message."""
    return {
        watch_payment.WATCH: watch_payment.watches(shop),
        watch_payment.LOOK: watch_payment.looks(shop),
        CLOSE: closes(shop),
        SEND: send_refund.sends(shop),
        send_refund.LOOK: send_refund.looks(shop),
    }

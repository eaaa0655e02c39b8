"""What a payment's state at the provider means to its order. Pure."""

from __future__ import annotations

from enum import StrEnum

from checkout.payments.gateway import ProviderPayment, ProviderPaymentState
from checkout.tables import OrderStatus, PaymentStatus
from kernel.money import Money


class Verdict(StrEnum):
    PAID = "PAID"
    SEND_BACK = "SEND_BACK"
    DIFFERS = "DIFFERS"
    CLOSED = "CLOSED"
    WAITS = "WAITS"
    NOTHING = "NOTHING"


_OPEN = {
    ProviderPaymentState.WAITING: PaymentStatus.PENDING,
    ProviderPaymentState.PROCESSING: PaymentStatus.PENDING,
    ProviderPaymentState.REQUIRES_ACTION: PaymentStatus.REQUIRES_ACTION,
    ProviderPaymentState.FAILED: PaymentStatus.FAILED,
}


def judge(order_status: str, payment_status: str, due: Money, found: ProviderPayment) -> Verdict:
    """PAID: the order goes on. SEND_BACK: it came after the order was cancelled, and goes back whole. DIFFERS: what
    came is not what was due, so nothing ships. CLOSED: nobody can pay any more. WAITS: somebody still can.
    NOTHING: it is recorded already, or nobody waits for it.
    """
    if payment_status == PaymentStatus.SUCCEEDED:
        return Verdict.NOTHING
    if found.state is ProviderPaymentState.SUCCEEDED:
        if order_status == OrderStatus.CANCELLED:
            return Verdict.SEND_BACK
        if order_status != OrderStatus.AWAITING_PAYMENT:
            return Verdict.NOTHING
        return Verdict.PAID if differs(due, found) is None else Verdict.DIFFERS
    if order_status != OrderStatus.AWAITING_PAYMENT:
        return Verdict.NOTHING
    return Verdict.CLOSED if found.state is ProviderPaymentState.CANCELLED else Verdict.WAITS


def differs(due: Money, found: ProviderPayment) -> str | None:
    """What is wrong with the money that came, a word that the staff's texts explain; None where nothing is."""
    if found.received.currency != due.currency:
        return "currency_differs"
    return None if found.exact and found.received == due else "amount_differs"


def open_status(found: ProviderPayment) -> PaymentStatus:
    """How a payment stands that is neither paid nor closed."""
    return _OPEN[found.state]

"""A payment provider in memory: it does what it is asked, and what customers and banks do is up to the test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count

from checkout.payments.gateway import (
    NotSigned,
    OpenedPayment,
    ProviderError,
    ProviderEvent,
    ProviderPayment,
    ProviderPaymentState,
    ProviderRefund,
    ProviderRefundState,
    ProviderRefused,
)
from kernel.money import Money

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
OVER = (ProviderPaymentState.SUCCEEDED, ProviderPaymentState.CANCELLED)


class Died(BaseException):
    """Our own process is gone: what it asked for is done or not, and nobody is answered."""


@dataclass
class FakeGateway:
    """`trouble` is raised instead of an answer; with `after`, only once the deed is done."""

    opened: dict[str, Money] = field(default_factory=dict[str, Money])
    payments: dict[str, ProviderPayment] = field(default_factory=dict[str, ProviderPayment])
    refunds: dict[str, ProviderRefund] = field(default_factory=dict[str, ProviderRefund])
    keys: dict[str, str] = field(default_factory=dict[str, str])
    trouble: ProviderError | Died | None = None
    after: bool = False
    bank_says: ProviderRefundState = ProviderRefundState.SUCCEEDED
    asked: int = 0
    _numbers: Iterator[int] = field(default_factory=count)

    # ------------------------------------------------------------ customers and banks

    def pay(self, order_id: str, amount: Money | None = None) -> bool:
        """The customer pays; False where the provider no longer asks. Nobody tells the shop."""
        return self.turn(order_id, ProviderPaymentState.SUCCEEDED, amount)

    def turn(self, order_id: str, state: ProviderPaymentState, amount: Money | None = None) -> bool:
        payment = self.payments.get(f"fake_{order_id}")
        if payment is None or payment.state in OVER:
            return False
        paid = state is ProviderPaymentState.SUCCEEDED
        received = (amount or payment.amount) if paid else payment.received
        self.payments[payment.reference] = replace(payment, state=state, received=received)
        return True

    def bank(self, reference: str, state: ProviderRefundState) -> None:
        """The bank has decided about a refund."""
        problem = "refund_failed" if state is ProviderRefundState.FAILED else None
        self.refunds[reference] = replace(self.refunds[reference], state=state, problem=problem)

    # ------------------------------------------------------------ what the shop asks

    def open_payment(self, order_id: str, order_number: str, due: Money) -> OpenedPayment:
        self._ask()
        reference = f"fake_{order_id}"
        if reference not in self.payments:
            self.opened[order_id] = due
            zero = Money.zero(due.currency)
            self.payments[reference] = ProviderPayment(
                reference, ProviderPaymentState.WAITING, due, zero, order_id, LONG_AGO
            )
        self._answer()
        return OpenedPayment(reference, f"{reference}_secret")

    def find_payment(self, reference: str) -> ProviderPayment:
        self._ask()
        if reference not in self.payments:
            raise ProviderRefused("provider_does_not_know")
        return self.payments[reference]

    def cancel_payment(self, reference: str) -> ProviderPayment:
        self._ask()
        payment = self.payments[reference]
        if payment.state not in (*OVER, ProviderPaymentState.PROCESSING):
            self.payments[reference] = replace(payment, state=ProviderPaymentState.CANCELLED)
        self._answer()
        return self.payments[reference]

    def refund(self, payment_reference: str, amount: Money, *, key: str, refund_id: str) -> ProviderRefund:
        self._ask()
        reference = self.keys.get(key) or f"re_{next(self._numbers)}"
        if key not in self.keys:
            self.keys[key] = reference
            self.refunds[reference] = ProviderRefund(
                reference, self.bank_says, amount, payment_reference, refund_id, LONG_AGO
            )
            self.bank(reference, self.bank_says)
        self._answer()
        return self.refunds[reference]

    def find_refund(self, reference: str) -> ProviderRefund:
        self._ask()
        return self.refunds[reference]

    def refunds_of(self, payment_reference: str) -> list[ProviderRefund]:
        self._ask()
        return [refund for refund in self.refunds.values() if refund.payment_reference == payment_reference]

    def payments_since(self, since: datetime) -> Iterator[ProviderPayment]:
        self._ask()
        return (payment for payment in self.payments.values() if payment.created_at >= since)

    def refunds_since(self, since: datetime) -> Iterator[ProviderRefund]:
        self._ask()
        return (refund for refund in self.refunds.values() if refund.created_at >= since)

    def read_event(self, body: bytes, signature: str | None) -> ProviderEvent:
        if signature != "signed":
            raise NotSigned
        id_, kind, payment, refund = body.decode().split(" ")
        return ProviderEvent(id_, kind, payment or None, refund or None)

    def _ask(self) -> None:
        self.asked += 1
        if self.trouble is not None and not self.after:
            raise self.trouble

    def _answer(self) -> None:
        if self.trouble is not None and self.after:
            raise self.trouble

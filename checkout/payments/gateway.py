"""The port to whoever takes payments online: what is asked of them, and what they answer, in words of our own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from kernel.money import Money


class ProviderPaymentState(StrEnum):
    WAITING = "WAITING"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    PROCESSING = "PROCESSING"
    FAILED = "FAILED"
    SUCCEEDED = "SUCCEEDED"
    CANCELLED = "CANCELLED"


class ProviderRefundState(StrEnum):
    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class OpenedPayment:
    """The provider's name for a payment, and the secret with which the member's device completes it."""

    reference: str
    client_secret: str | None


@dataclass(frozen=True, slots=True)
class ProviderPayment:
    """A payment as the provider has it. `order_id` is what we wrote on it; None on what is not ours.

    `exact`: whether the amount is whole in our minor units, as every amount that we asked for is.
    """

    reference: str
    state: ProviderPaymentState
    amount: Money
    received: Money
    order_id: str | None
    created_at: datetime
    exact: bool = True


@dataclass(frozen=True, slots=True)
class ProviderRefund:
    """A refund as the provider has it. `refund_id` is what we wrote on it; `problem` why it failed, a word."""

    reference: str
    state: ProviderRefundState
    amount: Money
    payment_reference: str | None
    refund_id: str | None
    created_at: datetime
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """Something has happened to a payment or a refund; what, we ask for. Neither: it does not concern us."""

    id: str
    kind: str
    payment_reference: str | None
    refund_reference: str | None


class ProviderError(Exception):
    """The provider did not do what it was asked. `problem` is a word that the staff's texts explain."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class ProviderSilent(ProviderError):
    """No answer, or none that is final: whether it was done is not known. Asking again may help."""


class ProviderRefused(ProviderError):
    """The answer is no, and will be no."""


class NotSigned(Exception):
    """The provider did not send this, or not just now."""


class Gateway(Protocol):
    """A payment provider. Asked between transactions.

    Everything but `read_event` raises ProviderSilent or ProviderRefused. What is written is written once for its key.
    """

    def open_payment(self, order_id: str, order_number: str, due: Money) -> OpenedPayment:
        """Asks for an amount. Asked again for the same order, it gives the same payment."""
        ...

    def find_payment(self, reference: str) -> ProviderPayment:
        """A payment as it stands."""
        ...

    def cancel_payment(self, reference: str) -> ProviderPayment:
        """Stops asking, and tells how the payment stands then: money that had arrived is an answer, not an error."""
        ...

    def refund(self, payment_reference: str, amount: Money, *, key: str, refund_id: str) -> ProviderRefund:
        """Sends an amount back, once for each key for as long as the provider remembers it (a day)."""
        ...

    def find_refund(self, reference: str) -> ProviderRefund:
        """A refund as it stands."""
        ...

    def refunds_of(self, payment_reference: str) -> list[ProviderRefund]:
        """All refunds of a payment."""
        ...

    def payments_since(self, since: datetime) -> Iterator[ProviderPayment]:
        """Payments opened since an instant, of ours and of others."""
        ...

    def refunds_since(self, since: datetime) -> Iterator[ProviderRefund]:
        """Refunds sent since an instant, of ours and of others."""
        ...

    def read_event(self, body: bytes, signature: str | None) -> ProviderEvent:
        """What a message says that has just come in. Raises NotSigned, and ValueError for what is no event."""
        ...

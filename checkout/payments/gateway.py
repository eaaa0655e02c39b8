"""The port to whoever takes payments online."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kernel.money import Money


@dataclass(frozen=True, slots=True)
class OpenedPayment:
    """The provider's name for a payment, and the secret with which the member's device completes it."""

    reference: str
    client_secret: str | None


class Gateway(Protocol):
    """A payment provider. Asked between transactions, with the order's id as idempotency key."""

    def open_payment(self, order_id: str, due: Money) -> OpenedPayment:
        """Asks for an amount. Asked again for the same order, it gives the same payment.

        Raises:
            Refused: with PaymentProviderRefused, where the provider says no or nothing.
        """
        ...

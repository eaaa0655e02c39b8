"""The port to whoever takes payments online. None is set up yet: such an order is refused before anything is done."""

from __future__ import annotations

from typing import Protocol

from kernel.money import Money


class Gateway(Protocol):
    """A payment provider. Called between transactions, with the order's id as idempotency key."""

    def open_payment(self, order_id: str, due: Money) -> str:
        """Asks for an amount and returns the provider's reference."""
        ...

"""What shipping costs (R2)."""

from __future__ import annotations

from kernel.money import Money
from program.config import Program


def shipping_fee(program: Program, goods: Money) -> Money:
    """The fee, unless the goods' cash, before any gift card, reaches the amount that ships free."""
    return program.zero if goods >= program.free_shipping_from else program.shipping_fee

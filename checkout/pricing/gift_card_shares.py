"""How a gift-card payment is shared out: goods first, over the lines; then shipping (R3)."""

from __future__ import annotations

from collections.abc import Sequence

from kernel.money import Money, split


def gift_card_shares(gift_card: Money, line_cash: Sequence[Money]) -> tuple[list[Money], Money]:
    """Each line's share of a gift-card payment, and what is left of it for shipping."""
    goods = sum(cash.minor for cash in line_cash)
    for_goods = min(gift_card.minor, goods)
    shares = split(for_goods, [cash.minor for cash in line_cash])
    currency = gift_card.currency
    return [Money(share, currency) for share in shares], Money(gift_card.minor - for_goods, currency)

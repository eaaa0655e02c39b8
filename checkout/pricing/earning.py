"""The points that a line earns on the cash it is charged (R3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kernel.money import Money, minor_digits
from program.config import Program, Tier


@dataclass(frozen=True, slots=True)
class EarningRates:
    """Points for one major unit of cash, and of gift card; and the tier's multiplier. They stay with the line."""

    cash: Decimal
    gift_card: Decimal
    multiplier: Decimal


def earning_rates(
    program: Program, tier: Tier, price_class: str, *, points_rate: Decimal | None, third_party: bool
) -> EarningRates:
    """The rates of a line: the product's own, else third-party goods', else its price class's."""
    if points_rate is not None:
        rate = points_rate
    elif third_party:
        rate = program.third_party_rate
    else:
        rate = program.rates[price_class]
    return EarningRates(rate, min(rate, program.gift_card_rate), tier.points_multiplier)


def points_earned(cash: Money, gift_card: Money, rates: EarningRates) -> int:
    """Points for a line's cash, of which `gift_card` was paid by gift card, rounded down once (R1)."""
    other = (cash - gift_card).minor
    cash_n, cash_d = rates.cash.as_integer_ratio()
    gift_n, gift_d = rates.gift_card.as_integer_ratio()
    times_n, times_d = rates.multiplier.as_integer_ratio()
    # In whole numbers throughout: no precision to run out of.
    product = (other * cash_n * gift_d + gift_card.minor * gift_n * cash_d) * times_n
    return product // (cash_d * gift_d * times_d * 10 ** minor_digits(cash.currency))

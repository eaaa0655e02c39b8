"""Amounts as Stripe counts them, which is not always in a currency's minor units."""

from __future__ import annotations

from decimal import Decimal

from kernel.money import Money, minor_digits, round_half_up

NO_DECIMALS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
THREE_DECIMALS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
# Without decimals in life; Stripe has always counted them in hundredths, and goes on.
IN_HUNDREDTHS_ALL_THE_SAME = frozenset(["ISK", "UGX"])


class NotPayable(ValueError):
    """The amount is finer than what cards are charged in this currency."""


def stripe_digits(currency: str) -> int:
    """How many decimal places Stripe counts in."""
    if currency in NO_DECIMALS:
        return 0
    return 3 if currency in THREE_DECIMALS else 2


def to_stripe(amount: Money) -> int:
    """An amount in Stripe's units.

    Raises:
        NotPayable: more decimal places than Stripe takes; of three decimals the last must be 0.
    """
    units = _scaled(amount.minor, stripe_digits(amount.currency) - minor_digits(amount.currency))
    step = 10 if amount.currency in THREE_DECIMALS else 100 if amount.currency in IN_HUNDREDTHS_ALL_THE_SAME else 1
    if units != units.to_integral_value() or int(units) % step:
        raise NotPayable(f"{amount} {amount.currency}")
    return int(units)


def from_stripe(units: int, currency: str) -> tuple[Money, bool]:
    """An amount of Stripe's in our minor units, and whether it is exactly that."""
    currency = currency.upper()
    minor = _scaled(units, minor_digits(currency) - stripe_digits(currency))
    return Money(round_half_up(minor), currency), minor == minor.to_integral_value()


def _scaled(value: int, places: int) -> Decimal:
    return Decimal(value).scaleb(places)

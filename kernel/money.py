"""Money: an integer number of minor units (fen, pence) with its currency. Points: whole numbers. Never a float."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import cache
from typing import NewType

from babel.numbers import get_currency_precision

Points = NewType("Points", int)

MONEY_LIMIT = 10**12
"""Amounts of a single value stay below this many minor units."""

POINTS_LIMIT = 2**53
"""The largest whole number that every JSON reader keeps exact."""

# The usual context keeps 28 digits, and would round a longer number to an amount that nobody wrote.
_EXACT = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)


@cache
def minor_digits(currency: str) -> int:
    """How many digits the currency writes after the point: CNY 2, JPY 0, KWD 3."""
    return get_currency_precision(currency)


class NotAnAmount(ValueError):
    """The text or number is no amount in this currency."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units of one currency. Sums and comparisons across currencies raise ValueError."""

    minor: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @classmethod
    def parse(cls, value: str | int | Decimal, currency: str) -> Money:
        """Reads a decimal amount of major units ("195.02").

        Raises:
            NotAnAmount: not a finite number, more digits than the currency has, or too large.
        """
        try:
            amount = Decimal(value)
        except (InvalidOperation, ValueError) as error:
            raise NotAnAmount("not a number") from error
        if not amount.is_finite() or abs(amount) >= Decimal(MONEY_LIMIT):
            raise NotAnAmount("out of range")
        scaled = amount.scaleb(minor_digits(currency), _EXACT)
        if scaled != scaled.to_integral_value():
            raise NotAnAmount("too many decimal places")
        if abs(scaled) >= MONEY_LIMIT:
            raise NotAnAmount("out of range")
        return cls(int(scaled), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with all of the currency's digits."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def __str__(self) -> str:
        return f"{self.amount:f}"

    def times(self, rate: Decimal) -> Money:
        """This much at a rate, rounded half up to the minor unit (R1)."""
        return Money(round_half_up(self.minor * rate), self.currency)

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")
        return other.minor

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __mul__(self, count: int) -> Money:
        return Money(self.minor * count, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0


def round_half_up(value: Decimal) -> int:
    """The nearest whole number; a half goes away from zero (R1)."""
    return int(value.to_integral_value(rounding=ROUND_HALF_UP))


def total(amounts: Sequence[Money], currency: str) -> Money:
    """The sum of amounts in one currency; zero of it for none."""
    return sum(amounts, Money.zero(currency))


def split(whole: int, weights: Sequence[int]) -> list[int]:
    """Shares `whole` out in proportion to `weights` by largest remainder: the parts add up to the whole.

    Equal remainders go to the earlier part. With no weight at all, nothing can be shared out: `whole` must be 0.
    """
    if whole < 0 or any(weight < 0 for weight in weights):
        raise ValueError("only what is not negative can be shared out")
    weight_sum = sum(weights)
    if weight_sum == 0:
        if whole:
            raise ValueError("nobody to share it with")
        return [0] * len(weights)
    parts = [whole * weight // weight_sum for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(whole * weights[i] % weight_sum))
    for i in by_remainder[: whole - sum(parts)]:
        parts[i] += 1
    return parts

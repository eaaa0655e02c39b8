"""Earned points that are to be reversed, and are no longer there (R8)."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.money import Money, round_half_up
from program.config import Program


@dataclass(frozen=True, slots=True)
class Reversal:
    """Points taken from the available balance, and money kept back for those that are missing."""

    points: int
    withheld: Money


def reverse_earned(program: Program, earned: int, available: int) -> Reversal:
    """How `earned` points are taken from a balance, by the program the order was placed under."""
    return _SHORTFALLS[program.shortfall](program, earned, available)


def withhold(program: Program, earned: int, available: int) -> Reversal:
    """What is available is taken; the missing points' worth is kept back from the refund."""
    taken = min(earned, max(available, 0))
    worth = program.value_of_100.amount * (earned - taken) / 100
    minor = round_half_up(worth / Money(1, program.currency).amount)
    return Reversal(taken, Money(minor, program.currency))


_SHORTFALLS = {"withhold": withhold}

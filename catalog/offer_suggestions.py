"""Suggests exchange offers for a regular price: cash and points in round numbers, inside the program's guidance (R6).

Pure. Points come first, since people remember them: 500, 1,000, 1,500. The cash that goes with them is what the
program's value of points leaves of the price, or a rounder amount beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from catalog.offer_planner import discount_share

MOST = 5
"""How many are suggested."""

_TOLERANCE = Fraction(15, 100)
"""How far what 100 points buy may lie from what they are worth."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Cash in minor units, and points, for one."""

    cash: int
    points: int


def suggest(
    regular: int, target: Fraction, value_of_100: int, guidance: tuple[Decimal, Decimal], unit: int
) -> list[Suggestion]:
    """The best first. `target` is the share of the price that points should stand for; outside the guidance, the
    nearest inside counts. `value_of_100` and `regular` are in minor units, of which `unit` make a major one."""
    least, most = (Fraction(bound) for bound in guidance)
    target = min(max(target, least), most)
    best: dict[int, tuple[Fraction, Suggestion]] = {}
    for points in _round_points(regular, least, most, value_of_100):
        for cash in _round_cash(regular - Fraction(points * value_of_100, 100), unit):
            share = discount_share(regular, cash)
            if not 0 <= cash < regular or not least <= share <= most:
                continue
            implied = Fraction((regular - cash) * 100, points)
            if abs(implied / value_of_100 - 1) > _TOLERANCE:
                continue
            weight = (
                abs(share - target)
                + abs(implied / value_of_100 - 1) / 4
                + Fraction(_roughness(points), 50)
                + Fraction(_roughness_of_cash(cash, unit), 50)
            )
            if points not in best or weight < best[points][0]:
                best[points] = (weight, Suggestion(cash, points))
    ranked = sorted(best.values(), key=lambda each: (each[0], each[1].points))
    # To choose from, they differ in cash as well.
    by_cash: dict[int, Suggestion] = {}
    for _, suggestion in ranked:
        by_cash.setdefault(suggestion.cash, suggestion)
    return list(by_cash.values())[:MOST]


def _round_points(regular: int, least: Fraction, most: Fraction, value_of_100: int) -> Iterator[int]:
    """Round numbers of points that stand for a share inside the guidance, or nearly: steps of 1, 2 or 5 at the head."""
    if regular <= 0 or value_of_100 <= 0:
        return
    low, high = (int(regular * share * 100 / value_of_100) for share in (least, most))
    step = 1
    while step * 20 < high:
        step *= 10
    seen: set[int] = set()
    for width in (step * 10, step * 5, step * 2, step, step // 2):
        # In small steps there may be many; a few dozen are enough to choose from.
        if width < 1 or (high - low) // width > 60:
            continue
        for points in range(max(width, low // width * width), high + width + 1, width):
            if points not in seen:
                seen.add(points)
                yield points


def _round_cash(exact: Fraction, unit: int) -> list[int]:
    """The amount that is left, and rounder ones beside it: whole units, fives and tens, and what ends in nine."""
    fair = int(exact)
    found = [fair] if exact == fair else []
    for width in (unit, 5 * unit, 10 * unit):
        floor = fair // width * width
        found += [floor, floor + width]
    found += [fair // (10 * unit) * 10 * unit + 9 * unit, fair // (10 * unit) * 10 * unit - unit]
    if unit > 1:
        found.append(fair // unit * unit + unit * 9 // 10)
    return [cash for cash in dict.fromkeys(found) if cash >= 0]


def _roughness(number: int) -> int:
    """How many figures it takes to say a number before the zeros begin; 5 at the end of them counts half."""
    text = str(number).rstrip("0")
    return max(0, len(text) - 1) * 2 - (1 if text.endswith("5") and len(text) > 1 else 0)


def _roughness_of_cash(cash: int, unit: int) -> int:
    if cash % unit:
        return 1 if cash % unit * 10 == unit * 9 else 3
    return 0 if (cash // unit) % 10 in (0, 5, 9) else 1

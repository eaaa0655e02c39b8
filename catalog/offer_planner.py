"""What an exchange offer gives away (R6): discount share, implied value of 100 points, the program's guidance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class OfferWarning:
    """Where an offer leaves the guidance; `reason` names the sentence, `facts` fill its blanks."""

    reason: str
    facts: tuple[tuple[str, str], ...]


def discount_share(regular: int, cash: int) -> Fraction:
    """The part of the regular price that the points stand for, exactly. 0 where the goods cost nothing."""
    return Fraction(regular - cash, regular) if regular else Fraction(0)


def shown_share(share: Fraction) -> Decimal:
    """Four places, half up."""
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(_PLACES, ROUND_HALF_UP)


def implied_value_of_100(regular: int, cash: int, points: int) -> int:
    """What 100 points buy in the offer, in minor units, rounded half up."""
    return ((regular - cash) * 200 + points) // (2 * points)


def warnings(share: Fraction, guidance: tuple[Decimal, Decimal]) -> list[OfferWarning]:
    """Compares the share as it is, not as it is shown. Inside, the limits included, there is nothing to say."""
    least, most = guidance
    if share < Fraction(least):
        return [OfferWarning("discount_below_guidance", (("share", str(shown_share(share))), ("low", str(least))))]
    if share > Fraction(most):
        return [OfferWarning("discount_above_guidance", (("share", str(shown_share(share))), ("high", str(most))))]
    return []

"""What a variant costs in one tier now, as SQL: the rule of R2 where the database has to sort by it.

Checkout charges by the same rule in Python; whoever changes one changes the other, and a test compares them.
"""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import BigInteger, ColumnElement, case, cast, literal

from program.config import Program, Tier

_SCALE = 10**6  # rates have six places; an amount times this still fits into 64 bits


def current_price_sql(
    program: Program,
    tier: Tier,
    regular: ColumnElement[int],
    special: ColumnElement[int | None],
    special_class: ColumnElement[str | None],
) -> ColumnElement[int]:
    """The unit price in minor units. `special` and its class are those in force, NULL where there is none."""
    tier_price = _at_rate(regular, tier.price_rate)
    discounted = _SPECIAL_RULES[program.special_rule](special, tier_price)
    excluded = special_class.in_(sorted(program.excluded_classes))
    return case((special.is_(None), tier_price), (excluded, special), else_=discounted)


def _best_of(special: ColumnElement[int | None], tier_price: ColumnElement[int]) -> ColumnElement[int]:
    return case((special < tier_price, special), else_=tier_price)


_SPECIAL_RULES = {"best_of": _best_of}


def _at_rate(amount: ColumnElement[int] | ColumnElement[int | None], rate: Decimal) -> ColumnElement[int]:
    """Rounded half up to the minor unit (R1), in whole numbers throughout."""
    if rate == 1:
        return cast(amount, BigInteger)
    return (cast(amount, BigInteger) * literal(int(rate * _SCALE), BigInteger) + _SCALE // 2) // _SCALE

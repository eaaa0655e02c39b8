"""What goods cost at so much off, and how such a price is rounded. Amounts in minor units."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Rounding(StrEnum):
    """WHOLE: down to a whole unit of the currency. NINE: down to one that ends in nine, such as 199."""

    EXACT = "EXACT"
    WHOLE = "WHOLE"
    NINE = "NINE"


def sale_price(regular: int, percent_off: Decimal, rounding: Rounding, unit: int) -> int:
    """`unit` minor units make a major one. Rounded half up where nothing else is asked for.

    Never rounded up over what the percentage says, and below nine whole units never down to nothing.
    """
    exact = int((regular * (100 - percent_off) / 100).quantize(Decimal(1), ROUND_HALF_UP))
    if rounding is Rounding.EXACT or exact < unit:
        return exact
    whole = exact // unit
    if rounding is Rounding.NINE and whole >= 9:
        whole = (whole + 1) // 10 * 10 - 1
    return whole * unit

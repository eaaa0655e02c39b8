"""What goes back: always the difference of what is kept before and after, so no order of returns matters (R7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checkout.pricing.earning import EarningRates, points_earned
from kernel.money import Money


@dataclass(slots=True)
class KeptLine:
    """An order line as far as returns go. `cash` and `gift_card` are those of the whole line, as charged."""

    id: str
    variant_id: str | None
    exchange_offer_id: str | None
    quantity: int
    returned: int
    cash: Money
    gift_card: Money
    points: int
    rates: EarningRates

    @property
    def kept(self) -> int:
        return self.quantity - self.returned


@dataclass(frozen=True, slots=True)
class Figures:
    """Cash (of which gift card), points paid and points earned."""

    cash: Money
    gift_card: Money
    points: int
    earned: int

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.cash + other.cash,
            self.gift_card + other.gift_card,
            self.points + other.points,
            self.earned + other.earned,
        )

    def __sub__(self, other: Figures) -> Figures:
        return Figures(
            self.cash - other.cash,
            self.gift_card - other.gift_card,
            self.points - other.points,
            self.earned - other.earned,
        )


def kept_figures(line: KeptLine, kept: int) -> Figures:
    """The figures of a line of which so many units are kept: it earns what they would have earned alone."""
    cash = _share(line.cash, kept, line.quantity)
    gift_card = _share(line.gift_card, kept, line.quantity)
    return Figures(cash, gift_card, line.points * kept // line.quantity, points_earned(cash, gift_card, line.rates))


def goes_back(lines: Sequence[KeptLine], taken: Mapping[str, int]) -> Figures:
    """What goes back when so many units of each line (by id) are taken back."""
    zero = Money.zero(lines[0].cash.currency)
    back = Figures(zero, zero, 0, 0)
    for line in lines:
        units = taken.get(line.id, 0)
        if units:
            back += kept_figures(line, line.kept) - kept_figures(line, line.kept - units)
    return back


def units_taken(lines: Sequence[KeptLine], taken: Mapping[str, int]) -> dict[str, int]:
    """The units of each variant among those taken, by order line; goods that the shop never had are left out."""
    units: Counter[str] = Counter()
    for line in lines:
        if line.variant_id is not None:
            units[line.variant_id] += taken.get(line.id, 0)
    return {variant_id: count for variant_id, count in units.items() if count}


def is_full(lines: Sequence[KeptLine], taken: Mapping[str, int]) -> bool:
    """Every unit of the order in one go, and nothing was returned before."""
    return all(line.returned == 0 and taken.get(line.id, 0) == line.quantity for line in lines)


def _share(whole: Money, kept: int, of: int) -> Money:
    return Money(whole.minor * kept // of, whole.currency)

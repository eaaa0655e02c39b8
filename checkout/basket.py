"""A basket as it is asked for: lines of variants and offers, checked before anything is looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kernel.refusals import Path, Refusal, Refusals, invalid

MAX_LINES = 100
MAX_QUANTITY = 9_999


@dataclass(frozen=True, slots=True)
class BasketLine:
    """Exactly one of a variant and an exchange offer, and how many of it."""

    variant_id: str | None
    exchange_offer_id: str | None
    quantity: int

    @property
    def names_one(self) -> bool:
        """Whether it is a variant or an offer, and not both or neither."""
        return (self.variant_id is None) != (self.exchange_offer_id is None)

    @property
    def item_id(self) -> str:
        return self.variant_id or self.exchange_offer_id or ""


@dataclass(frozen=True, slots=True)
class MergedLine:
    """What a basket wants of one item, and where in the input it wants it first.

    Not `counted`: so many of it cannot be wanted. It is looked up all the same, to tell what else is wrong with it.
    """

    line: BasketLine
    path: Path
    counted: bool = True


def check_basket(lines: Sequence[BasketLine], path: Path = ("lines",)) -> tuple[list[MergedLine], Refusals]:
    """Merges lines of the same item at its first place, and tells all that is wrong with their form.

    Units that cannot be wanted are left out of the sum; where an item has no others, it is not `counted`.
    """
    refusals = Refusals()
    if not lines:
        refusals.add(invalid(path, "empty"))
    if len(lines) > MAX_LINES:
        refusals.add(invalid(path, "too_many", most=MAX_LINES))
        return [], refusals
    merged: dict[str, MergedLine] = {}
    for i, line in enumerate(lines):
        at = (*path, str(i))
        wrong = check_line(line, at, least=1)
        refusals.extend(wrong)
        if not line.names_one:
            continue
        earlier = merged.get(line.item_id)
        if earlier is None or not (earlier.counted or wrong):
            merged[line.item_id] = MergedLine(line, at, counted=not wrong)
            continue
        if wrong:
            continue
        quantity = earlier.line.quantity + line.quantity
        if quantity > MAX_QUANTITY:
            refusals.add(invalid((*at, "quantity"), "not_between", least=1, most=MAX_QUANTITY))
            continue
        merged[line.item_id] = MergedLine(BasketLine(line.variant_id, line.exchange_offer_id, quantity), earlier.path)
    return list(merged.values()), refusals


def check_line(line: BasketLine, path: Path, *, least: int) -> list[Refusal]:
    """What is wrong with the form of one line."""
    wrong: list[Refusal] = []
    if not line.names_one:
        wrong.append(invalid(path, "exactly_one_of", names="variantId, exchangeOfferId"))
    if not least <= line.quantity <= MAX_QUANTITY:
        wrong.append(invalid((*path, "quantity"), "not_between", least=least, most=MAX_QUANTITY))
    return wrong

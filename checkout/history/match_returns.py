"""Which purchases a return that names no order is taken from (R14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checkout.returns.apportion import KeptLine


@dataclass(frozen=True, slots=True)
class PurchasedLine:
    sku: str
    kept: KeptLine


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order that a return may be taken from; its lines in their order."""

    order_id: str
    lines: Sequence[PurchasedLine]


def match_return(
    wanted: Mapping[str, int], purchases: Sequence[Purchase]
) -> tuple[list[tuple[str, dict[str, int]]], dict[str, int]]:
    """Takes units of SKUs from purchases, given first to last.

    Returns the units by order line for each order, latest first, and the units of SKUs that found no purchase.
    From the latest order that still has units, then from the one before; within an order from the last line.
    """
    left = dict(wanted)
    taken: list[tuple[str, dict[str, int]]] = []
    for purchase in reversed(purchases):
        units: dict[str, int] = {}
        for line in reversed(purchase.lines):
            part = min(left.get(line.sku, 0), line.kept.kept)
            if part:
                units[line.kept.id] = part
                left[line.sku] -= part
        if units:
            taken.append((purchase.order_id, units))
        if not any(left.values()):
            break
    return taken, {sku: quantity for sku, quantity in left.items() if quantity}

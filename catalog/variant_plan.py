"""Which variants a product's saving names, and which it leaves out: they are told apart by id, then by SKU."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.records import VariantRecord
from kernel.refusals import NotFound, Refusals, invalid
from kernel.unchanged import UNCHANGED, Unchanged


@dataclass(frozen=True, slots=True)
class SaveVariant:
    """`id`: to rename a SKU. Absent name, `on_hand` and the rest: unchanged; new ones have no name and nothing on hand.

    `option_values`: one for each option of the product; none takes them away. `low_stock_at` None: the shop's number.
    """

    sku: str
    regular_price: Decimal
    id: str | None = None
    name: str | None = None
    on_hand: int | None = None
    option_values: tuple[str, ...] | Unchanged = UNCHANGED
    low_stock_at: int | Unchanged | None = UNCHANGED


def match_variants(
    refusals: Refusals, wanted: Sequence[SaveVariant], skus: Sequence[str], there: Mapping[str, VariantRecord]
) -> list[VariantRecord | None]:
    """For each variant named, the one of the product that it is, or None for a new one.

    An id is believed first; a SKU finds its variant where no id has claimed it. In the end no two variants of the
    product, sold or not, may have the same SKU. `skus` are the wanted SKUs as read, `there` the product's variants.
    """
    claimed: dict[str, int] = {}
    matched: list[VariantRecord | None] = [None] * len(wanted)
    for i, variant in enumerate(wanted):
        if variant.id is None:
            continue
        if variant.id not in there:
            refusals.add(NotFound(path=("variants", str(i), "id"), what="variant"))
        elif variant.id in claimed:
            refusals.add(invalid(("variants", str(i), "id"), "repeated"))
        else:
            claimed[variant.id] = i
            matched[i] = there[variant.id]
    by_sku = {variant.sku: variant for variant in there.values() if variant.id not in claimed}
    for i, variant in enumerate(wanted):
        found = by_sku.get(skus[i]) if variant.id is None else None
        if found is not None and found.id not in claimed:
            claimed[found.id] = i
            matched[i] = found
    left_out = {variant.sku for variant in there.values() if variant.id not in claimed}
    seen: set[str] = set()
    for i, sku in enumerate(skus):
        if sku and sku in seen:
            refusals.add(invalid(("variants", str(i), "sku"), "repeated"))
        elif sku in left_out:
            refusals.add(invalid(("variants", str(i), "sku"), "taken"))
        seen.add(sku)
    return matched

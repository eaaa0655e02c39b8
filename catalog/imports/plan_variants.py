"""Compares a file's variants of one product with what the shop has. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from catalog.cells import written_number, yes_or_no
from catalog.checks import MAX_UNITS, check_between, read_amount
from catalog.details import read_option_values
from catalog.imports.drafts import ProductDraft, VariantDraft
from catalog.imports.known import KnownProduct, KnownVariant
from catalog.imports.plan_prices import Told, highest_live, plan_prices
from catalog.imports.report import Problem
from catalog.imports.steps import VariantStep
from catalog.imports.telling import problems_from
from catalog.variant_rows import MAX_VARIANTS
from kernel.ids import new_id
from kernel.money import Money
from kernel.refusals import Refusals, invalid
from kernel.texts import read_text
from kernel.unchanged import UNCHANGED

if TYPE_CHECKING:
    from catalog.imports.plan_product import Planning

# The columns of our own form, by the table's names.
COLUMN_OF = {"name": "variant", "regular_price": "price", "on_hand": "counted_stock"}
_COMPARED = ("name", "regular_price", "active", "on_hand", "option_values", "low_stock_at")


def plan_variants(
    planning: Planning,
    draft: ProductDraft,
    known: KnownProduct | None,
    product_id: str,
    options: Sequence[Mapping[str, Any]] | None,
) -> list[VariantStep] | None:
    """The variants that are not broken; None where nothing would be left to sell, or nothing to do, which is told."""
    there = known.variants if known is not None else {}
    steps: list[VariantStep] = []
    position = max((variant.position for variant in there.values()), default=-1)
    for variant in draft.variants:
        step = _variant(planning, draft, variant, there.get(variant.sku), product_id, options)
        if step is None:
            continue
        if step.known is None:
            position += 1
            step.row["position"] = position
        steps.append(step)
    if not steps and (draft.variants or known is None):
        if not draft.variants:
            planning.problems.append(Problem(draft.line, draft.columns.get("sku", "sku"), "empty"))
        # All that is wrong with its variants has been told.
        return None
    active = {sku for sku, variant in there.items() if variant.active}
    before = len(active)
    for step in steps:
        (active.add if step.row["active"] else active.discard)(step.row["sku"])
    reason = "nothing_left_to_sell" if not active and (before or known is None) else None
    if len(active) > MAX_VARIANTS:
        reason = "too_many"
    if reason is not None:
        column = draft.columns.get("active", "sku") if reason == "nothing_left_to_sell" else "sku"
        facts = (("most", str(MAX_VARIANTS)),) if reason == "too_many" else ()
        planning.problems.append(Problem(draft.line, draft.columns.get(column, column), reason, facts))
        return None
    return steps


def _variant(
    planning: Planning,
    product: ProductDraft,
    draft: VariantDraft,
    known: KnownVariant | None,
    product_id: str,
    options: Sequence[Mapping[str, Any]] | None,
) -> VariantStep | None:
    refusals = Refusals()
    row = _row(planning, refusals, draft, known, options)
    row["product_id"] = product_id
    elsewhere = planning.known.by_sku.get(row["sku"])
    if (elsewhere is not None and elsewhere.id != product_id) or row["sku"] in planning.seen_skus:
        refusals.add(invalid(("sku",), "taken"))
    told: list[Told] = []
    regular: int | None = row["regular_price"]
    prices = None
    if regular is not None:
        prices = plan_prices(draft, row["id"], known, regular, planning.program, planning.now, told)
    if regular is not None and prices is not None and known is not None:
        named = {offer.id for _, _, _, offer in prices.offer_effects}
        floor = highest_live(prices, [offer for offer in known.offers if offer.id not in named])
        if regular <= floor:
            refusals.add(invalid(("price",), "live_price_not_below"))
    problems = problems_from(refusals, draft.line, product.columns)
    for each in told:
        problems += problems_from(each.refusals, each.line, product.columns, broken=each.broken)
    planning.problems.extend(problems)
    if prices is None or any(problem.broken for problem in problems):
        lines = {problem.line for problem in problems}
        planning.problems.extend(
            Problem(line, product.columns.get("sku", "sku"), "variant_left_out")
            for line in draft.lines
            if line not in lines
        )
        return None
    planning.seen_skus.add(row["sku"])
    step = VariantStep(draft, known, row, prices)
    if known is not None:
        _compare(planning, step, known)
    return step


def _row(
    planning: Planning,
    refusals: Refusals,
    draft: VariantDraft,
    known: KnownVariant | None,
    options: Sequence[Mapping[str, Any]] | None,
) -> dict[str, Any]:
    price = known.regular_price if known is not None else None
    if draft.price is not UNCHANGED:
        price = read_amount(refusals, ("price",), draft.price, planning.program)
    elif known is None:
        refusals.add(invalid(("price",), "empty"))
    name = known.name if known is not None else ""
    if draft.name is not UNCHANGED:
        name = read_text(refusals, ("variant",), draft.name)
    check_between(refusals, ("stock",), draft.stock, 0, MAX_UNITS)
    check_between(refusals, ("counted_stock",), draft.counted, 0, MAX_UNITS)
    on_hand = known.on_hand if known is not None else draft.stock or 0
    if draft.counted is not None:
        on_hand = draft.counted
        if known is not None and 0 <= draft.counted < known.reserved:
            refusals.add(invalid(("counted_stock",), "stock_below_zero"))
    low = known.low_stock_at if known is not None else None
    if draft.low_stock_at is not UNCHANGED:
        low = draft.low_stock_at
        check_between(refusals, ("low_stock_at",), low, 0, MAX_UNITS)
    values = known.option_values if known is not None else None
    if draft.option_values is not UNCHANGED:
        values = read_option_values(refusals, ("option_values",), draft.option_values, options)
    active = known.active if known is not None else True
    return {
        "id": known.id if known is not None else new_id("var"),
        "sku": read_text(refusals, ("sku",), draft.sku, needed=True),
        "name": name,
        "regular_price": price,
        "active": active if draft.active is UNCHANGED else draft.active,
        "on_hand": on_hand,
        "option_values": values,
        "low_stock_at": low,
        "position": known.position if known is not None else 0,
        "reserved": known.reserved if known is not None else 0,
    }


def _compare(planning: Planning, step: VariantStep, known: KnownVariant) -> None:
    for name in _COMPARED:
        before, after = getattr(known, name), step.row[name]
        if before == after or (not before and not after and name == "option_values"):
            continue
        step.changed[COLUMN_OF.get(name, name)] = (_shown(planning, name, before), _shown(planning, name, after))


def _shown(planning: Planning, name: str, value: Any) -> str:  # noqa: ANN401 - a column's value
    if name == "regular_price":
        return str(Money(value, planning.program.currency))
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, list):
        return " | ".join(value)
    return value if isinstance(value, str) else written_number(value)

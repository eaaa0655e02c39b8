"""What stands beside an offer's form: what it gives away so far, and pairs that would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import orjson
from starlette.datastructures import FormData

from catalog import queries
from catalog.records import ProductRecord, VariantRecord
from console.catalogue.goods import Thumb, first_thumbs
from console.catalogue.offer_view import Figures, Suggested, figures, suggested
from console.forms import decimal_of
from console.visit import Visit
from kernel.money import POINTS_LIMIT, Money, NotAnAmount
from kernel.refusals import Refusals
from kernel.texts import can_be_kept
from program.config import Program
from schema.context import Reading


@dataclass(frozen=True)
class Planner:
    """What stands beside the form. `variant` None: no SKU yet, or one that nothing has."""

    program: Program
    variant: VariantRecord | None
    product: ProductRecord | None
    thumb: Thumb | None
    figures: Figures | None
    suggestions: Sequence[Suggested]
    sku: str


async def plan_offer(visit: Visit, given: Mapping[str, str]) -> Planner:
    """The figures of what the form says so far: what is missing or makes no sense is left out."""
    cash, points, share = (_number(given.get(name, "")) for name in ("cash", "points", "targetShare"))
    sku = given.get("sku", "")

    def look(reading: Reading) -> Planner:
        program = reading.program
        variant = queries.variant_by_sku(reading.conn, sku, reading.now) if sku and can_be_kept(sku) else None
        if variant is None:
            return Planner(program, None, None, None, None, (), sku)
        product = queries.products_by_id(reading.conn, [variant.product_id], visit.locale)[variant.product_id]
        thumbs = first_thumbs(reading.conn, [variant.product_id])
        target = share / 100 if share is not None and 0 < share <= 100 else Decimal("0.2")
        return Planner(
            program,
            variant,
            product,
            thumbs.get(variant.product_id),
            _figures(variant.regular_price, cash, points, program, visit),
            suggested(variant.regular_price, target, program, visit),
            sku,
        )

    return await visit.read(look)


def _figures(
    regular: int, cash: Decimal | None, points: Decimal | None, program: Program, visit: Visit
) -> Figures | None:
    """None where there is nothing to work out yet."""
    if points is None or points != int(points) or not 1 <= points <= POINTS_LIMIT:
        return None
    try:
        minor = Money.parse(cash or Decimal(0), program.currency).minor
    except NotAnAmount:
        return None
    if not 0 <= minor < regular:
        return None
    return figures(regular, minor, int(points), program, visit.locale)


def _number(text: str) -> Decimal | None:
    form = FormData({"number": text})
    return decimal_of(form, "number", Refusals())


def filling(suggestion: Suggested) -> str:
    """What a suggestion writes into the form, as JSON."""
    return orjson.dumps(suggestion.fill).decode()

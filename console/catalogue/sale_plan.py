"""A plan of special prices for several SKUs: what the form says, and what would come of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from starlette.datastructures import FormData

from catalog import queries
from catalog.plan_special_price import PlanSpecialPrice
from catalog.records import ProductRecord, SpecialRecord, VariantRecord
from catalog.sale_prices import Rounding, sale_price
from catalog.special_windows import SaleWindow, overlaps
from catalog.tables import SpecialPriceClass
from console.forms import decimal_of, local_time_of, text_of
from console.visit import Visit
from kernel.money import Money, NotAnAmount, minor_digits
from kernel.refusals import Refusals, invalid
from schema.context import Reading

FIELDS = ("skus", "priceClass", "mode", "price", "percent", "rounding", "startsAt", "endsAt")
MOST_SKUS = 500
FIXED, OFF = "fixed", "off"


@dataclass(frozen=True)
class SalePlan:
    """`price` for all, or `percent` off each one's regular price. What could not be read is None, and was noted."""

    skus: tuple[str, ...]
    price_class: str
    price: Decimal | None
    percent: Decimal | None
    rounding: Rounding
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True)
class PlannedLine:
    """What the plan means for one SKU. `problem` is a text's key, None where nothing stands in the way."""

    sku: str
    variant: VariantRecord | None
    product: ProductRecord | None
    price: int | None
    problem: str | None
    clash: SpecialRecord | None = None

    @property
    def off(self) -> Decimal | None:
        if self.variant is None or self.price is None or not self.variant.regular_price:
            return None
        return Decimal(self.variant.regular_price - self.price) / self.variant.regular_price


def read_plan(form: FormData, visit: Visit, refusals: Refusals) -> SalePlan:
    found = re.split(r"[\s,，;；]+", text_of(form, "skus"))
    skus = tuple(dict.fromkeys(sku for sku in found if sku))
    if not skus:
        refusals.add(invalid(("skus",), "empty"))
    refusals.extend(too_many(skus).found)
    price = percent = None
    if text_of(form, "mode") == FIXED:
        price = decimal_of(form, "price", refusals)
        if price is None and not text_of(form, "price"):
            refusals.add(invalid(("price",), "empty"))
    else:
        percent = decimal_of(form, "percent", refusals)
        if percent is None and not text_of(form, "percent"):
            refusals.add(invalid(("percent",), "empty"))
        elif percent is not None and not 0 < percent < 100:
            refusals.add(invalid(("percent",), "not_between", least=1, most=99))
            percent = None
    rounding, class_ = text_of(form, "rounding"), text_of(form, "priceClass")
    return SalePlan(
        skus[:MOST_SKUS],
        class_ if class_ in SpecialPriceClass.__members__ else SpecialPriceClass.SALE,
        price,
        percent,
        Rounding(rounding) if rounding in Rounding.__members__ else Rounding.EXACT,
        local_time_of(form, "startsAt", visit.zone, refusals),
        local_time_of(form, "endsAt", visit.zone, refusals),
    )


def too_many(skus: Sequence[str]) -> Refusals:
    """What is to be said where more SKUs are named than are planned together."""
    refusals = Refusals()
    if len(skus) > MOST_SKUS:
        refusals.add(invalid(("skus",), "too_many_skus", most=MOST_SKUS, count=len(skus)))
    return refusals


def foresee(reading: Reading, plan: SalePlan, visit: Visit) -> list[PlannedLine]:
    """What would come of it, SKU by SKU, by the rules that the verb keeps."""
    conn, currency = reading.conn, reading.program.currency
    by_sku = queries.variants_of_skus(conn, plan.skus, reading.now)
    specials = queries.specials_of_variants(conn, [variant.id for variant in by_sku.values()], reading.now)
    product_ids = list({variant.product_id for variant in by_sku.values()})
    products = queries.products_by_id(conn, product_ids, visit.locale)
    window = SaleWindow(plan.starts_at or reading.now, plan.ends_at)
    lines: list[PlannedLine] = []
    for sku in plan.skus:
        variant = by_sku.get(sku)
        if variant is None:
            lines.append(PlannedLine(sku, None, None, None, "sale_problem_unknown"))
            continue
        price = price_of(plan, variant.regular_price, currency)
        clash = next((each for each in specials[variant.id] if overlaps(window, [each])), None)
        problem = None
        if price is not None and price >= variant.regular_price:
            problem = "sale_problem_not_below"
        elif clash is not None:
            problem = "sale_problem_overlap"
        lines.append(PlannedLine(sku, variant, products.get(variant.product_id), price, problem, clash))
    return lines


def price_of(plan: SalePlan, regular: int, currency: str) -> int | None:
    """In minor units; None where the plan has no price yet."""
    if plan.percent is not None:
        return sale_price(regular, plan.percent, plan.rounding, 10 ** minor_digits(currency))
    if plan.price is None:
        return None
    try:
        return Money.parse(plan.price, currency).minor
    except NotAnAmount:
        return None


def commands(plan: SalePlan, lines: Sequence[PlannedLine], currency: str) -> list[PlanSpecialPrice]:
    """One for each SKU. A price that is none is handed on as it is, for the verb to refuse."""
    return [
        PlanSpecialPrice(
            line.sku,
            Money(line.price, currency).amount if line.price is not None else plan.price or Decimal(0),
            plan.price_class,
            plan.starts_at,
            plan.ends_at,
        )
        for line in lines
    ]

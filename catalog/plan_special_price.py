"""Adds a window in which a special price holds for one SKU."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog import held
from catalog.checks import read_amount
from catalog.columns import specials_t
from catalog.prices import PriceChange, note_prices
from catalog.special_windows import SaleWindow, overlaps
from catalog.tables import PriceEvent, SpecialPriceClass
from kernel.clock import utc
from kernel.database import Transaction
from kernel.ids import new_id
from kernel.money import Money
from kernel.refusals import NotFound, Refusals, invalid
from program.config import Program


@dataclass(frozen=True, slots=True)
class PlanSpecialPrice:
    """`starts_at` absent: now; `ends_at` absent: until it is ended."""

    sku: str
    price: Decimal
    price_class: str = SpecialPriceClass.SALE
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def plan_special_price(
    tx: Transaction, command: PlanSpecialPrice, *, now: datetime, program: Program, actor: str | None = None
) -> str:
    """Plans a special price and returns the variant's id. Runs inside the caller's transaction.

    Raises:
        Refused: unknown SKU, no amount, not below the regular price, a start in the past, an end before
            the start, a window that overlaps another (R2).
    """
    refusals = Refusals()
    price = read_amount(refusals, ("price",), command.price, program)
    window = _window(refusals, command, now)
    if command.price_class not in set(SpecialPriceClass):
        refusals.add(invalid(("priceClass",), "not_one_of", choices=", ".join(SpecialPriceClass)))
    variant = held.variant_of_sku(tx, command.sku)
    if variant is None:
        refusals.add(NotFound(path=("sku",), what="variant"))
    else:
        if price is not None and price >= variant.regular_price:
            regular = Money(variant.regular_price, program.currency)
            refusals.add(invalid(("price",), "not_below_regular", regular=regular))
        if overlaps(window, held.live_specials(tx, [variant.id], now)):
            refusals.add(invalid(("startsAt",), "overlaps"))
    refusals.raise_any()
    assert variant is not None
    assert price is not None
    tx.execute(
        specials_t.insert().values(
            id=new_id("spp"),
            variant_id=variant.id,
            price=price,
            price_class=command.price_class,
            starts_at=window.starts_at,
            ends_at=window.ends_at,
        )
    )
    change = PriceChange(
        variant.id,
        now,
        actor,
        PriceEvent.PLANNED,
        command.price_class,
        price,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
    )
    note_prices(tx, [change])
    return variant.id


def _window(refusals: Refusals, command: PlanSpecialPrice, now: datetime) -> SaleWindow:
    starts_at = now if command.starts_at is None else utc(command.starts_at)
    ends_at = None if command.ends_at is None else utc(command.ends_at)
    if starts_at < now:
        refusals.add(invalid(("startsAt",), "in_the_past"))
    if ends_at is not None and ends_at <= starts_at:
        refusals.add(invalid(("endsAt",), "ends_before_start"))
        ends_at = None
    return SaleWindow(starts_at, ends_at)

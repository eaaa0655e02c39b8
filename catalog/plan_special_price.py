"""Adds a window in which a special price holds: for one SKU, or for several at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from catalog import held
from catalog.checks import read_amount
from catalog.columns import specials_t
from catalog.prices import change_of, note_prices
from catalog.records import SpecialRecord
from catalog.special_windows import HasWindow, SaleWindow, overlaps
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
    ((special, refusals),) = _read(tx, [command], now, program)
    refusals.raise_any()
    _store(tx, [special], now, actor)
    return special.variant_id


def plan_special_prices(
    tx: Transaction, commands: Sequence[PlanSpecialPrice], *, now: datetime, program: Program, actor: str | None = None
) -> list[str]:
    """Plans all of them, or none, in as many statements as one; returns the variants' ids. Runs inside the caller's
    transaction.

    Raises:
        Refused: as `plan_special_price`, told of each: a path begins with "goods" and the command's number.
    """
    read, together = _read(tx, commands, now, program), Refusals()
    for i, (_, refusals) in enumerate(read):
        together.extend([refusal.under("goods", str(i)) for refusal in refusals.found])
    together.raise_any()
    _store(tx, [special for special, _ in read], now, actor)
    return [special.variant_id for special, _ in read]


def _read(
    tx: Transaction, commands: Sequence[PlanSpecialPrice], now: datetime, program: Program
) -> list[tuple[SpecialRecord, Refusals]]:
    """What each one plans, and what stands in its way; where something does, it is not to be stored."""
    variants = held.variants_of_skus(tx, [command.sku for command in commands])
    live: dict[str, list[HasWindow]] = {variant.id: [] for variant in variants.values()}
    for special in held.live_specials(tx, list(live), now):
        live[special.variant_id].append(special)
    read: list[tuple[SpecialRecord, Refusals]] = []
    for command in commands:
        refusals = Refusals()
        price = read_amount(refusals, ("price",), command.price, program)
        window = _window(refusals, command, now)
        if command.price_class not in set(SpecialPriceClass):
            refusals.add(invalid(("priceClass",), "not_one_of", choices=", ".join(SpecialPriceClass)))
        variant = variants.get(command.sku.strip())
        if variant is None:
            refusals.add(NotFound(path=("sku",), what="variant"))
        else:
            if price is not None and price >= variant.regular_price:
                regular = Money(variant.regular_price, program.currency)
                refusals.add(invalid(("price",), "not_below_regular", regular=regular))
            if overlaps(window, live[variant.id]):
                refusals.add(invalid(("startsAt",), "overlaps"))
            # The next one may be for the same SKU.
            live[variant.id].append(window)
        variant_id = "" if variant is None else variant.id
        special = SpecialRecord(
            new_id("spp"), variant_id, price or 0, command.price_class, window.starts_at, window.ends_at
        )
        read.append((special, refusals))
    return read


def _store(tx: Transaction, specials: Sequence[SpecialRecord], now: datetime, actor: str | None) -> None:
    if specials:
        tx.execute(specials_t.insert(), [asdict(special) for special in specials])
    note_prices(tx, [change_of(special, PriceEvent.PLANNED, now, actor) for special in specials])


def _window(refusals: Refusals, command: PlanSpecialPrice, now: datetime) -> SaleWindow:
    starts_at = now if command.starts_at is None else utc(command.starts_at)
    ends_at = None if command.ends_at is None else utc(command.ends_at)
    if starts_at < now:
        refusals.add(invalid(("startsAt",), "in_the_past"))
    if ends_at is not None and ends_at <= starts_at:
        refusals.add(invalid(("endsAt",), "ends_before_start"))
        ends_at = None
    return SaleWindow(starts_at, ends_at)

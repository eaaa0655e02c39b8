"""The variants of a product that is saved: checked against what there is, and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from catalog import held
from catalog.checks import MAX_UNITS, check_between, read_amount
from catalog.columns import variants_t
from catalog.details import read_option_values
from catalog.records import VariantRecord
from catalog.variant_plan import SaveVariant, match_variants
from kernel.database import Transaction, among
from kernel.ids import new_id
from kernel.refusals import Refusals, Refused, invalid
from kernel.texts import read_text
from kernel.unchanged import UNCHANGED
from program.config import Program

MAX_VARIANTS = 100


def read_variants(
    tx: Transaction,
    refusals: Refusals,
    product_id: str | None,
    wanted: Sequence[SaveVariant],
    there: Mapping[str, VariantRecord],
    options: list[dict[str, Any]] | None,
    program: Program,
    now: datetime,
) -> list[dict[str, Any]]:
    """The rows of the variants that are sold from now on, in their order. `there` are those that the product has."""
    if not wanted:
        refusals.add(invalid(("variants",), "empty"))
    if len(wanted) > MAX_VARIANTS:
        refusals.add(invalid(("variants",), "too_many", most=MAX_VARIANTS))
        raise Refused(*refusals.found)
    skus = [
        read_text(refusals, ("variants", str(i), "sku"), variant.sku, needed=True) for i, variant in enumerate(wanted)
    ]
    matched = match_variants(refusals, wanted, skus, there)
    elsewhere = _skus_elsewhere(tx, product_id, skus)
    floors = _price_floors(tx, [variant.id for variant in matched if variant is not None], now)
    rows: list[dict[str, Any]] = []
    for i, (variant, sku, old) in enumerate(zip(wanted, skus, matched, strict=True)):
        path = ("variants", str(i))
        if sku in elsewhere:
            refusals.add(invalid((*path, "sku"), "taken"))
        price = read_amount(refusals, (*path, "regularPrice"), variant.regular_price, program)
        if price is not None and old is not None and price <= floors.get(old.id, -1):
            refusals.add(invalid((*path, "regularPrice"), "live_price_not_below"))
        check_between(refusals, (*path, "onHand"), variant.on_hand, 0, MAX_UNITS)
        if variant.on_hand is not None and old is not None and 0 <= variant.on_hand < old.reserved:
            refusals.add(invalid((*path, "onHand"), "stock_below_zero"))
        name, on_hand = (old.name, old.on_hand) if old is not None else ("", 0)
        if variant.name is not None:
            name = read_text(refusals, (*path, "name"), variant.name)
        row: dict[str, Any] = {}
        if variant.option_values is not UNCHANGED:
            row["option_values"] = read_option_values(refusals, (*path, "optionValues"), variant.option_values, options)
        if variant.low_stock_at is not UNCHANGED:
            check_between(refusals, (*path, "lowStockAt"), variant.low_stock_at, 0, MAX_UNITS)
            row["low_stock_at"] = variant.low_stock_at
        rows.append(
            {
                **row,
                "id": old.id if old is not None else new_id("var"),
                "position": i,
                "sku": sku,
                "name": name,
                "regular_price": price,
                "active": True,
                "on_hand": on_hand if variant.on_hand is None else variant.on_hand,
            }
        )
    return rows


def _skus_elsewhere(tx: Transaction, product_id: str | None, skus: Sequence[str]) -> set[str]:
    """Which of these SKUs another product has, or had."""
    c = variants_t.c
    taken = select(c.sku).where(among(c.sku, skus))
    if product_id is not None:
        taken = taken.where(c.product_id != product_id)
    return set(tx.execute(taken).scalars())


def _price_floors(tx: Transaction, variant_ids: Sequence[str], now: datetime) -> dict[str, int]:
    """The highest special price or offer's cash, in force or planned, of each variant that has one."""
    floors: dict[str, int] = {}
    for special in held.live_specials(tx, variant_ids, now):
        floors[special.variant_id] = max(special.price, floors.get(special.variant_id, 0))
    for offer in held.live_offers(tx, variant_ids, now):
        floors[offer.variant_id] = max(offer.cash, floors.get(offer.variant_id, 0))
    return floors


def store_variants(
    tx: Transaction, product_id: str, rows: Sequence[dict[str, Any]], there: Mapping[str, VariantRecord]
) -> None:
    """Writes the rows; what they leave out is no longer sold. Raises IntegrityError where a SKU is taken meanwhile."""
    c = variants_t.c
    named = [row["id"] for row in rows]
    tx.execute(
        variants_t.update().where(c.product_id == product_id, c.active, ~among(c.id, named)).values(active=False)
    )
    renamed = [row["id"] for row in rows if row["id"] in there and there[row["id"]].sku != row["sku"]]
    if renamed:
        # Two variants may swap their SKUs: no SKU is given out before the others have let go of theirs.
        tx.execute(variants_t.update().where(among(c.id, renamed)).values(sku=c.id))
    new = [{**row, "product_id": product_id, "reserved": 0} for row in rows if row["id"] not in there]
    for row in rows:
        if row["id"] in there:
            tx.execute(variants_t.update().where(c.id == row["id"]).values(row))
    # Rows that are alike in one statement: those that say more of themselves have more columns.
    for columns in {frozenset(row) for row in new}:
        tx.execute(variants_t.insert(), [row for row in new if row.keys() == columns])

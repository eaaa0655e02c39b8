"""Saves a product with all its variants: those that are named are sold from now on, those left out no longer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from catalog import held
from catalog.checks import (
    MAX_UNITS,
    Translation,
    check_between,
    check_tier,
    read_amount,
    read_rate,
    read_slug,
    read_translations,
)
from catalog.columns import VARIANT_COLUMNS, categories_t, products_t, translations_t, variants_t
from catalog.records import VariantRecord
from catalog.search import fold, search_text
from catalog.variant_plan import SaveVariant, match_variants
from kernel.database import Transaction, TryAgain, among
from kernel.ids import new_id
from kernel.refusals import NotFound, Refusals, Refused, invalid
from kernel.texts import MAX_TEXT, can_be_kept, read_text
from kernel.unchanged import UNCHANGED, Unchanged
from program.config import Program

MAX_VARIANTS = 100


@dataclass(frozen=True, slots=True)
class SaveProduct:
    """Absent `id`: a new one. Unchanged on a new one: empty, published, the shop's own. None takes away."""

    slug: str
    name: str
    variants: tuple[SaveVariant, ...]
    id: str | None = None
    description: str | Unchanged = UNCHANGED
    translations: tuple[Translation, ...] | Unchanged = UNCHANGED
    published: bool | Unchanged = UNCHANGED
    third_party: bool | Unchanged = UNCHANGED
    points_rate: Decimal | Unchanged | None = UNCHANGED
    required_tier_code: str | Unchanged | None = UNCHANGED
    category_slug: str | Unchanged | None = UNCHANGED


def save_product(tx: Transaction, command: SaveProduct, *, now: datetime, program: Program) -> str:
    """Saves the product and returns its id. Runs inside the caller's transaction.

    That may have to be tried again (`Database.retrying`) where another takes a slug or SKU at the same moment.

    Raises:
        Refused: unknown product, category, tier or variant; slug or SKU taken; a value out of its form or range;
            a regular price that a live special price or exchange offer is not below; stock below what is reserved.
    """
    refusals = Refusals()
    there = _held(tx, refusals, command)
    product = _product(tx, refusals, command, program)
    translations = None if command.translations is UNCHANGED else read_translations(refusals, command.translations)
    variants = _variants(tx, refusals, command, there, program, now)
    refusals.raise_any()
    id_ = new_id("prd") if command.id is None else command.id
    if translations is None:
        c = translations_t.c
        names = list(tx.execute(select(c.name).where(c.subject_id == id_)).scalars())
    else:
        names = [translation.name for translation in translations.values()]
    skus = [row["sku"] for row in variants]
    product["search_text"] = search_text([product["name"], *names], product["slug"], skus)
    try:
        if command.id is None:
            tx.execute(products_t.insert().values(id=id_, created_at=now, **product))
        else:
            tx.execute(products_t.update().where(products_t.c.id == id_).values(product))
        _store_variants(tx, id_, variants, there)
    except IntegrityError as error:
        raise TryAgain from error
    if translations is not None:
        held.replace_translations(tx, id_, translations)
    return id_


def _held(tx: Transaction, refusals: Refusals, command: SaveProduct) -> dict[str, VariantRecord]:
    """The product's variants as they are, all held; none for a new product."""
    if command.id is None:
        return {}
    known = select(products_t.c.id).where(products_t.c.id == command.id).with_for_update(key_share=True)
    if tx.execute(known).one_or_none() is None:
        refusals.add(NotFound(path=("id",), what="product"))
    rows = tx.execute(
        select(*VARIANT_COLUMNS)
        .where(variants_t.c.product_id == command.id)
        .order_by(variants_t.c.id)
        .with_for_update(key_share=True)
    )
    return {row.id: VariantRecord(*row, special=None) for row in rows}


def _product(tx: Transaction, refusals: Refusals, command: SaveProduct, program: Program) -> dict[str, Any]:
    """The product's columns that the command sets."""
    slug = read_slug(refusals, ("slug",), command.slug)
    owner = tx.execute(select(products_t.c.id).where(products_t.c.slug == slug)).scalar_one_or_none()
    if owner is not None and owner != command.id:
        refusals.add(invalid(("slug",), "taken"))
    name = read_text(refusals, ("name",), command.name, needed=True)
    row: dict[str, Any] = {"slug": slug, "name": name, "name_key": fold(name)}
    if command.description is not UNCHANGED:
        row["description"] = read_text(refusals, ("description",), command.description, most=MAX_TEXT)
    if command.published is not UNCHANGED:
        row["published"] = command.published
    if command.third_party is not UNCHANGED:
        row["third_party"] = command.third_party
    if command.points_rate is not UNCHANGED:
        rate = command.points_rate
        row["points_rate"] = None if rate is None else read_rate(refusals, ("pointsRate",), rate)
    if command.required_tier_code is not UNCHANGED:
        check_tier(refusals, ("requiredTierCode",), command.required_tier_code, program)
        row["required_tier_code"] = command.required_tier_code
    if command.category_slug is not UNCHANGED:
        row["category_id"] = _category(tx, refusals, command.category_slug)
    return row


def _category(tx: Transaction, refusals: Refusals, slug: str | None) -> str | None:
    if slug is None:
        return None
    found = None
    if can_be_kept(slug):
        found = tx.execute(select(categories_t.c.id).where(categories_t.c.slug == slug.strip())).scalar_one_or_none()
    if found is None:
        refusals.add(NotFound(path=("categorySlug",), what="category"))
    return found


def _variants(
    tx: Transaction,
    refusals: Refusals,
    command: SaveProduct,
    there: Mapping[str, VariantRecord],
    program: Program,
    now: datetime,
) -> list[dict[str, Any]]:
    """The rows of the variants that are sold from now on, in their order."""
    wanted = command.variants
    if not wanted:
        refusals.add(invalid(("variants",), "empty"))
    if len(wanted) > MAX_VARIANTS:
        refusals.add(invalid(("variants",), "too_many", most=MAX_VARIANTS))
        raise Refused(*refusals.found)
    skus = [
        read_text(refusals, ("variants", str(i), "sku"), variant.sku, needed=True) for i, variant in enumerate(wanted)
    ]
    matched = match_variants(refusals, wanted, skus, there)
    elsewhere = _skus_elsewhere(tx, command.id, skus)
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
        rows.append(
            {
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


def _store_variants(
    tx: Transaction, product_id: str, rows: Sequence[dict[str, Any]], there: Mapping[str, VariantRecord]
) -> None:
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
    if new:
        tx.execute(variants_t.insert(), new)

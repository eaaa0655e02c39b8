"""Saves a product with all its variants: those that are named are sold from now on, those left out no longer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from catalog import held
from catalog.changes import note_changes
from catalog.checks import (
    Translation,
    check_tier,
    read_rate,
    read_slug,
    read_translations,
)
from catalog.columns import VARIANT_COLUMNS, categories_t, products_t, variants_t
from catalog.details import Attribute, Option, read_attributes, read_options
from catalog.finding.index import index_products
from catalog.finding.words import fold
from catalog.records import VariantRecord
from catalog.tables import StockKind
from catalog.variant_plan import SaveVariant
from catalog.variant_rows import read_variants, store_variants
from kernel.clock import utc
from kernel.database import Transaction, TryAgain
from kernel.ids import new_id
from kernel.refusals import NotFound, Refusals, invalid
from kernel.texts import MAX_TEXT, can_be_kept, read_text
from kernel.unchanged import UNCHANGED, Unchanged
from program.config import Program


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
    published_from: datetime | Unchanged | None = UNCHANGED
    published_until: datetime | Unchanged | None = UNCHANGED
    options: tuple[Option, ...] | Unchanged = UNCHANGED
    attributes: tuple[Attribute, ...] | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True)
class By:
    """Who saves, for the histories of stock and prices, and whether what is on hand comes from a file."""

    actor: str | None = None
    imported: bool = False


NOBODY = By()


def save_product(
    tx: Transaction, command: SaveProduct, *, now: datetime, program: Program, by: By = NOBODY, index: bool = True
) -> str:
    """Saves the product and returns its id. Runs inside the caller's transaction.

    Without `index` the caller, who saves many, indexes them before its transaction ends (`index_products`).

    That may have to be tried again (`Database.retrying`) where another takes a slug or SKU at the same moment.

    Raises:
        Refused: unknown product, category, tier or variant; slug or SKU taken; a value out of its form or range;
            a regular price that a live special price or exchange offer is not below; stock below what is reserved.
    """
    refusals = Refusals()
    old, there = _held(tx, refusals, command)
    product = _product(tx, refusals, command, program)
    _check_window(refusals, product, old)
    translations = None if command.translations is UNCHANGED else read_translations(refusals, command.translations)
    options = product.get("options", old.options if old else None)
    variants = read_variants(tx, refusals, command.id, command.variants, there, options, program, now)
    refusals.raise_any()
    id_ = new_id("prd") if command.id is None else command.id
    try:
        if command.id is None:
            tx.execute(products_t.insert().values(id=id_, created_at=now, search_text="", **product))
        else:
            tx.execute(products_t.update().where(products_t.c.id == id_).values(product))
        store_variants(tx, id_, variants, there)
    except IntegrityError as error:
        raise TryAgain from error
    note_changes(tx, variants, there, by.actor, StockKind.IMPORTED if by.imported else StockKind.ADJUSTED, now)
    if translations is not None:
        held.replace_translations(tx, id_, translations)
    if index:
        index_products(tx, [id_])
    return id_


def _held(tx: Transaction, refusals: Refusals, command: SaveProduct) -> tuple[Any, dict[str, VariantRecord]]:
    """The product as it is, and its variants, all held; none for a new product."""
    if command.id is None:
        return None, {}
    c = products_t.c
    known = select(c.id, c.options, c.published_from, c.published_until).where(c.id == command.id)
    old = tx.execute(known.with_for_update(key_share=True)).one_or_none()
    if old is None:
        refusals.add(NotFound(path=("id",), what="product"))
    rows = tx.execute(
        select(*VARIANT_COLUMNS)
        .where(variants_t.c.product_id == command.id)
        .order_by(variants_t.c.id)
        .with_for_update(key_share=True)
    )
    return old, {row.id: VariantRecord(*row, special=None) for row in rows}


def _check_window(refusals: Refusals, product: dict[str, Any], old: Any) -> None:  # noqa: ANN401 - a row
    """Published until some time after it is published from."""
    starts_at, ends_at = (product.get(name, getattr(old, name, None)) for name in ("published_from", "published_until"))
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        refusals.add(invalid(("publishedUntil",), "ends_before_start"))


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
    for name, instant in (("published_from", command.published_from), ("published_until", command.published_until)):
        if instant is not UNCHANGED:
            row[name] = None if instant is None else utc(instant)
    if command.options is not UNCHANGED:
        row["options"] = read_options(refusals, command.options)
    if command.attributes is not UNCHANGED:
        row["attributes"] = read_attributes(refusals, command.attributes)
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

"""Rows that a verb is about to change, held until its transaction ends: who else wants to change them waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from catalog.checks import Translation
from catalog.columns import (
    OFFER_COLUMNS,
    VARIANT_COLUMNS,
    offers_t,
    special_columns,
    specials_t,
    translations_t,
    variants_t,
)
from catalog.finding.words import fold
from catalog.records import OfferRecord, SpecialRecord, VariantRecord
from kernel.database import Transaction, among
from kernel.texts import can_be_kept


def variant_of_sku(tx: Transaction, sku: str) -> VariantRecord | None:
    """The variant of a SKU, held. `special` is not read."""
    if not can_be_kept(sku):
        return None
    row = tx.execute(
        select(*VARIANT_COLUMNS).where(variants_t.c.sku == sku.strip()).with_for_update(key_share=True)
    ).one_or_none()
    return None if row is None else VariantRecord(*row, special=None)


def variants_of_skus(tx: Transaction, skus: Sequence[str]) -> dict[str, VariantRecord]:
    """The variants of these SKUs, held; those that nothing has are left out. `special` is not read."""
    wanted = [sku.strip() for sku in skus if can_be_kept(sku)]
    return {variant.sku: variant for variant in _variants(tx, among(variants_t.c.sku, wanted))}


def hold_variants(tx: Transaction, variant_ids: Sequence[str]) -> None:
    """Variants, held."""
    _variants(tx, among(variants_t.c.id, variant_ids))


def _variants(tx: Transaction, chosen: ColumnElement[bool]) -> list[VariantRecord]:
    # Always in one order, so that two who want some of the same do not wait for each other.
    statement = select(*VARIANT_COLUMNS).where(chosen).order_by(variants_t.c.id).with_for_update(key_share=True)
    return [VariantRecord(*row, special=None) for row in tx.execute(statement)]


def offer(tx: Transaction, offer_id: str) -> OfferRecord | None:
    """An exchange offer, held; None where there is none with this id."""
    row = tx.execute(
        select(*OFFER_COLUMNS).where(offers_t.c.id == offer_id).with_for_update(key_share=True)
    ).one_or_none()
    return None if row is None else OfferRecord(*row)


def live_specials(tx: Transaction, variant_ids: Sequence[str], now: datetime) -> list[SpecialRecord]:
    """Special prices in force or planned. Whoever holds their variants may rely on them."""
    c = specials_t.c
    rows = tx.execute(
        select(*special_columns(specials_t)).where(
            among(c.variant_id, variant_ids), or_(c.ends_at.is_(None), c.ends_at > now)
        )
    )
    return [SpecialRecord(*row) for row in rows]


def live_offers(tx: Transaction, variant_ids: Sequence[str], now: datetime) -> list[OfferRecord]:
    """Exchange offers in force or planned. Whoever holds their variants may rely on them."""
    c = offers_t.c
    rows = tx.execute(
        select(*OFFER_COLUMNS).where(among(c.variant_id, variant_ids), or_(c.ends_at.is_(None), c.ends_at > now))
    )
    return [OfferRecord(*row) for row in rows]


def replace_translations(tx: Transaction, subject_id: str, translations: Mapping[str, Translation]) -> None:
    """These are all the translations that a product or category has from now on."""
    tx.execute(translations_t.delete().where(translations_t.c.subject_id == subject_id))
    if translations:
        tx.execute(
            translations_t.insert(),
            [
                {
                    "subject_id": subject_id,
                    "locale": locale,
                    "name": translation.name,
                    "name_key": fold(translation.name),
                    "description": translation.description or "",
                }
                for locale, translation in translations.items()
            ],
        )

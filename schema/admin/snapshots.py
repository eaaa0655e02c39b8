"""What the audit log keeps of a thing of the catalogue: as it is, in words that JSON has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog import held, queries
from catalog.records import OfferRecord, SpecialRecord, VariantRecord
from kernel.money import Money
from schema.admin.transactions import Deed


def variant_id_of_sku(deed: Deed, sku: str) -> str | None:
    """The variant of a SKU, held: what is noted of it is what the deed finds."""
    variant = held.variant_of_sku(deed.tx, sku)
    return variant.id if variant else None


def variant_ids_of_skus(deed: Deed, skus: Sequence[str]) -> list[str]:
    """The variants of SKUs, held; those that nothing has are left out."""
    return [variant.id for variant in held.variants_of_skus(deed.tx, skus).values()]


def variant_id_of_special(deed: Deed, special_price_id: str) -> str | None:
    """The variant that a special price is of, held."""
    return next(iter(variant_ids_of_specials(deed, [special_price_id])), None)


def variant_ids_of_specials(deed: Deed, special_price_ids: Sequence[str]) -> list[str]:
    """The variants that special prices are of, held; each once."""
    specials = queries.specials_by_id(deed.tx, special_price_ids).values()
    found = list(dict.fromkeys(special.variant_id for special in specials))
    held.hold_variants(deed.tx, found)
    return found


def hold_offer(deed: Deed, offer_id: str) -> str | None:
    """The id of an exchange offer that there is, held."""
    return offer_id if held.offer(deed.tx, offer_id) else None


def category_snapshot(deed: Deed, category_id: str) -> dict[str, Any] | None:
    categories = {category.id: category for category in queries.categories(deed.tx, None)}
    category = categories.get(category_id)
    if category is None:
        return None
    parent = categories.get(category.parent_id or "")
    return {
        "slug": category.slug,
        "name": category.name,
        "parentSlug": parent.slug if parent else None,
        "translations": _translations(deed, category_id),
    }


def product_snapshot(deed: Deed, product_id: str) -> dict[str, Any] | None:
    product = queries.products_by_id(deed.tx, [product_id], None).get(product_id)
    if product is None:
        return None
    variants = queries.variants_of_products(deed.tx, [product_id], deed.now, active_only=False)[product_id]
    pictures = queries.pictures_of_products(deed.tx, [product_id])[product_id]
    details = queries.product_details(deed.tx, [product_id])[product_id]
    choices = queries.variant_details(deed.tx, [variant.id for variant in variants])
    return {
        "slug": product.slug,
        "name": product.name,
        "description": product.description,
        "translations": _translations(deed, product_id),
        "published": product.published,
        "publishedFrom": _instant(product.published_from),
        "publishedUntil": _instant(product.published_until),
        "options": details.options,
        "attributes": details.attributes,
        "thirdParty": product.third_party,
        "pointsRate": _decimal(product.points_rate),
        "requiredTierCode": product.required_tier_code,
        "categoryId": product.category_id,
        "variants": [{**_variant(deed, variant), **_details(choices[variant.id])} for variant in variants],
        "images": [{"key": picture.image_key, "alt": picture.alt} for picture in pictures],
    }


def variant_snapshot(deed: Deed, variant_id: str) -> dict[str, Any] | None:
    return variant_snapshots(deed, [variant_id]).get(variant_id)


def variant_snapshots(deed: Deed, variant_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Of those that there are, by their ids."""
    variants = queries.variants_by_id(deed.tx, variant_ids, deed.now)
    specials = queries.specials_of_variants(deed.tx, list(variants), deed.now)
    return {
        id_: {**_variant(deed, variant), "specialPrices": [_special(deed, special) for special in specials[id_]]}
        for id_, variant in variants.items()
    }


def offer_snapshot(deed: Deed, offer_id: str) -> dict[str, Any] | None:
    offer: OfferRecord | None = queries.offers_by_id(deed.tx, [offer_id]).get(offer_id)
    if offer is None:
        return None
    variant = queries.variants_by_id(deed.tx, [offer.variant_id], deed.now)[offer.variant_id]
    return {
        "sku": variant.sku,
        "cash": _money(deed, offer.cash),
        "points": offer.points,
        "startsAt": _instant(offer.starts_at),
        "endsAt": _instant(offer.ends_at),
        "quota": offer.quota,
        "perMemberLimit": offer.per_member_limit,
        "dailyLimit": offer.daily_limit,
        "weeklyLimit": offer.weekly_limit,
        "monthlyLimit": offer.monthly_limit,
        "requiredTierCode": offer.required_tier_code,
    }


def _variant(deed: Deed, variant: VariantRecord) -> dict[str, Any]:
    return {
        "id": variant.id,
        "sku": variant.sku,
        "name": variant.name,
        "regularPrice": _money(deed, variant.regular_price),
        "active": variant.active,
        "onHand": variant.on_hand,
    }


def _details(details: queries.VariantDetails) -> dict[str, Any]:
    return {"optionValues": details.option_values, "lowStockAt": details.low_stock_at}


def _special(deed: Deed, special: SpecialRecord) -> dict[str, Any]:
    return {
        "id": special.id,
        "price": _money(deed, special.price),
        "priceClass": special.price_class,
        "startsAt": _instant(special.starts_at),
        "endsAt": _instant(special.ends_at),
    }


def _translations(deed: Deed, subject_id: str) -> list[dict[str, str]]:
    return [
        {"locale": each.locale, "name": each.name, "description": each.description}
        for each in queries.translations_of(deed.tx, [subject_id])[subject_id]
    ]


def _money(deed: Deed, minor: int) -> str:
    return str(Money(minor, deed.program.currency))


def _instant(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _decimal(value: Decimal | None) -> str | None:
    return f"{value.normalize():f}" if value is not None else None

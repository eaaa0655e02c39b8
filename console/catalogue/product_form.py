"""A product's form: what it shows, and reading what was written into it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from catalog.checks import Translation
from catalog.records import TranslationRecord
from catalog.save_product import SaveProduct
from catalog.variant_plan import SaveVariant
from console.catalogue.attribute_form import AttributeRow, by_row, read_rows
from console.catalogue.product_view import ProductView
from console.catalogue.times import kept_time
from console.formats import Formats
from console.forms import decimal_of, text_of
from kernel.money import Money
from kernel.refusals import Refusal, Refusals, invalid
from schema.locale import LOCALES

FIELDS = (
    "name",
    "description",
    "slug",
    "categorySlug",
    "published",
    "publishedFrom",
    "publishedUntil",
    "thirdParty",
    "pointsRate",
    "requiredTierCode",
    "attributes",
    *(f"translations.{locale}.{field}" for locale in LOCALES for field in ("name", "description")),
)
FIRST_VARIANT = ("variants.0.sku", "variants.0.name", "variants.0.regularPrice", "variants.0.onHand")


def given_of(view: ProductView, f: Formats) -> dict[str, str]:
    """The form of a product that is there."""
    product = view.product
    given = {
        "name": product.name,
        "description": product.description,
        "slug": product.slug,
        "categorySlug": view.category_slug or "",
        "published": "yes" if product.published else "",
        "publishedFrom": f.field(product.published_from),
        "publishedUntil": f.field(product.published_until),
        "thirdParty": "yes" if product.third_party else "",
        "pointsRate": "" if product.points_rate is None else f"{product.points_rate.normalize():f}",
        "requiredTierCode": product.required_tier_code or "",
    }
    for locale in LOCALES:
        translation = view.translation(locale)
        given[f"translations.{locale}.name"] = translation.name if translation else ""
        given[f"translations.{locale}.description"] = translation.description if translation else ""
    return given


def read_product_form(
    form: FormData,
    zone: ZoneInfo,
    refusals: Refusals,
    variants: tuple[SaveVariant, ...],
    view: ProductView | None,
    attributes: Sequence[AttributeRow],
) -> SaveProduct:
    """`view`: the product as it is, None for a new one. What is no number or time is noted."""
    old = view.product if view else None
    return SaveProduct(
        id=view.product.id if view else None,
        # Nobody has to think of one: the first SKU will do.
        slug=text_of(form, "slug") or ("" if view else _slug_of(variants[0].sku)),
        name=text_of(form, "name"),
        description=text_of(form, "description"),
        translations=_translations(form, view.translations if view else ()),
        published=text_of(form, "published") == "yes",
        published_from=kept_time(form, "publishedFrom", old.published_from if old else None, zone, refusals),
        published_until=kept_time(form, "publishedUntil", old.published_until if old else None, zone, refusals),
        third_party=text_of(form, "thirdParty") == "yes",
        points_rate=decimal_of(form, "pointsRate", refusals),
        required_tier_code=text_of(form, "requiredTierCode") or None,
        category_slug=text_of(form, "categorySlug") or None,
        attributes=read_rows(attributes, view.details.attributes if view else ()),
        variants=variants,
    )


def _slug_of(sku: str) -> str:
    return re.sub(r"[^\w.-]+", "-", sku.lower()).strip("-")


def _translations(form: FormData, there: Sequence[TranslationRecord]) -> tuple[Translation, ...]:
    """Those of the form, then those in languages that it does not show: they stay."""
    found: list[Translation] = []
    for locale in LOCALES:
        name, description = (text_of(form, f"translations.{locale}.{field}") for field in ("name", "description"))
        if name or description:
            found.append(Translation(locale, name, description))
    others = [each for each in there if each.locale not in LOCALES]
    return (*found, *(Translation(each.locale, each.name, each.description) for each in others))


def kept_variants(view: ProductView) -> tuple[SaveVariant, ...]:
    """What is sold stays as it is."""
    currency = view.program.currency
    return tuple(
        SaveVariant(each.record.sku, Money(each.record.regular_price, currency).amount, id=each.record.id)
        for each in view.sold
    )


def first_variant(form: FormData, refusals: Refusals) -> SaveVariant:
    """The one that a new product begins with."""
    path = ("variants", "0", "onHand")
    price = decimal_of(form, "variants.0.regularPrice", refusals, ("variants", "0", "regularPrice"))
    if price is None and not text_of(form, "variants.0.regularPrice"):
        refusals.add(invalid(("variants", "0", "regularPrice"), "empty"))
    on_hand = decimal_of(form, "variants.0.onHand", refusals, path)
    if on_hand is not None and on_hand != int(on_hand):
        refusals.add(invalid(path, "not_a_whole_number"))
        on_hand = None
    return SaveVariant(
        text_of(form, "variants.0.sku"),
        price if price is not None else Decimal(0),
        name=text_of(form, "variants.0.name"),
        on_hand=0 if on_hand is None else int(on_hand),
    )


def by_field(form: FormData, rows: Sequence[AttributeRow], refusal: Refusal) -> Refusal:
    """The verb counts translations, the form names them by their language; `rows` are its attributes."""
    if len(refusal.path) > 1 and refusal.path[0] == "translations":
        written = [
            locale
            for locale in LOCALES
            if text_of(form, f"translations.{locale}.name") or text_of(form, f"translations.{locale}.description")
        ]
        number = int(refusal.path[1])
        if number < len(written):
            return replace(refusal, path=("translations", written[number], *refusal.path[2:]))
    return by_row(rows, refusal)

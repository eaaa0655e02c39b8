"""Fills the catalogue's types: rows first, then children for all parents at once, and only what the request wants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import strawberry

from catalog.queries import (
    CategoryRecord,
    OfferRecord,
    PictureRecord,
    ProductDetails,
    ProductRecord,
    Sellable,
    VariantDetails,
    VariantRecord,
    categories,
    offers_of_variants,
    pictures_of_products,
    product_details,
    products_by_id,
    variant_details,
    variants_by_id,
    variants_of_products,
)
from checkout.pricing.unit_price import SpecialPrice, unit_price
from kernel.money import Money, Points
from schema.selection import Selection
from schema.shop.catalogue import Category, ExchangeOffer, Image, Product, ProductAttribute, ProductOption, Variant
from schema.shop.program import tier_by_code
from schema.shop.request import View
from schema.types import money_of

Loaded = TypeVar("Loaded")

# Fields that are filled in only where they are wanted hold this until then; nobody asks for it.
_UNWANTED = None


def unwanted() -> Loaded:  # type: ignore[type-var]  # whatever type the field has
    """Stands in a field that the request does not ask for."""
    return _UNWANTED  # type: ignore[return-value]


def image_type(picture: PictureRecord | None) -> Image | None:
    if picture is None:
        return None
    return Image(
        key=picture.image_key,
        alt=picture.alt,
        width=picture.width,
        height=picture.height,
        placeholder=picture.placeholder,
    )


# ---------------------------------------------------------------- categories


def category_tree(view: View) -> dict[str, Category]:
    """All categories by id, linked both ways; read once for an answer."""
    if "categories" not in view.kept:
        view.kept["categories"] = _link(categories(view.conn, view.locale))
    return view.kept["categories"]


def root_categories(view: View) -> list[Category]:
    return [category for category in category_tree(view).values() if category.parent is None]


def _link(records: Sequence[CategoryRecord]) -> dict[str, Category]:
    tree = {
        record.id: Category(id=strawberry.ID(record.id), slug=record.slug, name=record.name, parent=None, children=[])
        for record in records
    }
    for record in records:
        parent = tree.get(record.parent_id) if record.parent_id else None
        if parent is not None:
            tree[record.id].parent = parent
            parent.children.append(tree[record.id])
    return tree


# ---------------------------------------------------------------- products


def products_of(view: View, ids: Iterable[str], wanted: Selection) -> dict[str, Product]:
    """Products by id, published or not: for what refers to them."""
    unique = sorted(set(ids))
    records = list(products_by_id(view.conn, unique, view.locale).values()) if unique else []
    return {product.id: product for product in product_types(view, records, wanted)}


def product_types(view: View, records: Sequence[ProductRecord], wanted: Selection) -> list[Product]:
    """A type for each record, in the same order, with what is wanted of its children."""
    ids = [record.id for record in records]
    pictures: dict[str, list[PictureRecord]] = {}
    if ids and wanted.any_of("image", "images"):
        pictures = pictures_of_products(view.conn, ids, first_only="images" not in wanted)
    tree = category_tree(view) if ids and "category" in wanted else {}
    variants: dict[str, list[Variant]] = {}
    if ids and "variants" in wanted:
        by_product = variants_of_products(view.conn, ids, view.now, active_only=True)
        flat = [variant for id_ in ids for variant in by_product[id_]]
        types = iter(variant_types(view, flat, wanted["variants"]))
        variants = {id_: [next(types) for _ in by_product[id_]] for id_ in ids}
    details = product_details(view.conn, ids) if ids and wanted.any_of("options", "attributes") else {}
    products: list[Product] = []
    for record in records:
        images = [image for picture in pictures.get(record.id, ()) if (image := image_type(picture))]
        products.append(
            Product(
                id=strawberry.ID(record.id),
                slug=record.slug,
                name=record.name,
                description=record.description,
                image=images[0] if images else None,
                images=images,
                category=tree.get(record.category_id) if record.category_id else None,
                third_party=record.third_party,
                variants=variants.get(record.id, []),
                required_tier=tier_by_code(view, record.required_tier_code),
                options=option_types(details.get(record.id)),
                attributes=attribute_types(details.get(record.id), view.locale),
            )
        )
    return products


def option_types(details: ProductDetails | None) -> list[ProductOption]:
    return [ProductOption(**option) for option in details.options] if details else []


def attribute_types(details: ProductDetails | None, locale: str) -> list[ProductAttribute]:
    """Each in the viewer's language, where it has that; else as it is."""
    found: list[ProductAttribute] = []
    for attribute in details.attributes if details else ():
        words = next((each for each in attribute["translations"] if each["locale"] == locale), attribute)
        found.append(ProductAttribute(name=words["name"], value=words["value"]))
    return found


# ---------------------------------------------------------------- variants


def variants_of(view: View, ids: Iterable[str], wanted: Selection) -> dict[str, Variant]:
    """Variants by id, sold or no longer sold: for what refers to them."""
    unique = sorted(set(ids))
    records = list(variants_by_id(view.conn, unique, view.now).values()) if unique else []
    return {variant.id: variant for variant in variant_types(view, records, wanted)}


def variant_types(view: View, records: Sequence[VariantRecord], wanted: Selection) -> list[Variant]:
    products: dict[str, Product] = {}
    if records and "product" in wanted:
        products = products_of(view, (record.product_id for record in records), wanted["product"])
    offers: dict[str, list[ExchangeOffer]] = {}
    if records and "exchangeOffers" in wanted:
        offers = _offers_of(view, records, wanted["exchangeOffers"])
    details: dict[str, VariantDetails] = {}
    if records and "optionValues" in wanted:
        details = variant_details(view.conn, [record.id for record in records])
    priced = wanted.any_of("price", "priceClass")
    program, tier = view.program, view.tier if priced else None
    currency = program.currency
    types: list[Variant] = []
    for record in records:
        regular = money_of(record.regular_price, currency)
        price, price_class = regular, "REGULAR"
        if tier is not None:
            special = record.special
            charged = unit_price(
                program,
                tier,
                Money(record.regular_price, currency),
                SpecialPrice(Money(special.price, currency), special.price_class) if special else None,
            )
            price, price_class = money_of(charged.cash.minor, currency), charged.price_class
        types.append(
            Variant(
                id=strawberry.ID(record.id),
                sku=record.sku,
                name=record.name,
                product=products.get(record.product_id) or unwanted(),
                regular_price=regular,
                price=price,
                price_class=price_class,  # type: ignore[arg-type]
                in_stock=record.available > 0,
                exchange_offers=offers.get(record.id, []),
                option_values=details[record.id].option_values if record.id in details else [],
            )
        )
    return types


def sellable_record(sellable: Sellable) -> VariantRecord:
    """The variant that a basket's goods are."""
    return VariantRecord(
        id=sellable.variant_id,
        product_id=sellable.product_id,
        sku=sellable.sku,
        name=sellable.variant_name,
        regular_price=sellable.regular_price,
        active=sellable.active,
        on_hand=sellable.on_hand,
        reserved=sellable.reserved,
        special=sellable.special,
    )


# ---------------------------------------------------------------- exchange offers


def _offers_of(view: View, records: Sequence[VariantRecord], wanted: Selection) -> dict[str, list[ExchangeOffer]]:
    """The offers in force of each variant."""
    by_variant = offers_of_variants(view.conn, [record.id for record in records], view.now)
    flat = [offer for offers in by_variant.values() for offer in offers]
    types = offer_types(view, flat, wanted, known={record.id: record for record in records})
    found: dict[str, list[ExchangeOffer]] = {}
    for record, offer in zip(flat, types, strict=True):
        found.setdefault(record.variant_id, []).append(offer)
    return found


def offer_types(
    view: View,
    records: Sequence[OfferRecord],
    wanted: Selection,
    known: dict[str, VariantRecord] | None = None,
) -> list[ExchangeOffer]:
    """A type for each record, in the same order. `known`: their variants, where they have been read already."""
    if known is None:
        known = {}
        if records and wanted.any_of("variant", "saving"):
            known = variants_by_id(view.conn, sorted({record.variant_id for record in records}), view.now)
    variants: dict[str, Variant] = {}
    if "variant" in wanted:
        offered = list({r.variant_id: known[r.variant_id] for r in records}.values())
        variants = {v.id: v for v in variant_types(view, offered, wanted["variant"])}
    currency = view.program.currency
    types: list[ExchangeOffer] = []
    for record in records:
        variant = known.get(record.variant_id)
        types.append(
            ExchangeOffer(
                id=strawberry.ID(record.id),
                variant=variants.get(record.variant_id) or unwanted(),
                cash=money_of(record.cash, currency),
                points=Points(record.points),
                starts_at=record.starts_at,
                ends_at=record.ends_at,
                remaining=record.remaining,
                per_member_limit=record.per_member_limit,
                daily_limit=record.daily_limit,
                weekly_limit=record.weekly_limit,
                monthly_limit=record.monthly_limit,
                required_tier=tier_by_code(view, record.required_tier_code),
                saving=money_of(variant.regular_price - record.cash, currency) if variant else unwanted(),
            )
        )
    return types

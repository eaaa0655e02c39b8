"""One product with everything that belongs to it, read in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException

from catalog import queries
from catalog.movements import MovementRecord, movement_page
from catalog.prices import PriceChangeRecord, price_change_page
from catalog.records import (
    OfferRecord,
    ProductDetails,
    ProductRecord,
    SpecialRecord,
    TranslationRecord,
    VariantDetails,
    VariantRecord,
)
from checkout.queries import orders_by_id
from console.catalogue.goods import Thumb, branches, is_low, publication, thumb, window_state
from console.visit import Visit
from kernel.paging import Window
from kernel.texts import can_be_kept
from program.config import Program
from schema.context import Reading
from schema.locale import Locale

FIRST = 10
"""So many changes of a price or of stock stand on the product's own page."""


@dataclass(frozen=True)
class VariantView:
    """`specials` and `offers` are in force or planned. `low`: time to order more."""

    record: VariantRecord
    details: VariantDetails
    specials: Sequence[SpecialRecord]
    offers: Sequence[OfferRecord]
    low: bool

    @property
    def choices(self) -> str:
        return " / ".join(self.details.option_values) or self.record.name


@dataclass(frozen=True)
class ProductView:
    """`product` is as it is, without a translation; `name` is in the viewer's language."""

    product: ProductRecord
    name: str
    details: ProductDetails
    translations: Sequence[TranslationRecord]
    category: str | None
    category_slug: str | None
    pictures: Sequence[Thumb]
    variants: Sequence[VariantView]
    published: str
    program: Program
    now: datetime

    @property
    def path(self) -> str:
        return f"/products/{self.product.id}"

    @property
    def sold(self) -> list[VariantView]:
        return [variant for variant in self.variants if variant.record.active]

    def translation(self, locale: str) -> TranslationRecord | None:
        return next((each for each in self.translations if each.locale == locale), None)


@dataclass(frozen=True)
class Histories:
    """Of one SKU: what its price and stock went through, latest first. `orders`: numbers by id.

    `more_prices` and `more_movements`: there are others, on pages of their own.
    """

    sku: str
    prices: Sequence[PriceChangeRecord]
    more_prices: bool
    movements: Sequence[MovementRecord]
    more_movements: bool
    orders: Mapping[str, str]


def read_product(reading: Reading, product_id: str, locale: Locale) -> ProductView | None:
    conn, now = reading.conn, reading.now
    product = queries.products_by_id(conn, [product_id], None).get(product_id)
    if product is None:
        return None
    variants = queries.variants_of_products(conn, [product_id], now, active_only=False)[product_id]
    ids = [variant.id for variant in variants]
    details = queries.variant_details(conn, ids)
    specials = queries.specials_of_variants(conn, ids, now)
    offers = queries.offers_of_variants(conn, ids, None)
    translations = queries.translations_of(conn, [product_id])[product_id]
    pictures = queries.pictures_of_products(conn, [product_id])[product_id]
    tree = {branch.category.id: branch for branch in branches(queries.categories(conn, locale))}
    branch = tree.get(product.category_id or "")
    own = next((each.name for each in translations if each.locale == locale), product.name)
    return ProductView(
        product,
        own,
        queries.product_details(conn, [product_id])[product_id],
        translations,
        " › ".join(branch.path) if branch else None,
        branch.category.slug if branch else None,
        [thumb(picture, 480) for picture in pictures],
        [
            VariantView(
                variant,
                details[variant.id],
                specials[variant.id],
                [each for each in offers[variant.id] if window_state(each.starts_at, each.ends_at, now) != "OVER"],
                variant.active and is_low(variant, details[variant.id]),
            )
            for variant in variants
        ],
        publication(product, now),
        reading.program,
        now,
    )


def read_histories(reading: Reading, sku: str) -> Histories:
    window = Window(FIRST)
    movements = movement_page(reading.conn, window, sku)
    prices = price_change_page(reading.conn, window, sku)
    return Histories(
        sku,
        prices.items,
        prices.has_next,
        movements.items,
        movements.has_next,
        order_numbers(reading, movements.items),
    )


def order_numbers(reading: Reading, movements: Sequence[MovementRecord]) -> dict[str, str]:
    """Of the orders that moved stock, by their ids."""
    orders = orders_by_id(reading.conn, [each.order_id for each in movements if each.order_id])
    return {order.id: order.number for order in orders.values()}


def part_of(visit: Visit, name: str) -> str:
    """A part of the address. What no database keeps leads nowhere."""
    part = str(visit.request.path_params[name])
    if not can_be_kept(part):
        raise HTTPException(404)
    return part


async def find_product(visit: Visit) -> ProductView:
    product_id = part_of(visit, "id")
    view = await visit.read(lambda reading: read_product(reading, product_id, visit.locale))
    if view is None:
        raise HTTPException(404)
    return view

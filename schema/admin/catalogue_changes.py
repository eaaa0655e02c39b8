"""Changing the catalogue. Each deed is one transaction with its entry in the audit log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import strawberry
from strawberry import UNSET

from catalog import queries
from catalog.adjust_stock import AdjustStock
from catalog.checks import Translation
from catalog.details import Attribute, AttributeTranslation, Option
from catalog.plan_special_price import PlanSpecialPrice
from catalog.save_category import SaveCategory
from catalog.save_exchange_offer import SaveExchangeOffer
from catalog.save_product import SaveProduct, SaveVariant
from catalog.tables import SpecialPriceClass
from kernel.money import Points
from kernel.unchanged import UNCHANGED, Unchanged
from schema.admin import deeds
from schema.admin.catalogue import offers_shown
from schema.admin.context import Info
from schema.admin.types_catalogue import Category, ExchangeOffer, Product, Variant
from schema.connections import given
from schema.errors import UserError
from schema.ids import checked_id, checked_optional_id

Value = TypeVar("Value")


def patch(value: Value | None) -> Value | Unchanged | None:
    """What a patch sets: null takes a value away, absent leaves it alone."""
    return UNCHANGED if value is UNSET else value


def kept(value: Value | None) -> Value | Unchanged:
    """The same where nothing can be taken away: null leaves alone, too."""
    return UNCHANGED if value is UNSET or value is None else value


@strawberry.input
class TranslationInput:
    locale: str
    name: str
    description: str | None = UNSET


def _translations(inputs: list[TranslationInput] | None) -> tuple[Translation, ...] | Unchanged:
    inputs = given(inputs)
    if inputs is None:
        return UNCHANGED
    return tuple(Translation(each.locale, each.name, given(each.description)) for each in inputs)


def _options(inputs: list[ProductOptionInput] | None) -> tuple[Option, ...] | Unchanged:
    inputs = given(inputs)
    return UNCHANGED if inputs is None else tuple(Option(each.name, tuple(each.values)) for each in inputs)


def _choices(inputs: list[str] | None) -> tuple[str, ...] | Unchanged:
    inputs = given(inputs)
    return UNCHANGED if inputs is None else tuple(inputs)


def _attributes(inputs: list[ProductAttributeInput] | None) -> tuple[Attribute, ...] | Unchanged:
    inputs = given(inputs)
    if inputs is None:
        return UNCHANGED
    return tuple(
        Attribute(
            each.name,
            each.value,
            tuple(AttributeTranslation(to.locale, to.name, to.value) for to in given(each.translations) or ()),
        )
        for each in inputs
    )


@strawberry.input
class SaveCategoryInput:
    id: strawberry.ID | None = UNSET
    slug: str
    name: str
    translations: list[TranslationInput] | None = UNSET
    parent_slug: str | None = UNSET


@strawberry.type
class SaveCategoryPayload:
    category: Category | None = None
    errors: list[UserError]


@strawberry.input(description="id: to rename a SKU. onHand, absent: unchanged (new: 0).")
class SaveVariantInput:
    id: strawberry.ID | None = UNSET
    sku: str
    name: str | None = UNSET
    regular_price: Decimal
    on_hand: int | None = UNSET
    option_values: list[str] | None = strawberry.field(
        default=UNSET, description="One for each of the product's options; empty: none. Absent: unchanged."
    )
    low_stock_at: int | None = strawberry.field(
        default=UNSET, description="Null: the shop's own number. Absent: unchanged."
    )


@strawberry.input
class ProductOptionInput:
    name: str
    values: list[str]


@strawberry.input
class ProductAttributeTranslationInput:
    locale: str
    name: str
    value: str


@strawberry.input
class ProductAttributeInput:
    name: str
    value: str
    translations: list[ProductAttributeTranslationInput] | None = UNSET


@strawberry.input
class SaveProductInput:
    id: strawberry.ID | None = strawberry.field(default=UNSET, description="Absent: a new one.")
    slug: str
    name: str
    description: str | None = strawberry.field(
        default=UNSET,
        description="Here and below, absent: unchanged; on a new product: empty, published, our own.",
    )
    translations: list[TranslationInput] | None = strawberry.field(default=UNSET, description="Replaces them all.")
    published: bool | None = UNSET
    third_party: bool | None = UNSET
    points_rate: Decimal | None = strawberry.field(
        default=UNSET, description="Points for each yuan where the product has a rate of its own (R3)."
    )
    required_tier_code: str | None = UNSET
    category_slug: str | None = UNSET
    published_from: datetime | None = strawberry.field(
        default=UNSET, description="While published: from this instant, until just before publishedUntil."
    )
    published_until: datetime | None = UNSET
    options: list[ProductOptionInput] | None = strawberry.field(default=UNSET, description="Replaces them all.")
    attributes: list[ProductAttributeInput] | None = strawberry.field(default=UNSET, description="Replaces them all.")
    variants: list[SaveVariantInput] = strawberry.field(
        description="All that are sold from now on: those left out become inactive."
    )


@strawberry.type
class SaveProductPayload:
    product: Product | None = None
    errors: list[UserError]


@strawberry.input
class PlanSpecialPriceInput:
    sku: str
    price: Decimal
    price_class: SpecialPriceClass = SpecialPriceClass.SALE
    starts_at: datetime | None = strawberry.field(default=UNSET, description="Absent: now.")
    ends_at: datetime | None = strawberry.field(default=UNSET, description="Absent: until it is ended.")


@strawberry.input
class EndSpecialPriceInput:
    special_price_id: strawberry.ID


@strawberry.type
class SaveVariantPayload:
    variant: Variant | None = None
    errors: list[UserError]


@strawberry.input
class AdjustStockInput:
    sku: str
    change: int
    reason: str
    idempotency_key: str


@strawberry.input
class SaveExchangeOfferInput:
    id: strawberry.ID | None = UNSET
    sku: str
    cash: Decimal
    points: Points
    starts_at: datetime | None = UNSET
    ends_at: datetime | None = UNSET
    quota: int | None = UNSET
    per_member_limit: int | None = UNSET
    daily_limit: int | None = strawberry.field(
        default=UNSET,
        description="Units for one member, here and below in a calendar day, week (from Monday) and month.",
    )
    weekly_limit: int | None = UNSET
    monthly_limit: int | None = UNSET
    required_tier_code: str | None = UNSET


@strawberry.type
class SaveExchangeOfferPayload:
    exchange_offer: ExchangeOffer | None = None
    errors: list[UserError]


@strawberry.input
class EndExchangeOfferInput:
    exchange_offer_id: strawberry.ID


@strawberry.type
class CatalogueMutation:
    @strawberry.mutation
    async def save_category(self, info: Info, input: SaveCategoryInput) -> SaveCategoryPayload:
        command = SaveCategory(
            id=checked_optional_id(given(input.id)),
            slug=input.slug,
            name=input.name,
            translations=_translations(input.translations),
            parent_slug=patch(input.parent_slug),
        )
        deed = deeds.saving_category(info.context, command)
        return await info.context.answer(SaveCategoryPayload, deed, _category(info))

    @strawberry.mutation
    async def save_product(self, info: Info, input: SaveProductInput) -> SaveProductPayload:
        command = SaveProduct(
            id=checked_optional_id(given(input.id)),
            slug=input.slug,
            name=input.name,
            description=kept(input.description),
            translations=_translations(input.translations),
            published=kept(input.published),
            third_party=kept(input.third_party),
            points_rate=patch(input.points_rate),
            required_tier_code=patch(input.required_tier_code),
            category_slug=patch(input.category_slug),
            published_from=patch(input.published_from),
            published_until=patch(input.published_until),
            options=_options(input.options),
            attributes=_attributes(input.attributes),
            variants=tuple(
                SaveVariant(
                    id=checked_optional_id(given(variant.id)),
                    sku=variant.sku,
                    name=given(variant.name),
                    regular_price=variant.regular_price,
                    on_hand=given(variant.on_hand),
                    option_values=_choices(variant.option_values),
                    low_stock_at=patch(variant.low_stock_at),
                )
                for variant in input.variants
            ),
        )
        deed = deeds.saving_product(info.context, command)
        return await info.context.answer(SaveProductPayload, deed, product_shown(info))

    @strawberry.mutation(description="Adds a window in which a special price holds; windows of one SKU never overlap.")
    async def plan_special_price(self, info: Info, input: PlanSpecialPriceInput) -> SaveVariantPayload:
        command = PlanSpecialPrice(
            sku=input.sku,
            price=input.price,
            price_class=input.price_class,
            starts_at=given(input.starts_at),
            ends_at=given(input.ends_at),
        )
        deed = deeds.planning_special_price(info.context, command)
        return await info.context.answer(SaveVariantPayload, deed, _variant(info))

    @strawberry.mutation(description="Ends one that is in force, now; takes back one that has not begun.")
    async def end_special_price(self, info: Info, input: EndSpecialPriceInput) -> SaveVariantPayload:
        special_price_id = checked_id(input.special_price_id)
        deed = deeds.ending_special_price(info.context, special_price_id)
        return await info.context.answer(SaveVariantPayload, deed, _variant(info))

    @strawberry.mutation
    async def adjust_stock(self, info: Info, input: AdjustStockInput) -> SaveVariantPayload:
        command = AdjustStock(
            sku=input.sku, change=input.change, reason=input.reason, idempotency_key=input.idempotency_key
        )
        deed = deeds.adjusting_stock(info.context, command)
        return await info.context.answer(SaveVariantPayload, deed, _variant(info))

    @strawberry.mutation
    async def save_exchange_offer(self, info: Info, input: SaveExchangeOfferInput) -> SaveExchangeOfferPayload:
        command = SaveExchangeOffer(
            id=checked_optional_id(given(input.id)),
            sku=input.sku,
            cash=input.cash,
            points=input.points,
            starts_at=given(input.starts_at),
            ends_at=given(input.ends_at),
            quota=given(input.quota),
            per_member_limit=given(input.per_member_limit),
            daily_limit=given(input.daily_limit),
            weekly_limit=given(input.weekly_limit),
            monthly_limit=given(input.monthly_limit),
            required_tier_code=given(input.required_tier_code),
        )
        deed = deeds.saving_exchange_offer(info.context, command)
        return await info.context.answer(SaveExchangeOfferPayload, deed, _offer(info))

    @strawberry.mutation(description="Ends one that is in force, now; one that has not begun never will.")
    async def end_exchange_offer(self, info: Info, input: EndExchangeOfferInput) -> SaveExchangeOfferPayload:
        deed = deeds.ending_exchange_offer(info.context, checked_id(input.exchange_offer_id))
        return await info.context.answer(SaveExchangeOfferPayload, deed, _offer(info))


def _category(info: Info) -> Callable[[str], dict[str, Any]]:
    def show(category_id: str) -> dict[str, Any]:
        with info.context.reading() as reading:
            categories = queries.categories(reading.conn, info.context.locale)
        return {"category": Category.of(next(each for each in categories if each.id == category_id))}

    return show


def product_shown(info: Info) -> Callable[[str], dict[str, Any]]:
    def show(product_id: str) -> dict[str, Any]:
        with info.context.reading() as reading:
            product = queries.products_by_id(reading.conn, [product_id], info.context.locale)[product_id]
            return {"product": Product.of(product, reading.program.currency)}

    return show


def _variant(info: Info) -> Callable[[str], dict[str, Any]]:
    def show(variant_id: str) -> dict[str, Any]:
        with info.context.reading() as reading:
            variant = queries.variants_by_id(reading.conn, [variant_id], reading.now)[variant_id]
            return {"variant": Variant.of(variant, reading.program.currency)}

    return show


def _offer(info: Info) -> Callable[[str], dict[str, Any]]:
    def show(offer_id: str) -> dict[str, Any]:
        with info.context.reading() as reading:
            offer = queries.offers_by_id(reading.conn, [offer_id])[offer_id]
            return {"exchange_offer": offers_shown(reading, [offer], info.context.locale)[0]}

    return show

"""Changing the catalogue. Each deed is one transaction with its entry in the audit log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import strawberry
from strawberry import UNSET

from catalog import queries
from catalog.adjust_stock import AdjustStock, adjust_stock
from catalog.attach_picture import AttachPicture, attach_picture
from catalog.checks import Translation
from catalog.end_special_price import end_special_price
from catalog.plan_special_price import PlanSpecialPrice, plan_special_price
from catalog.save_category import SaveCategory, save_category
from catalog.save_exchange_offer import SaveExchangeOffer, save_exchange_offer
from catalog.save_product import SaveProduct, SaveVariant, save_product
from catalog.tables import SpecialPriceClass
from kernel.money import Points
from kernel.refusals import Refusals
from kernel.unchanged import UNCHANGED, Unchanged
from media.images import MAX_BYTES, check_image, keep_image
from schema.admin.catalogue import offers_shown
from schema.admin.context import Info
from schema.admin.inputs import read_key
from schema.admin.snapshots import (
    category_snapshot,
    offer_snapshot,
    product_snapshot,
    variant_id_of_sku,
    variant_id_of_special,
    variant_snapshot,
)
from schema.admin.transactions import Deed, audited
from schema.admin.types_catalogue import Category, ExchangeOffer, Product, Variant
from schema.connections import given
from schema.errors import UserError
from schema.ids import checked_id, checked_optional_id
from schema.scalars import Upload

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
    variants: list[SaveVariantInput] = strawberry.field(
        description="All that are sold from now on: those left out become inactive."
    )


@strawberry.type
class SaveProductPayload:
    product: Product | None = None
    errors: list[UserError]


@strawberry.input
class UploadProductImageInput:
    product_id: strawberry.ID
    file: Upload
    alt: str = ""


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
    required_tier_code: str | None = UNSET


@strawberry.type
class SaveExchangeOfferPayload:
    exchange_offer: ExchangeOffer | None = None
    errors: list[UserError]


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
        deed = audited(
            info,
            "saveCategory",
            lambda deed: save_category(deed.tx, command),
            lambda deed: command.id,
            category_snapshot,
        )
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
            variants=tuple(
                SaveVariant(
                    id=checked_optional_id(given(variant.id)),
                    sku=variant.sku,
                    name=given(variant.name),
                    regular_price=variant.regular_price,
                    on_hand=given(variant.on_hand),
                )
                for variant in input.variants
            ),
        )
        deed = audited(
            info,
            "saveProduct",
            lambda deed: save_product(deed.tx, command, now=deed.now, program=deed.program),
            lambda deed: command.id,
            product_snapshot,
        )
        return await info.context.answer(SaveProductPayload, deed, _product(info))

    @strawberry.mutation
    async def upload_product_image(self, info: Info, input: UploadProductImageInput) -> SaveProductPayload:
        product_id, alt, store = checked_id(input.product_id), input.alt, info.context.services.media
        # One byte more than is allowed is enough to know that it is too large.
        data: bytes = await input.file.read(MAX_BYTES + 1)  # type: ignore[attr-defined]

        def upload() -> str:
            checked = check_image(data)

            def attach(deed: Deed) -> str:
                picture = keep_image(deed.tx, store, data, checked, deed.now)
                return attach_picture(
                    deed.tx,
                    AttachPicture(
                        product_id=product_id,
                        image_key=picture.key,
                        width=picture.width,
                        height=picture.height,
                        placeholder=picture.placeholder,
                        alt=alt,
                    ),
                )

            return audited(info, "uploadProductImage", attach, lambda deed: product_id, product_snapshot)()

        return await info.context.answer(SaveProductPayload, upload, _product(info))

    @strawberry.mutation(description="Adds a window in which a special price holds; windows of one SKU never overlap.")
    async def plan_special_price(self, info: Info, input: PlanSpecialPriceInput) -> SaveVariantPayload:
        command = PlanSpecialPrice(
            sku=input.sku,
            price=input.price,
            price_class=input.price_class,
            starts_at=given(input.starts_at),
            ends_at=given(input.ends_at),
        )
        deed = audited(
            info,
            "planSpecialPrice",
            lambda deed: plan_special_price(deed.tx, command, now=deed.now, program=deed.program),
            lambda deed: variant_id_of_sku(deed, command.sku),
            variant_snapshot,
        )
        return await info.context.answer(SaveVariantPayload, deed, _variant(info))

    @strawberry.mutation(description="Ends one that is in force, now; takes back one that has not begun.")
    async def end_special_price(self, info: Info, input: EndSpecialPriceInput) -> SaveVariantPayload:
        special_price_id = checked_id(input.special_price_id)
        deed = audited(
            info,
            "endSpecialPrice",
            lambda deed: end_special_price(deed.tx, special_price_id, now=deed.now),
            lambda deed: variant_id_of_special(deed, special_price_id),
            variant_snapshot,
        )
        return await info.context.answer(SaveVariantPayload, deed, _variant(info))

    @strawberry.mutation
    async def adjust_stock(self, info: Info, input: AdjustStockInput) -> SaveVariantPayload:
        staff_id = info.context.viewer.id
        command = AdjustStock(
            sku=input.sku, change=input.change, reason=input.reason, idempotency_key=input.idempotency_key
        )

        def adjust(deed: Deed) -> str:
            refusals = Refusals()
            read_key(refusals, command.idempotency_key)
            refusals.raise_any()
            return adjust_stock(deed.tx, command, actor_id=staff_id, now=deed.now)

        deed = audited(
            info,
            "adjustStock",
            adjust,
            lambda deed: variant_id_of_sku(deed, command.sku),
            variant_snapshot,
            change=input.change,
            reason=input.reason,
        )
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
            required_tier_code=given(input.required_tier_code),
        )
        deed = audited(
            info,
            "saveExchangeOffer",
            lambda deed: save_exchange_offer(deed.tx, command, now=deed.now, program=deed.program),
            lambda deed: command.id,
            offer_snapshot,
        )
        return await info.context.answer(SaveExchangeOfferPayload, deed, _offer(info))


def _category(info: Info) -> Callable[[str], dict[str, Any]]:
    def show(category_id: str) -> dict[str, Any]:
        with info.context.reading() as reading:
            categories = queries.categories(reading.conn, info.context.locale)
        return {"category": Category.of(next(each for each in categories if each.id == category_id))}

    return show


def _product(info: Info) -> Callable[[str], dict[str, Any]]:
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

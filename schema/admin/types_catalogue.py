"""The catalogue as staff see it: all of it, published or not."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import strawberry

from catalog import offer_planner
from catalog.records import (
    CategoryRecord,
    OfferRecord,
    PictureRecord,
    ProductRecord,
    SpecialRecord,
    TranslationRecord,
    VariantRecord,
)
from catalog.tables import SpecialPriceClass
from kernel.money import Points
from media.recipes import Format
from program.config import Program
from schema.admin.context import Info
from schema.codes import bad_input
from schema.compiled import pure
from schema.connections import PageInfo, given
from schema.locale import Locale
from schema.messages import WARNINGS, say
from schema.types import Money, Node, money_of

MAX_WIDTH = 10_000


@strawberry.type
class Image:
    alt: str
    width: int
    height: int
    placeholder: str | None
    key: str = strawberry.field(description="Names the picture in arrangeProductImages.")

    @strawberry.field
    @pure
    def url(self, info: Info, width: int | None = strawberry.UNSET, format: Format | None = strawberry.UNSET) -> str:
        width = given(width)
        if width is not None and not 1 <= width <= MAX_WIDTH:
            raise bad_input(f"width is between 1 and {MAX_WIDTH}.")
        return info.context.picture_url(self.key, self.width, width, given(format))

    @classmethod
    def of(cls, picture: PictureRecord) -> Image:
        return cls(
            alt=picture.alt,
            width=picture.width,
            height=picture.height,
            placeholder=picture.placeholder,
            key=picture.image_key,
        )


@strawberry.type
class Translation:
    locale: str
    name: str
    description: str

    @classmethod
    def of(cls, translation: TranslationRecord) -> Translation:
        return cls(locale=translation.locale, name=translation.name, description=translation.description)


@strawberry.type
class Category(Node):
    slug: str
    name: str
    parent_id: strawberry.Private[str | None]

    @strawberry.field
    async def translations(self, info: Info) -> list[Translation]:
        return [Translation.of(record) for record in await info.context.loaders.translations.load(self.id)]

    @strawberry.field
    async def parent(self, info: Info) -> Category | None:
        if self.parent_id is None:
            return None
        categories = await info.context.loaders.categories()
        return next((Category.of(c) for c in categories if c.id == self.parent_id), None)

    @strawberry.field
    async def children(self, info: Info) -> list[Category]:
        categories = await info.context.loaders.categories()
        return [Category.of(c) for c in categories if c.parent_id == self.id]

    @classmethod
    def of(cls, category: CategoryRecord) -> Category:
        return cls(id=strawberry.ID(category.id), slug=category.slug, name=category.name, parent_id=category.parent_id)


@strawberry.type
class SpecialPrice(Node):
    price: Money
    price_class: SpecialPriceClass
    starts_at: datetime
    ends_at: datetime | None

    @classmethod
    def of(cls, special: SpecialRecord, currency: str) -> SpecialPrice:
        return cls(
            id=strawberry.ID(special.id),
            price=money_of(special.price, currency),
            price_class=SpecialPriceClass(special.price_class),
            starts_at=special.starts_at,
            ends_at=special.ends_at,
        )


@strawberry.type
class Variant(Node):
    sku: str
    name: str
    regular_price: Money
    active: bool = strawberry.field(description="False: no longer sold, kept for what was.")
    available: int = strawberry.field(description="On hand, less what orders have reserved.")
    on_hand: int

    product_id: strawberry.Private[str]

    @strawberry.field
    async def product(self, info: Info) -> Product:
        product = await info.context.loaders.products.load(self.product_id)
        return Product.of(product, self.regular_price.currency_code)

    @strawberry.field(description="Its choices, in the order of the product's options.")
    async def option_values(self, info: Info) -> list[str]:
        return (await info.context.loaders.variant_details.load(self.id)).option_values

    @strawberry.field(description="With so many available, or fewer, its stock is low; null: the shop's own number.")
    async def low_stock_at(self, info: Info) -> int | None:
        return (await info.context.loaders.variant_details.load(self.id)).low_stock_at

    @strawberry.field(description="In force and planned, first to start first; they never overlap.")
    async def special_prices(self, info: Info) -> list[SpecialPrice]:
        specials = await info.context.loaders.specials.load(self.id)
        return [SpecialPrice.of(special, self.regular_price.currency_code) for special in specials]

    @classmethod
    def of(cls, variant: VariantRecord, currency: str) -> Variant:
        return cls(
            id=strawberry.ID(variant.id),
            sku=variant.sku,
            name=variant.name,
            regular_price=money_of(variant.regular_price, currency),
            active=variant.active,
            available=variant.available,
            on_hand=variant.on_hand,
            product_id=variant.product_id,
        )


@strawberry.type(description="What variants differ by, such as a size.")
class ProductOption:
    name: str
    values: list[str]


@strawberry.type
class ProductAttributeTranslation:
    locale: str
    name: str
    value: str


@strawberry.type(description="What else there is to say, such as what it is made of.")
class ProductAttribute:
    name: str
    value: str
    translations: list[ProductAttributeTranslation]


@strawberry.type
class Product(Node):
    slug: str
    name: str
    description: str
    published: bool
    published_from: datetime | None = strawberry.field(
        description="While published: from this instant, until just before publishedUntil. Null: without that bound."
    )
    published_until: datetime | None
    third_party: bool
    points_rate: Decimal | None
    required_tier_code: str | None
    category_id: strawberry.Private[str | None]
    currency: strawberry.Private[str]

    @strawberry.field
    async def translations(self, info: Info) -> list[Translation]:
        return [Translation.of(record) for record in await info.context.loaders.translations.load(self.id)]

    @strawberry.field
    async def options(self, info: Info) -> list[ProductOption]:
        details = await info.context.loaders.product_details.load(self.id)
        return [ProductOption(**option) for option in details.options]

    @strawberry.field
    async def attributes(self, info: Info) -> list[ProductAttribute]:
        details = await info.context.loaders.product_details.load(self.id)
        return [
            ProductAttribute(
                name=each["name"],
                value=each["value"],
                translations=[ProductAttributeTranslation(**words) for words in each["translations"]],
            )
            for each in details.attributes
        ]

    @strawberry.field
    async def category_slug(self, info: Info) -> str | None:
        if self.category_id is None:
            return None
        categories = await info.context.loaders.categories()
        return next((c.slug for c in categories if c.id == self.category_id), None)

    @strawberry.field
    async def images(self, info: Info) -> list[Image]:
        return [Image.of(picture) for picture in await info.context.loaders.pictures.load(self.id)]

    @strawberry.field
    async def variants(self, info: Info) -> list[Variant]:
        return [Variant.of(variant, self.currency) for variant in await info.context.loaders.variants.load(self.id)]

    @classmethod
    def of(cls, product: ProductRecord, currency: str) -> Product:
        return cls(
            id=strawberry.ID(product.id),
            slug=product.slug,
            name=product.name,
            description=product.description,
            published=product.published,
            published_from=product.published_from,
            published_until=product.published_until,
            third_party=product.third_party,
            # Stored with all its places; shown as it was given.
            points_rate=None if product.points_rate is None else product.points_rate.normalize(),
            required_tier_code=product.required_tier_code,
            category_id=product.category_id,
            currency=currency,
        )


@strawberry.type
class ExchangeOffer(Node):
    sku: str
    cash: Money
    points: Points
    starts_at: datetime | None
    ends_at: datetime | None
    quota: int | None
    redeemed: int
    per_member_limit: int | None
    daily_limit: int | None = strawberry.field(
        description="For one member, here and below in a calendar day, week (from Monday) and month."
    )
    weekly_limit: int | None
    monthly_limit: int | None
    required_tier_code: str | None
    discount_share: Decimal = strawberry.field(
        description="(regular price - cash) / regular price, to four places (R6)."
    )
    implied_value_of_100_points: Money = strawberry.field(
        name="impliedValueOf100Points", description="What 100 points buy in this offer (R6)."
    )
    warnings: list[str] = strawberry.field(
        description="Where the offer leaves the program's guidance; empty where it is inside."
    )

    @classmethod
    def of(cls, offer: OfferRecord, variant: VariantRecord, program: Program, locale: Locale) -> ExchangeOffer:
        regular = variant.regular_price
        share = offer_planner.discount_share(regular, offer.cash)
        implied = offer_planner.implied_value_of_100(regular, offer.cash, offer.points)
        return cls(
            id=strawberry.ID(offer.id),
            sku=variant.sku,
            cash=money_of(offer.cash, program.currency),
            points=Points(offer.points),
            starts_at=offer.starts_at,
            ends_at=offer.ends_at,
            quota=offer.quota,
            redeemed=offer.redeemed,
            per_member_limit=offer.per_member_limit,
            daily_limit=offer.daily_limit,
            weekly_limit=offer.weekly_limit,
            monthly_limit=offer.monthly_limit,
            required_tier_code=offer.required_tier_code,
            discount_share=offer_planner.shown_share(share),
            implied_value_of_100_points=money_of(implied, program.currency),
            warnings=[
                say(WARNINGS, warning.reason, locale, **dict(warning.facts))
                for warning in offer_planner.warnings(share, program.discount_share_guidance)
            ],
        )


@strawberry.type
class ProductEdge:
    cursor: str
    node: Product


@strawberry.type
class ProductConnection:
    edges: list[ProductEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class ExchangeOfferEdge:
    cursor: str
    node: ExchangeOffer


@strawberry.type
class ExchangeOfferConnection:
    edges: list[ExchangeOfferEdge]
    page_info: PageInfo
    total_count: int

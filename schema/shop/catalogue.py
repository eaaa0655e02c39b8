"""The catalogue's types. Every field is plain and filled in bulk: see `catalogue_reads`."""

from __future__ import annotations

from datetime import datetime

import strawberry

from checkout.tables import PriceClass
from kernel.money import Points
from media.recipes import Format
from schema.codes import bad_input
from schema.compiled import pure
from schema.connections import PageInfo, given
from schema.shop.program import Tier
from schema.shop.request import Info
from schema.types import Money, Node

MAX_WIDTH = 10_000


@strawberry.type
class Image:
    key: strawberry.Private[str]
    alt: str
    width: int
    height: int
    placeholder: str | None = strawberry.field(description="A tiny placeholder to draw while the image loads.")

    @strawberry.field(
        description="Absolute. Width is in CSS pixels; the server answers with the nearest rendition that is not "
        "smaller. WebP, unless another format is asked for."
    )
    @pure
    def url(self, info: Info, width: int | None = strawberry.UNSET, format: Format | None = strawberry.UNSET) -> str:
        width = given(width)
        if width is not None and not 1 <= width <= MAX_WIDTH:
            raise bad_input(f"width is between 1 and {MAX_WIDTH}.")
        return info.context.picture_url(self.key, self.width, width, given(format))


@strawberry.type
class Category(Node):
    slug: str
    name: str
    parent: Category | None
    children: list[Category]


@strawberry.type(description="What variants differ by, such as a size.")
class ProductOption:
    name: str
    values: list[str]


@strawberry.type(description="What else there is to say, such as what it is made of.")
class ProductAttribute:
    name: str
    value: str


@strawberry.type
class Product(Node):
    slug: str
    name: str
    description: str
    image: Image | None
    images: list[Image]
    category: Category | None
    third_party: bool = strawberry.field(description="Sold for another merchant: earns points by its own rate (R3).")
    variants: list[Variant]
    required_tier: Tier | None = strawberry.field(
        description="The lowest tier that may buy it; null where everybody may."
    )
    options: list[ProductOption]
    attributes: list[ProductAttribute]


@strawberry.type
class Variant(Node):
    sku: str
    name: str
    product: Product
    regular_price: Money = strawberry.field(description="The price outside any sale.")
    price: Money = strawberry.field(description="What the viewer pays for one, in cash, now.")
    price_class: PriceClass
    in_stock: bool
    exchange_offers: list[ExchangeOffer]
    option_values: list[str] = strawberry.field(description="Its choices, in the order of the product's options.")


@strawberry.type
class ExchangeOffer(Node):
    variant: Variant
    cash: Money = strawberry.field(description="Cash part, for one.")
    points: Points = strawberry.field(description="Points part, for one.")
    starts_at: datetime | None
    ends_at: datetime | None
    remaining: int | None = strawberry.field(description="How many are left in the offer; null where it has no quota.")
    per_member_limit: int | None
    daily_limit: int | None = strawberry.field(
        description="For one member, here and below in a calendar day, week and month."
    )
    weekly_limit: int | None
    monthly_limit: int | None
    required_tier: Tier | None
    saving: Money = strawberry.field(description="How much cheaper in cash than the regular price.")


@strawberry.type
class ProductEdge:
    cursor: str
    node: Product


@strawberry.type
class CategoryCount:
    category: Category
    count: int


@strawberry.type
class ProductConnection:
    edges: list[ProductEdge]
    page_info: PageInfo
    total_count: int
    category_counts: list[CategoryCount] = strawberry.field(
        default_factory=list,
        description="How many products of the whole list each category has, with those below it. Counted only when it "
        "is asked for.",
    )


@strawberry.type
class ExchangeOfferEdge:
    cursor: str
    node: ExchangeOffer


@strawberry.type
class ExchangeOfferConnection:
    edges: list[ExchangeOfferEdge]
    page_info: PageInfo
    total_count: int

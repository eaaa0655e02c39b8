"""The types of orders, their payment and their returns. Every field is plain: see `order_reads`."""

from __future__ import annotations

from datetime import datetime

import strawberry

from checkout.tables import OrderStatus, PaymentMethod, PaymentStatus, PriceClass, ReturnKind, ReturnStatus
from kernel.money import Points
from schema.connections import PageInfo
from schema.errors import UserError
from schema.shop.belongings import Address
from schema.shop.catalogue import Image
from schema.shop.program import Tier
from schema.shop.quotes import PriceStep, Totals
from schema.types import Money, Node


@strawberry.type
class Shipment:
    shipped_at: datetime
    carrier: str | None
    tracking_number: str | None


@strawberry.type
class OrderLine(Node):
    sku: str
    product_name: str
    variant_name: str
    image: Image | None
    price_class: PriceClass
    quantity: int
    returned_quantity: int
    unit_regular_price: Money
    unit_cash: Money
    unit_points: Points
    total_cash: Money
    total_points: Points
    points_to_earn: Points
    explanation: list[PriceStep]


@strawberry.type
class Payment(Node):
    method: PaymentMethod
    status: PaymentStatus
    amount: Money
    refunded: Money
    client_secret: str | None = strawberry.field(
        description="For the Stripe SDK on the device; null for the other methods."
    )


@strawberry.type
class ReturnOutcome:
    full: bool = strawberry.field(description="Everything in the order in one go.")
    refund: Money = strawberry.field(description="Back to the card or in cash.")
    gift_card_refund: Money = strawberry.field(description="Back to gift cards.")
    points_returned: Points = strawberry.field(description="Redeemed points given back.")
    pending_points_reversed: Points = strawberry.field(description="Points this order will no longer earn.")
    available_points_reversed: Points = strawberry.field(description="Points taken from the available balance.")
    withheld: Money = strawberry.field(
        description="Held back from the refund for earned points that are no longer there (R8)."
    )
    expires_at_after: datetime | None = strawberry.field(description="The account's expiry afterwards (R7).")


@strawberry.type
class ReturnLine:
    order_line: OrderLine
    quantity: int


@strawberry.type
class Return(Node):
    number: str
    kind: ReturnKind
    status: ReturnStatus
    order: Order
    lines: list[ReturnLine]
    reason: str
    rejection_reason: str | None
    requested_at: datetime
    completed_at: datetime | None
    outcome: ReturnOutcome | None = strawberry.field(description="Null until the goods have been received.")


@strawberry.type
class Order(Node):
    number: str
    status: OrderStatus
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    settles_at: datetime | None = strawberry.field(description="When points and spend count (R4).")
    returnable_until: datetime | None = strawberry.field(
        description="Until just before this instant the member may ask for a return; null before shipping."
    )
    shipment: Shipment | None
    pay_before: datetime | None = strawberry.field(
        description="Cancelled by itself at this instant, if it is not paid."
    )
    tier: Tier
    lines: list[OrderLine]
    totals: Totals
    points_to_earn: Points = strawberry.field(description="Of what is kept: goes down with returns.")
    payment: Payment | None
    returns: list[Return]
    address: Address | None


@strawberry.type
class OrderEdge:
    cursor: str
    node: Order


@strawberry.type
class OrderConnection:
    edges: list[OrderEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class ReturnPreviewPayload:
    preview: ReturnOutcome | None = None
    errors: list[UserError]

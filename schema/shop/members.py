"""The types of a member: profile, tier, points, cart. Filled by `member_reads`.

Lists with pages are read when they are asked for, each with its own arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import strawberry

from checkout.tables import OrderStatus
from kernel.money import Points
from members.tables import EntryKind, Gender
from schema.connections import PageArguments, PageInfo, given
from schema.selection import Selection, selection_of
from schema.shop.belongings import Address, GiftCard
from schema.shop.catalogue import ExchangeOffer, Image, Variant
from schema.shop.orders import Order, OrderConnection
from schema.shop.program import Tier
from schema.shop.quotes import QuotePayload
from schema.shop.request import Info, View
from schema.types import Money, Node


@strawberry.type
class TierProgress:
    review_at: datetime | None = strawberry.field(
        description="The first instant at which the tier is reviewed; null for a tier without end."
    )
    qualifying_spend: Money = strawberry.field(description="Settled spend that counts in the current window (R10).")
    pending_spend: Money = strawberry.field(description="Paid or shipped, not settled yet.")
    to_keep: Money | None = strawberry.field(
        description="Still to be settled before reviewAt to keep the tier; null where nothing is needed."
    )
    next_tier: Tier | None
    to_upgrade: Money | None = strawberry.field(description="Still to be settled to reach nextTier; null at the top.")


@strawberry.type(description="One change of the available balance. Entries are never changed or removed.")
class PointsEntry(Node):
    kind: EntryKind
    points: Points = strawberry.field(description="Positive adds to the available balance, negative takes from it.")
    balance_after: Points
    occurred_at: datetime
    expires_at_after: datetime | None = strawberry.field(description="The account's expiry after this entry.")
    order: Order | None
    description: str = strawberry.field(description="For people, in the viewer's language.")


@strawberry.type
class PointsEntryEdge:
    cursor: str
    node: PointsEntry


@strawberry.type
class PointsEntryConnection:
    edges: list[PointsEntryEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class PointsAccount:
    read_entries: strawberry.Private[Callable[[View, PageArguments, Selection], PointsEntryConnection]]
    available: Points = strawberry.field(description="May be spent now.")
    pending: Points = strawberry.field(description="Earned by paid orders that have not settled yet.")
    held: Points = strawberry.field(description="Reserved by orders that are not paid yet.")
    expires_at: datetime | None = strawberry.field(
        description="The first instant at which what is available is gone (with lots: the first of it); null where "
        "nothing can expire. It may have passed while expiryWaitsForOrders."
    )
    expiry_waits_for_orders: bool = strawberry.field(
        description="A purchase in time holds the expiry back until it settles (R5)."
    )
    value: Money = strawberry.field(description="What the available points are worth.")

    @strawberry.field
    async def entries(
        self,
        info: Info,
        first: int | None = strawberry.UNSET,
        after: str | None = strawberry.UNSET,
        last: int | None = strawberry.UNSET,
        before: str | None = strawberry.UNSET,
    ) -> PointsEntryConnection:
        page, wanted = (first, after, last, before), selection_of(info)
        return await info.context.view(lambda view: self.read_entries(view, page, wanted))


@strawberry.type
class CartLine:
    id: strawberry.ID
    variant: Variant
    exchange_offer: ExchangeOffer | None
    quantity: int


@strawberry.type
class Cart:
    lines: list[CartLine]
    quote: QuotePayload = strawberry.field(
        description="The cart priced now, with all that would stop it from being ordered."
    )


@strawberry.type
class Member(Node):
    read_orders: strawberry.Private[Callable[[View, PageArguments, OrderStatus | None, Selection], OrderConnection]]
    number: str
    phone: str | None
    nickname: str
    avatar: Image | None
    gender: Gender
    birthday: date | None
    region: str | None
    occupation: str | None
    joined_at: datetime
    tier: Tier
    tier_progress: TierProgress
    points: PointsAccount
    cart: Cart
    addresses: list[Address]
    gift_cards: list[GiftCard]

    @strawberry.field
    async def orders(
        self,
        info: Info,
        first: int | None = strawberry.UNSET,
        after: str | None = strawberry.UNSET,
        last: int | None = strawberry.UNSET,
        before: str | None = strawberry.UNSET,
        status: OrderStatus | None = strawberry.UNSET,
    ) -> OrderConnection:
        page, wanted, only = (first, after, last, before), selection_of(info), given(status)
        return await info.context.view(lambda view: self.read_orders(view, page, only, wanted))

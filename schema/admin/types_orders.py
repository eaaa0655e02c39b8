"""Members, their orders, the returns of these: three types that lead to one another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import strawberry
from strawberry import UNSET

from checkout.queries import OrderRecord, ReturnRecord, order_count, order_page
from checkout.returns.preview_return import preview_open_return
from checkout.tables import OrderStatus, ReturnKind, ReturnStatus
from kernel.money import Points
from kernel.paging import Window
from members.ledger.queries import entry_count, entry_page
from members.phones import masked
from members.profile import MemberRecord
from schema.admin.context import Info
from schema.admin.lists import BY_PLACED_AT, BY_SEQ, counted
from schema.admin.types_order_parts import Address, OrderLine, Payment, Shipment
from schema.admin.types_points import PointsEntry, PointsEntryConnection, PointsEntryEdge, TierPeriod
from schema.admin.types_refunds import Refund
from schema.admin.types_return_parts import ReturnLine, ReturnOutcome
from schema.connections import PageInfo, connect, window_of
from schema.context import Reading
from schema.types import Money, Node, money_of


@strawberry.type
class Member(Node):
    number: str
    phone: str | None
    nickname: str
    joined_at: datetime
    left_at: datetime | None = strawberry.field(
        default=None, description="The member left then: who it was has been erased, orders and ledger stay."
    )
    on_an_order: strawberry.Private[bool] = False
    listed: strawberry.Private[bool] = False
    merged_into_id: strawberry.Private[str | None] = None

    @strawberry.field(
        description="The member whom this one has been joined to, when a phone was bound that somebody had already: "
        "orders, points and all else went there, and this is a closed record."
    )
    async def merged_into(self, info: Info) -> Member | None:
        if self.merged_into_id is None:
            return None
        member = await info.context.loaders.members.load(self.merged_into_id)
        return Member.of(member, listed=self.listed, on_an_order=self.on_an_order)

    @strawberry.field
    async def tier_code(self, info: Info) -> str:
        return (await info.context.loaders.accounts.load(self.id)).tier_code

    @strawberry.field
    async def tier_review_at(self, info: Info) -> datetime | None:
        return (await info.context.loaders.accounts.load(self.id)).tier_review_at

    @strawberry.field
    async def qualifying_spend(self, info: Info) -> Money:
        account = await info.context.loaders.accounts.load(self.id)
        return money_of(account.qualifying_spend, (await info.context.loaders.today()).program.currency)

    @strawberry.field
    async def points_available(self, info: Info) -> Points:
        return Points((await info.context.loaders.accounts.load(self.id)).balance)

    @strawberry.field
    async def points_pending(self, info: Info) -> Points:
        return Points((await info.context.loaders.pending.load(self.id)).pending_points)

    @strawberry.field
    async def points_held(self, info: Info) -> Points:
        return Points((await info.context.loaders.pending.load(self.id)).held_points)

    @strawberry.field
    async def points_expires_at(self, info: Info) -> datetime | None:
        return (await info.context.loaders.accounts.load(self.id)).expires_at

    @strawberry.field
    async def expiry_waits_for_orders(self, info: Info) -> bool:
        return (await info.context.loaders.pending.load(self.id)).waits

    @strawberry.field
    async def points_entries(
        self,
        info: Info,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> PointsEntryConnection:
        wanted = window_of(first, after, last, before, BY_SEQ)
        count = counted(info, entry_count)
        page, total = await info.context.read(
            lambda reading: (entry_page(reading.conn, wanted, self.id), count(reading.conn, self.id))
        )
        nodes = [PointsEntry.of(entry, info.context.locale) for entry in page.items]
        return connect(PointsEntryConnection, PointsEntryEdge, page, nodes, BY_SEQ, total)

    @strawberry.field
    async def tier_history(self, info: Info) -> list[TierPeriod]:
        return TierPeriod.history(await info.context.loaders.tier_periods.load(self.id), info.context.locale)

    @strawberry.field
    async def orders(
        self,
        info: Info,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> OrderConnection:
        wanted = window_of(first, after, last, before, BY_PLACED_AT)
        return await info.context.read(OrderConnection.reader(info, wanted, member_id=self.id))

    @classmethod
    def of(cls, member: MemberRecord, *, listed: bool = False, on_an_order: bool = False) -> Member:
        """`listed`: one of a list, where phones are masked."""
        phone = masked(member.phone) if member.phone and listed else member.phone
        return cls(
            id=strawberry.ID(member.id),
            number=member.number,
            phone=phone,
            nickname=member.nickname,
            joined_at=member.joined_at,
            left_at=member.left_at,
            on_an_order=on_an_order,
            listed=listed,
            merged_into_id=member.merged_into,
        )


@strawberry.type
class MemberEdge:
    cursor: str
    node: Member


@strawberry.type
class MemberConnection:
    edges: list[MemberEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class Order(Node):
    number: str
    status: OrderStatus
    tier_code: str
    program_version: int
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    settles_at: datetime | None
    settled_at: datetime | None
    pay_before: datetime | None
    returnable_until: datetime | None
    address: Address | None
    shipment: Shipment | None
    goods: Money
    shipping: Money
    gift_card: Money
    due: Money
    points: Points
    points_to_earn: Points
    record: strawberry.Private[OrderRecord]
    listed: strawberry.Private[bool]

    @strawberry.field
    async def member(self, info: Info) -> Member:
        member = await info.context.loaders.members.load(self.record.member_id)
        return Member.of(member, listed=self.listed, on_an_order=True)

    @strawberry.field
    async def lines(self, info: Info) -> list[OrderLine]:
        lines = await info.context.loaders.lines_of_orders.load(self.id)
        return [OrderLine.of(line, self.record, info.context.locale) for line in lines or ()]

    @strawberry.field
    async def payment(self, info: Info) -> Payment | None:
        payment = await info.context.loaders.payments.load(self.id)
        return Payment.of(payment) if payment else None

    @strawberry.field(description="What was sent back through the payment provider, newest first.")
    async def refunds(self, info: Info) -> list[Refund]:
        return [Refund.of(refund) for refund in await info.context.loaders.refunds_of_orders.load(self.id)]

    @strawberry.field
    async def returns(self, info: Info) -> list[Return]:
        returns = await info.context.loaders.returns_of_orders.load(self.id)
        return [Return.of(each, self.record, listed=self.listed) for each in returns or ()]

    @classmethod
    def of(cls, order: OrderRecord, *, listed: bool = False) -> Order:
        """`listed`: one of a list, where phones are masked."""
        currency = order.currency
        shipment = None
        if order.shipped_at is not None:
            shipment = Shipment(
                shipped_at=order.shipped_at, carrier=order.carrier, tracking_number=order.tracking_number
            )
        return cls(
            id=strawberry.ID(order.id),
            number=order.number,
            status=OrderStatus(order.status),
            tier_code=order.tier_code,
            program_version=order.program_version,
            placed_at=order.placed_at,
            paid_at=order.paid_at,
            shipped_at=order.shipped_at,
            settles_at=order.settles_at,
            settled_at=order.settled_at,
            pay_before=order.pay_before,
            returnable_until=order.returnable_until,
            address=Address.of(order.address, listed=listed) if order.address else None,
            shipment=shipment,
            goods=money_of(order.goods, currency),
            shipping=money_of(order.shipping, currency),
            gift_card=money_of(order.gift_card, currency),
            due=money_of(order.goods + order.shipping - order.gift_card, currency),
            points=Points(order.points),
            points_to_earn=Points(order.points_to_earn),
            record=order,
            listed=listed,
        )


@strawberry.type
class OrderEdge:
    cursor: str
    node: Order


@strawberry.type
class OrderConnection:
    edges: list[OrderEdge]
    page_info: PageInfo
    total_count: int

    @classmethod
    def reader(
        cls, info: Info, wanted: Window, *, member_id: str | None = None, status: OrderStatus | None = None
    ) -> Callable[[Reading], OrderConnection]:
        """Reads a page of orders, newest first: a member's, or everybody's."""
        count = counted(info, order_count)

        def read(reading: Reading) -> OrderConnection:
            page = order_page(reading.conn, wanted, member_id=member_id, status=status)
            nodes = [Order.of(order, listed=True) for order in page.items]
            total = count(reading.conn, member_id=member_id, status=status)
            return connect(cls, OrderEdge, page, nodes, BY_PLACED_AT, total)

        return read


@strawberry.type
class Return(Node):
    number: str
    kind: ReturnKind
    status: ReturnStatus
    reason: str
    rejection_reason: str | None
    requested_at: datetime
    completed_at: datetime | None
    outcome: ReturnOutcome | None = strawberry.field(description="Null until the goods have been received.")
    record: strawberry.Private[OrderRecord]
    listed: strawberry.Private[bool]

    @strawberry.field
    def order(self) -> Order:
        return Order.of(self.record, listed=self.listed)

    @strawberry.field
    async def lines(self, info: Info) -> list[ReturnLine]:
        lines = await info.context.loaders.lines_of_returns.load(self.id)
        order_lines = await info.context.loaders.order_lines.load_many([line.order_line_id for line in lines or ()])
        return [
            ReturnLine(order_line=OrderLine.of(taken, self.record, info.context.locale), quantity=line.quantity)
            for line, taken in zip(lines or (), order_lines, strict=True)
        ]

    @strawberry.field(description="The latest, where money goes back through the payment provider.")
    async def refund(self, info: Info) -> Refund | None:
        refund = await info.context.loaders.refunds_of_returns.load(self.id)
        return Refund.of(refund) if refund else None

    @strawberry.field(description="What receiving the goods now would do.")
    async def preview(self, info: Info) -> ReturnOutcome | None:
        if self.status is not ReturnStatus.REQUESTED:
            return None
        shop = info.context.services.shop
        outcome = await info.context.run(lambda: preview_open_return(shop, self.id))
        return ReturnOutcome.of(outcome) if outcome else None

    @classmethod
    def of(cls, record: ReturnRecord, order: OrderRecord, *, listed: bool = False) -> Return:
        """`listed`: one of a list, where phones are masked."""
        return cls(
            id=strawberry.ID(record.id),
            number=record.number,
            kind=ReturnKind(record.kind),
            status=ReturnStatus(record.status),
            reason=record.reason,
            rejection_reason=record.rejection_reason,
            requested_at=record.requested_at,
            completed_at=record.completed_at,
            outcome=ReturnOutcome.recorded(record, order.currency),
            record=order,
            listed=listed,
        )


@strawberry.type
class ReturnEdge:
    cursor: str
    node: Return


@strawberry.type
class ReturnConnection:
    edges: list[ReturnEdge]
    page_info: PageInfo
    total_count: int

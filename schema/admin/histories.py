"""What has become of stock and prices, and what runs out."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry import UNSET

from catalog.checks import MAX_UNITS
from catalog.low_stock import DEFAULT_THRESHOLD, low_stock_count, low_stock_page
from catalog.movements import MovementRecord, movement_count, movement_page
from catalog.prices import PriceChangeRecord, price_change_count, price_change_page
from catalog.records import VariantRecord
from catalog.tables import PriceEvent, StockKind
from checkout.tables import PriceClass
from kernel.paging import Key
from schema.admin.context import Info
from schema.admin.lists import INSTANT, counted
from schema.admin.types_catalogue import Variant
from schema.codes import bad_input
from schema.connections import Ordering, PageInfo, connect, given, window_of
from schema.context import Reading
from schema.texts import sought
from schema.types import Money, money_of

MOVEMENTS: Ordering[MovementRecord] = Ordering("movements", INSTANT, lambda each: (each.at, each.id))
PRICES: Ordering[PriceChangeRecord] = Ordering("prices", INSTANT, lambda each: (each.at, each.id))
LOWEST: Ordering[tuple[VariantRecord, Key]] = Ordering("low-stock", (int, str), lambda each: each[1])


@strawberry.type(description="A change of stock. Rows are added, never changed: their sums are what there is.")
class StockMovement:
    id: strawberry.ID
    at: datetime
    kind: StockKind
    on_hand: int = strawberry.field(description="By how much it changed, here and in reserved.")
    reserved: int
    on_hand_after: int
    reserved_after: int
    order_id: strawberry.ID | None
    return_id: strawberry.ID | None
    actor: str | None = strawberry.field(description="Who did it, where it was not the order or return alone.")
    reason: str | None

    @classmethod
    def of(cls, record: MovementRecord) -> StockMovement:
        return cls(
            id=strawberry.ID(record.id),
            at=record.at,
            kind=StockKind(record.kind),
            on_hand=record.on_hand,
            reserved=record.reserved,
            on_hand_after=record.on_hand_after,
            reserved_after=record.reserved_after,
            order_id=strawberry.ID(record.order_id) if record.order_id else None,
            return_id=strawberry.ID(record.return_id) if record.return_id else None,
            actor=record.actor,
            reason=record.reason,
        )


@strawberry.type
class StockMovementEdge:
    cursor: str
    node: StockMovement


@strawberry.type
class StockMovementConnection:
    edges: list[StockMovementEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(description="A change of a regular price, or of a special price's window.")
class PriceChange:
    id: strawberry.ID
    at: datetime
    actor: str | None
    event: PriceEvent
    price_class: PriceClass
    price: Money
    price_before: Money | None = strawberry.field(description="Of a regular price; null for a new variant.")
    starts_at: datetime | None
    ends_at: datetime | None

    @classmethod
    def of(cls, record: PriceChangeRecord, currency: str) -> PriceChange:
        return cls(
            id=strawberry.ID(record.id),
            at=record.at,
            actor=record.actor,
            event=PriceEvent(record.event),
            price_class=PriceClass(record.price_class),
            price=money_of(record.price, currency),
            price_before=None if record.price_before is None else money_of(record.price_before, currency),
            starts_at=record.starts_at,
            ends_at=record.ends_at,
        )


@strawberry.type
class PriceChangeEdge:
    cursor: str
    node: PriceChange


@strawberry.type
class PriceChangeConnection:
    edges: list[PriceChangeEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class VariantEdge:
    cursor: str
    node: Variant


@strawberry.type
class VariantConnection:
    edges: list[VariantEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class HistoriesQuery:
    @strawberry.field(description="Of one SKU, latest first.")
    async def stock_movements(
        self,
        info: Info,
        sku: str,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> StockMovementConnection:
        wanted, sku = window_of(first, after, last, before, MOVEMENTS), sought(sku) or ""
        count = counted(info, movement_count)

        def read(reading: Reading) -> StockMovementConnection:
            page = movement_page(reading.conn, wanted, sku)
            nodes = [StockMovement.of(record) for record in page.items]
            total = count(reading.conn, sku)
            return connect(StockMovementConnection, StockMovementEdge, page, nodes, MOVEMENTS, total)

        return await info.context.read(read)

    @strawberry.field(description="Of one SKU, latest first.")
    async def price_history(
        self,
        info: Info,
        sku: str,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> PriceChangeConnection:
        wanted, sku = window_of(first, after, last, before, PRICES), sought(sku) or ""
        count = counted(info, price_change_count)

        def read(reading: Reading) -> PriceChangeConnection:
            page = price_change_page(reading.conn, wanted, sku)
            nodes = [PriceChange.of(record, reading.program.currency) for record in page.items]
            total = count(reading.conn, sku)
            return connect(PriceChangeConnection, PriceChangeEdge, page, nodes, PRICES, total)

        return await info.context.read(read)

    @strawberry.field(
        description="Variants that are sold, with as many units available as their lowStockAt, or fewer; least first. "
        f"threshold is for those without one of their own: {DEFAULT_THRESHOLD} unless told."
    )
    async def low_stock(
        self,
        info: Info,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
        threshold: int | None = UNSET,
    ) -> VariantConnection:
        wanted, least = window_of(first, after, last, before, LOWEST), given(threshold)
        least = DEFAULT_THRESHOLD if least is None else least
        if not 0 <= least <= MAX_UNITS:
            raise bad_input(f"threshold is between 0 and {MAX_UNITS}.")
        count = counted(info, low_stock_count)

        def read(reading: Reading) -> VariantConnection:
            page = low_stock_page(reading.conn, wanted, at=reading.now, threshold=least)
            nodes = [Variant.of(variant, reading.program.currency) for variant, _ in page.items]
            total = count(reading.conn, at=reading.now, threshold=least)
            return connect(VariantConnection, VariantEdge, page, nodes, LOWEST, total)

        return await info.context.read(read)

"""Records of checkout: carts, orders with their lines and payment, returns."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from kernel import columns
from kernel.columns import Record


class PriceClass(StrEnum):
    REGULAR = "REGULAR"
    SALE = "SALE"
    GROUP_BUY = "GROUP_BUY"
    EXCHANGE = "EXCHANGE"


class OrderStatus(StrEnum):
    AWAITING_PAYMENT = "AWAITING_PAYMENT"
    PAID = "PAID"
    SHIPPED = "SHIPPED"
    SETTLED = "SETTLED"
    CANCELLED = "CANCELLED"
    RETURNED = "RETURNED"


class PaymentMethod(StrEnum):
    STRIPE = "STRIPE"
    CASH_ON_DELIVERY = "CASH_ON_DELIVERY"


class PaymentStatus(StrEnum):
    PENDING = "PENDING"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class IntentState(StrEnum):
    """How far the provider's asking for an unpaid order's money has come to its end.

    OPEN: it asks. CLOSING: the order's time is up, and whether money has arrived is being found out. None: it no
    longer asks, or never did.
    """

    OPEN = "OPEN"
    CLOSING = "CLOSING"


class ReturnKind(StrEnum):
    REFUND = "REFUND"
    SWAP = "SWAP"


class ReturnStatus(StrEnum):
    REQUESTED = "REQUESTED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"
    REFUNDING = "REFUNDING"
    REFUND_FAILED = "REFUND_FAILED"
    COMPLETED = "COMPLETED"


class CartLineRow(Record, table=True):
    """Exactly one of a variant and an exchange offer, each at most once in a cart."""

    __tablename__ = "cart_line"
    __table_args__ = (
        UniqueConstraint("member_id", "item_id"),
        Index("ix_cart_line_member_id_id", "member_id", "id"),
    )

    id: str = Field(primary_key=True)
    member_id: str = Field(foreign_key="member.id")
    item_id: str
    quantity: int


class OrderRow(Record, table=True):
    """An order, under the program version it was placed under (R15).

    Totals are those charged. `spend_kept` (goods' cash) and `points_to_earn` are those of what is kept.
    `member_seq` tells a member's orders apart that were placed at one instant. `points_expired_at` is the
    account's expiry when the points were taken (R7). `settled_window` is the tier window it settled in (R8).
    `intent` is an `IntentState`: what the payment provider still asks for this order.
    """

    __tablename__ = "orders"
    __table_args__ = (
        columns.one_of("status", OrderStatus),
        UniqueConstraint("member_id", "member_seq"),
        Index("ix_orders_placed_at_id", "placed_at", "id"),
        Index("ix_orders_status_placed_at_id", "status", "placed_at", "id"),
        Index("ix_orders_member_id_placed_at_id", "member_id", "placed_at", "id"),
        # What is still to settle, for pending points and due settlements.
        Index(
            "ix_orders_open_member_id",
            "member_id",
            postgresql_where=text("status IN ('AWAITING_PAYMENT', 'PAID', 'SHIPPED')"),
            sqlite_where=text("status IN ('AWAITING_PAYMENT', 'PAID', 'SHIPPED')"),
        ),
    )

    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    member_id: str = Field(foreign_key="member.id")
    member_seq: int
    status: str
    program_version: int
    tier_code: str
    currency: str
    imported: bool = False
    placed_at: datetime
    pay_before: datetime | None = None
    intent: str | None = None
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    settles_at: datetime | None = None
    settled_at: datetime | None = None
    settled_window: int | None = None
    returnable_until: datetime | None = None
    cancelled_at: datetime | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    address: dict[str, Any] | None = columns.json(default=None)
    regular: int = columns.minor()
    tier_discount: int = columns.minor()
    other_discount: int = columns.minor()
    goods: int = columns.minor()
    shipping: int = columns.minor()
    gift_card: int = columns.minor()
    points: int = columns.points()
    points_expired_at: datetime | None = None
    spend_kept: int = columns.minor()
    points_to_earn: int = columns.points()
    open_returns: int = 0


class OrderLineRow(Record, table=True):
    """A line as charged. `gift_card` is its share of the gift-card payment, `rate` and `gift_card_rate` points
    for a unit of currency, `multiplier` the tier's. `points_to_earn` is that of the units kept.
    """

    __tablename__ = "order_line"
    __table_args__ = (
        columns.one_of("price_class", PriceClass),
        CheckConstraint("returned_quantity BETWEEN 0 AND quantity", name="returned"),
        UniqueConstraint("order_id", "position"),
        Index("ix_order_line_exchange_offer_id", "exchange_offer_id"),
    )

    id: str = Field(primary_key=True)
    order_id: str = Field(foreign_key="orders.id")
    position: int
    variant_id: str | None = None
    exchange_offer_id: str | None = None
    sku: str
    product_id: str | None = None
    product_name: str
    product_names: dict[str, str] | None = columns.json(default=None)
    variant_name: str = ""
    price_class: str
    quantity: int
    returned_quantity: int = 0
    unit_regular: int = columns.minor()
    unit_cash: int = columns.minor()
    unit_points: int = columns.points()
    gift_card: int = columns.minor()
    rate: Decimal = columns.rate()
    gift_card_rate: Decimal = columns.rate()
    multiplier: Decimal = columns.rate()
    points_to_earn: int = columns.points()
    explanation: list[dict[str, Any]] = columns.json()


NAMED_BY_PROVIDER = text("provider_reference IS NOT NULL")


class PaymentRow(Record, table=True):
    """What is due in cash. Until it is recorded as paid, `amount` is what is still to be collected.

    `refunded` is what has gone back. `problem` is a word for what staff have to look at.
    """

    __tablename__ = "payment"
    __table_args__ = (
        columns.one_of("method", PaymentMethod),
        columns.one_of("status", PaymentStatus),
        Index(
            "ix_payment_provider_reference",
            "provider_reference",
            unique=True,
            postgresql_where=NAMED_BY_PROVIDER,
            sqlite_where=NAMED_BY_PROVIDER,
        ),
    )

    id: str = Field(primary_key=True)
    order_id: str = Field(foreign_key="orders.id", unique=True)
    method: str
    status: str
    currency: str
    amount: int = columns.minor()
    refunded: int = columns.minor(default=0)
    recorded_at: datetime | None = None
    provider_reference: str | None = None
    client_secret: str | None = None
    problem: str | None = None


class ReturnRow(Record, table=True):
    """A return or swap. The outcome's columns are null until the goods have been received. `closed_at` is when it was
    withdrawn or rejected instead; of returns withdrawn before that was noted, nobody knows.
    """

    __tablename__ = "returns"
    __table_args__ = (
        columns.one_of("kind", ReturnKind),
        columns.one_of("status", ReturnStatus),
        Index("ix_returns_requested_at_id", "requested_at", "id"),
        Index("ix_returns_status_requested_at_id", "status", "requested_at", "id"),
        Index("ix_returns_order_id_id", "order_id", "id"),
    )

    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    order_id: str = Field(foreign_key="orders.id")
    member_id: str = Field(foreign_key="member.id")
    kind: str
    status: str
    reason: str
    rejection_reason: str | None = None
    requested_at: datetime
    completed_at: datetime | None = None
    closed_at: datetime | None = None
    opened_by: str | None = None
    restock: bool | None = None
    note: str | None = None
    full: bool | None = None
    refund: int | None = columns.minor(default=None)
    gift_card_refund: int | None = columns.minor(default=None)
    points_returned: int | None = columns.points(default=None)
    pending_points_reversed: int | None = columns.points(default=None)
    available_points_reversed: int | None = columns.points(default=None)
    withheld: int | None = columns.minor(default=None)
    expires_at_after: datetime | None = None


class ReturnLineRow(Record, table=True):
    __tablename__ = "return_line"

    return_id: str = Field(primary_key=True, foreign_key="returns.id")
    position: int = Field(primary_key=True)
    order_line_id: str = Field(foreign_key="order_line.id", index=True)
    quantity: int

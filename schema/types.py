"""Types and enums that both APIs share, letter for letter."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from functools import lru_cache

import strawberry

from catalog.tables import PriceEvent, SpecialPriceClass, StockKind
from checkout.payments.tables import RefundStatus
from checkout.payments.troubles import TroubleKind
from checkout.pricing.steps import PriceRule
from checkout.tables import (
    OrderStatus,
    PaymentMethod,
    PaymentStatus,
    PriceClass,
    ReturnKind,
    ReturnStatus,
)
from kernel import money
from kernel.outbox import OutboxState
from media.recipes import Format
from members.tables import EntryKind, Gender, TierChangeReason
from staff.tables import Role

__all__ = ["Money", "Node", "amount_of", "money_of"]


def _enum(choices: type[Enum], name: str | None = None, description: str | None = None, **values: str) -> None:
    """Shows a domain's own words as a GraphQL enum, with descriptions."""
    strawberry.enum(choices, name=name, description=description)
    for value in choices.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values.get(value.name)


_enum(PriceClass)
_enum(
    StockKind,
    "StockMovementKind",
    "ORDERED and RELEASED move what is reserved, SHIPPED both, all others what is on hand.",
    OPENING="What there was when the history began.",
    SWAPPED="Sent again, for what a swap brings back (RETURNED).",
)
_enum(
    PriceEvent,
    description="What happened to a price.",
    REGULAR="The price outside any sale was set.",
    PLANNED="A window with a special price was added.",
    ENDED="A special price ended before its planned end.",
    WITHDRAWN="A special price was taken back before it began.",
)
_enum(SpecialPriceClass)
_enum(
    PriceRule,
    TIER_DISCOUNT="The tier's price; no step where its rate is 1.",
    TIER_DISCOUNT_EXCLUDED="The tier's discount is not given on this class; a step of zero, where the tier has one "
    "to give.",
)
_enum(Gender)
_enum(
    OrderStatus,
    SETTLED="Points and spend have counted (R4).",
    RETURNED="Every unit has been returned.",
)
_enum(
    PaymentMethod,
    STRIPE="Card, Alipay, WeChat Pay … through Stripe.",
    CASH_ON_DELIVERY="Paid to the courier; staff record it.",
)
_enum(PaymentStatus, REQUIRES_ACTION="The member has something to do, such as 3-D Secure.")
_enum(
    ReturnKind,
    REFUND="Goods back, money and points back.",
    SWAP="Goods back, the same goods sent again.",
)
_enum(
    ReturnStatus,
    REFUNDING="Points have been given back and reversed; the money is on its way.",
    REFUND_FAILED="The money was refused for good; staff see to it.",
)
_enum(
    RefundStatus,
    PENDING="On its way, or waiting to be sent.",
    FAILED="Refused for good; staff see to it.",
    PAID_OUT="Paid out by other means, and recorded.",
)
_enum(OutboxState, SET_ASIDE="Tried often enough: it waits for somebody to look.")
_enum(TroubleKind)
_enum(
    EntryKind,
    "PointsEntryKind",
    EARNED="Purchase points became available.",
    GRANTED="Points given outside purchases: check-in, birthday, activity.",
    HELD="Points reserved by an order that is not paid yet.",
    RELEASED="A reservation given back, because the order was not paid or was cancelled.",
    RETURNED="Redeemed points given back by a return.",
    REVERSED="Purchase points taken back by a return after they had become available.",
    ADJUSTED="By hand, by staff, with a reason.",
)
_enum(TierChangeReason, description="ACQUIRED: a higher tier was reached.")
_enum(
    Format,
    "ImageFormat",
    JPEG="For what reads nothing newer: PNG, where the picture is transparent.",
    AVIF="WebP, where the shop does not make it.",
)
_enum(Role, "StaffRole")


@strawberry.interface
class Node:
    id: strawberry.ID


@strawberry.type
class Money:
    amount: Decimal
    currency_code: str


@lru_cache(maxsize=8192)
def money_of(minor: int, currency: str) -> Money:
    """An amount in minor units, as both APIs show it. One object serves everybody: it is never changed."""
    return Money(amount=money.Money(minor, currency).amount, currency_code=currency)


def amount_of(amount: money.Money) -> Money:
    return money_of(amount.minor, amount.currency)

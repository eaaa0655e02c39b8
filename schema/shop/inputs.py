"""What the shop is told: inputs of queries and mutations, and the values that they become."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum

import strawberry

from checkout.basket import MAX_LINES, BasketLine
from checkout.returns.eligibility import ReturnLine
from checkout.tables import PaymentMethod, PriceClass, ReturnKind
from kernel.money import Points
from members.tables import Gender
from schema.connections import given
from schema.ids import checked_id, checked_optional_id

UNSET = strawberry.UNSET


@strawberry.enum(description="Prices sort by the lowest current price of a product's variants for the entry tier.")
class ProductSort(Enum):
    NEWEST = "NEWEST"
    NAME = "NAME"
    PRICE_ASC = "PRICE_ASC"
    PRICE_DESC = "PRICE_DESC"


@strawberry.enum
class ExchangeOfferSort(Enum):
    NEWEST = "NEWEST"
    POINTS_ASC = "POINTS_ASC"
    POINTS_DESC = "POINTS_DESC"


@strawberry.input
class ProductFilter:
    category_slug: str | None = UNSET
    search: str | None = strawberry.field(
        default=UNSET,
        description="Words of names, SKUs, categories, options and descriptions, in any language. What fits best comes "
        "first, unless a sort is given.",
    )
    price_class: PriceClass | None = UNSET
    in_stock: bool | None = UNSET
    min_price: Decimal | None = strawberry.field(
        default=UNSET, description="Here and in maxPrice: of a variant's current price, for the entry tier."
    )
    max_price: Decimal | None = UNSET


@strawberry.input
class ExchangeOfferFilter:
    category_slug: str | None = UNSET
    max_points: Points | None = UNSET
    redeemable: bool | None = strawberry.field(
        default=UNSET,
        description="Only what the viewer may redeem now: tier, limit, quota and balance. Signed out: none. "
        "Offers that have ended or not begun are never listed.",
    )


@strawberry.input
class BasketLineInput:
    variant_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Exactly one of variantId and exchangeOfferId."
    )
    exchange_offer_id: strawberry.ID | None = UNSET
    quantity: int


@strawberry.input
class QuoteInput:
    lines: list[BasketLineInput]
    gift_card_amount: Decimal | None = strawberry.field(
        default=UNSET, description="How much to pay from the member's gift cards (R3)."
    )


@strawberry.input
class ReturnLineInput:
    order_line_id: strawberry.ID
    quantity: int


@strawberry.input
class ReturnPreviewInput:
    order_id: strawberry.ID
    kind: ReturnKind = ReturnKind.REFUND
    lines: list[ReturnLineInput]


@strawberry.input
class RequestSignInCodeInput:
    phone: str


@strawberry.input
class SignInInput:
    phone: str
    code: str


@strawberry.input
class SignInWithWechatInput:
    code: str = strawberry.field(description="From wx.login.")
    phone_code: str | None = strawberry.field(default=UNSET, description="From the getPhoneNumber button.")


@strawberry.input(description="Either phone and code, or phoneCode.")
class BindPhoneInput:
    phone: str | None = UNSET
    code: str | None = strawberry.field(default=UNSET, description="From requestSignInCode.")
    phone_code: str | None = strawberry.field(default=UNSET, description="From the getPhoneNumber button.")


@strawberry.input
class RefreshSessionInput:
    refresh_token: str


@strawberry.input
class UpdateProfileInput:
    nickname: str | None = UNSET
    gender: Gender | None = UNSET
    birthday: date | None = UNSET
    region: str | None = UNSET
    occupation: str | None = UNSET


@strawberry.input
class SaveAddressInput:
    id: strawberry.ID | None = strawberry.field(default=UNSET, description="Absent: a new one.")
    recipient: str
    phone: str
    region: str
    line: str
    postal_code: str | None = UNSET
    is_default: bool = False


@strawberry.input
class RemoveAddressInput:
    id: strawberry.ID


@strawberry.input
class AddGiftCardInput:
    code: str


@strawberry.input
class PlaceOrderInput:
    idempotency_key: str = strawberry.field(description="Made by the client, once for each order it means to place.")
    lines: list[BasketLineInput] | None = strawberry.field(
        default=UNSET, description="Absent: the cart, which is then emptied."
    )
    address_id: strawberry.ID
    payment_method: PaymentMethod
    gift_card_amount: Decimal | None = UNSET
    expected_due: Decimal | None = strawberry.field(
        default=UNSET,
        description="What the member was shown. Where the order would cost something else, it is not placed.",
    )
    expected_points: Points | None = UNSET


@strawberry.input
class CancelOrderInput:
    order_id: strawberry.ID


@strawberry.input
class RequestReturnInput:
    idempotency_key: str
    order_id: strawberry.ID
    kind: ReturnKind = ReturnKind.REFUND
    lines: list[ReturnLineInput]
    reason: str


@strawberry.input
class CancelReturnInput:
    return_id: strawberry.ID


def basket_line(line: BasketLineInput) -> BasketLine:
    return BasketLine(
        checked_optional_id(given(line.variant_id)),
        checked_optional_id(given(line.exchange_offer_id)),
        line.quantity,
    )


def basket(lines: list[BasketLineInput]) -> tuple[BasketLine, ...]:
    """The lines of a basket. Of far too many only so many are looked at as it takes to refuse them."""
    return tuple(basket_line(line) for line in lines[: MAX_LINES + 1])


def return_lines(lines: list[ReturnLineInput]) -> tuple[ReturnLine, ...]:
    return tuple(ReturnLine(checked_id(line.order_line_id), line.quantity) for line in lines)

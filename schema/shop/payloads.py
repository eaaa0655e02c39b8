"""What mutations answer: what they did, or why not."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.errors import UserError
from schema.shop.belongings import Address, GiftCard
from schema.shop.members import Cart, Member
from schema.shop.orders import Order, Return


@strawberry.type
class RequestSignInCodePayload:
    sent: bool = False
    errors: list[UserError]


@strawberry.type
class Session:
    access_token: str = strawberry.field(description="Sent as Authorization: Bearer …")
    access_token_expires_at: datetime
    refresh_token: str = strawberry.field(description="Works once.")
    member: Member


@strawberry.type
class SessionPayload:
    session: Session | None = None
    errors: list[UserError]


@strawberry.type
class BindPhonePayload:
    member: Member | None = strawberry.field(
        default=None,
        description="Who the member is from now on: where somebody had the phone already, that member, with all that "
        "both had. The session goes on as it is.",
    )
    errors: list[UserError]


@strawberry.type
class SignOutPayload:
    errors: list[UserError]


@strawberry.type
class DeleteMyAccountPayload:
    left_at: datetime | None = strawberry.field(default=None, description="The account is gone, and all its sessions.")
    errors: list[UserError] = strawberry.field(
        description="Each open order and return, by an OrderStateError or ReturnStateError whose path holds its id."
    )


@strawberry.type
class UpdateProfilePayload:
    member: Member | None = None
    errors: list[UserError]


@strawberry.type
class SaveAddressPayload:
    address: Address | None = None
    errors: list[UserError]


@strawberry.type
class RemoveAddressPayload:
    errors: list[UserError]


@strawberry.type
class AddGiftCardPayload:
    gift_card: GiftCard | None = None
    errors: list[UserError]


@strawberry.type
class CartPayload:
    cart: Cart | None = None
    errors: list[UserError]


@strawberry.type
class PlaceOrderPayload:
    order: Order | None = None
    errors: list[UserError]


@strawberry.type
class CancelOrderPayload:
    order: Order | None = None
    errors: list[UserError]


@strawberry.type
class RequestReturnPayload:
    return_: Return | None = strawberry.field(default=None, name="return")
    errors: list[UserError]


@strawberry.type
class CancelReturnPayload:
    return_: Return | None = strawberry.field(default=None, name="return")
    errors: list[UserError]

"""What members keep with the shop: addresses and gift cards."""

from __future__ import annotations

import strawberry

from members.addresses import AddressRecord
from members.gift_cards import GiftCardRecord
from schema.types import Money, Node, amount_of


@strawberry.type
class Address(Node):
    recipient: str
    phone: str
    region: str
    line: str
    postal_code: str | None
    is_default: bool


@strawberry.type
class GiftCard(Node):
    masked_code: str = strawberry.field(description="Only the last four characters are shown.")
    balance: Money


def address_type(record: AddressRecord) -> Address:
    return Address(
        id=strawberry.ID(record.id),
        recipient=record.recipient,
        phone=record.phone,
        region=record.region,
        line=record.line,
        postal_code=record.postal_code,
        is_default=record.is_default,
    )


def gift_card_type(record: GiftCardRecord) -> GiftCard:
    return GiftCard(
        id=strawberry.ID(record.id),
        masked_code=f"••••{record.last_four}",
        balance=amount_of(record.balance),
    )

"""The shop's schema."""

from __future__ import annotations

from functools import cache

import strawberry

from schema.build import CodedSchema, build_schema
from schema.errors import (
    IdempotencyConflictError,
    InsufficientPointsError,
    InsufficientStockError,
    InvalidInputError,
    NotFoundError,
    OrderStateError,
    PaymentProviderError,
    ReturnStateError,
    UnavailableError,
)
from schema.shop.errors import (
    InsufficientGiftCardError,
    LimitExceededError,
    OfferUnavailableError,
    QuoteChangedError,
    ReturnWindowClosedError,
    SignInCodeError,
    TierRequiredError,
)
from schema.shop.mutations_account import AccountMutations
from schema.shop.mutations_orders import OrderMutations
from schema.shop.mutations_pictures import PictureMutations
from schema.shop.mutations_wechat import WechatMutations
from schema.shop.query import Query

ERRORS = (
    InvalidInputError,
    NotFoundError,
    SignInCodeError,
    InsufficientPointsError,
    InsufficientStockError,
    OfferUnavailableError,
    LimitExceededError,
    TierRequiredError,
    InsufficientGiftCardError,
    QuoteChangedError,
    IdempotencyConflictError,
    OrderStateError,
    ReturnStateError,
    ReturnWindowClosedError,
    PaymentProviderError,
    UnavailableError,
)


@strawberry.type
class Mutation(AccountMutations, WechatMutations, PictureMutations, OrderMutations):
    pass


@cache
def build(*, introspection: bool = True) -> CodedSchema:
    """The schema of the shop API."""
    return build_schema(Query, Mutation, ERRORS, introspection=introspection)


def printed() -> str:
    """The schema as text, with nothing set up."""
    return build().as_str()

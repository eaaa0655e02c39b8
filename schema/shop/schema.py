"""The shop's schema, and its door."""

from __future__ import annotations

import strawberry
from starlette.requests import HTTPConnection

from schema.build import CodedSchema, build_schema
from schema.context import Services
from schema.door import Door, base_url_of, bearer_of
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
from schema.locale import choose_locale
from schema.shop.errors import (
    Asking,
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
class Mutation(AccountMutations, OrderMutations):
    pass


def shop_schema(*, introspection: bool = True) -> CodedSchema:
    """The schema of the shop API."""
    return build_schema(Query, Mutation, ERRORS, introspection=introspection)


def printed() -> str:
    """The schema as text, with nothing set up."""
    return shop_schema().as_str()


def shop_door(services: Services) -> Door:
    """The shop API as an ASGI application."""

    def new_context(request: HTTPConnection) -> Asking:
        return Asking(
            services,
            locale=choose_locale(request.headers.get("accept-language")),
            base_url=base_url_of(request),
            token=bearer_of(request),
        )

    schema = shop_schema(introspection=not services.production)
    return Door(schema, new_context, ide=not services.production)

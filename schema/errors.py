"""Refusals as data: each becomes one of the contract's UserError types, in the viewer's words.

The types here are shared by both APIs; those of one API alone are told by its own tellers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import strawberry

from checkout.refusals import (
    InsufficientPoints,
    InsufficientStock,
    OrderStateRefused,
    PaymentProviderRefused,
    ReturnStateRefused,
)
from kernel.money import Points
from kernel.refusals import IdempotencyConflict, InvalidInput, NotFound, Refusal, Unavailable
from schema.messages import REASONS, REFUSALS, say, thing

# From there, where the enums get their GraphQL form: a type that uses one first would make another.
from schema.types import OrderStatus, ReturnStatus

if TYPE_CHECKING:
    from schema.context import Context


@strawberry.interface(
    description="What a person can do something about. Anything else (not signed in, not allowed, malformed, "
    "over a limit) is a GraphQL error with extensions.code."
)
class UserError:
    message: str = strawberry.field(description="For people, in the viewer's language.")
    path: list[str] = strawberry.field(description='Where in the input: for example ["lines", "0", "quantity"].')


@strawberry.type
class InvalidInputError(UserError):
    pass


@strawberry.type
class NotFoundError(UserError):
    pass


@strawberry.type
class InsufficientPointsError(UserError):
    required: Points
    available: Points


@strawberry.type
class InsufficientStockError(UserError):
    sku: str
    available: int


@strawberry.type
class IdempotencyConflictError(UserError):
    pass


@strawberry.type
class OrderStateError(UserError):
    status: OrderStatus


@strawberry.type
class ReturnStateError(UserError):
    status: ReturnStatus


@strawberry.type
class PaymentProviderError(UserError):
    retryable: bool


@strawberry.type(description="Not set up in this shop, for example Stripe or WeChat.")
class UnavailableError(UserError):
    pass


Teller = Callable[[Any, "Context"], UserError]
"""Makes a UserError of one kind of refusal."""

Tellers = Mapping[type[Refusal], Teller]


def tell(refusals: Sequence[Refusal], context: Context, tellers: Tellers) -> list[UserError]:
    """What stood in the way. A refusal that an API has no type for is a bug and raises KeyError."""
    return [tellers[type(refusal)](refusal, context) for refusal in refusals]


def _invalid_input(refusal: InvalidInput, context: Context) -> UserError:
    message = say(REASONS, refusal.reason, context.locale, **dict(refusal.facts))
    return InvalidInputError(message=message, path=list(refusal.path))


def _not_found(refusal: NotFound, context: Context) -> UserError:
    message = say(REFUSALS, "not_found", context.locale, what=thing(refusal.what, context.locale))
    return NotFoundError(message=message, path=list(refusal.path))


def _unavailable(refusal: Unavailable, context: Context) -> UserError:
    message = say(REFUSALS, "unavailable", context.locale, what=thing(refusal.what, context.locale))
    return UnavailableError(message=message, path=list(refusal.path))


def _idempotency_conflict(refusal: IdempotencyConflict, context: Context) -> UserError:
    message = say(REFUSALS, "idempotency_conflict", context.locale)
    return IdempotencyConflictError(message=message, path=list(refusal.path))


def _insufficient_points(refusal: InsufficientPoints, context: Context) -> UserError:
    return InsufficientPointsError(
        message=say(
            REFUSALS,
            "insufficient_points",
            context.locale,
            required=refusal.required,
            available=refusal.available,
        ),
        path=list(refusal.path),
        required=Points(refusal.required),
        available=Points(refusal.available),
    )


def _insufficient_stock(refusal: InsufficientStock, context: Context) -> UserError:
    return InsufficientStockError(
        message=say(REFUSALS, "insufficient_stock", context.locale, available=refusal.available),
        path=list(refusal.path),
        sku=refusal.sku,
        available=refusal.available,
    )


def _order_state(refusal: OrderStateRefused, context: Context) -> UserError:
    key = "order_state" if refusal.number is None else "order_is_open"
    return OrderStateError(
        message=say(REFUSALS, key, context.locale, number=refusal.number),
        path=list(refusal.path),
        status=OrderStatus(refusal.status),
    )


def _return_state(refusal: ReturnStateRefused, context: Context) -> UserError:
    key = "return_state" if refusal.number is None else "return_is_open"
    return ReturnStateError(
        message=say(REFUSALS, key, context.locale, number=refusal.number),
        path=list(refusal.path),
        status=ReturnStatus(refusal.status),
    )


def _payment_provider(refusal: PaymentProviderRefused, context: Context) -> UserError:
    key = "payment_retryable" if refusal.retryable else "payment_final"
    return PaymentProviderError(
        message=say(REFUSALS, key, context.locale), path=list(refusal.path), retryable=refusal.retryable
    )


SHARED_TELLERS: Tellers = {
    InvalidInput: _invalid_input,
    NotFound: _not_found,
    Unavailable: _unavailable,
    IdempotencyConflict: _idempotency_conflict,
    InsufficientPoints: _insufficient_points,
    InsufficientStock: _insufficient_stock,
    OrderStateRefused: _order_state,
    ReturnStateRefused: _return_state,
    PaymentProviderRefused: _payment_provider,
}
"""The refusals that both APIs answer. Each API adds its own: `{**SHARED_TELLERS, SignInRefused: …}`."""

"""The refusals that the shop alone answers. QuoteChanged is told by the context: it shows goods."""

from __future__ import annotations

from datetime import datetime

import strawberry

from checkout.refusals import (
    InsufficientGiftCard,
    LimitExceeded,
    OfferUnavailable,
    ReturnWindowClosed,
    TierRequired,
)
from members.refusals import SignInCodeRefused
from schema.context import Context
from schema.errors import SHARED_TELLERS, Tellers, UserError
from schema.locale import in_language
from schema.messages import REFUSALS, say
from schema.shop.program import Tier, tier_type
from schema.shop.quotes import Quote
from schema.shop.request import ShopRequest
from schema.types import Money, amount_of


@strawberry.type
class SignInCodeError(UserError):
    retry_after_seconds: int | None


@strawberry.type
class OfferUnavailableError(UserError):
    pass


@strawberry.type
class LimitExceededError(UserError):
    limit: int
    remaining: int


@strawberry.type
class TierRequiredError(UserError):
    required_tier: Tier


@strawberry.type
class InsufficientGiftCardError(UserError):
    available: Money


@strawberry.type
class QuoteChangedError(UserError):
    quote: Quote


@strawberry.type
class ReturnWindowClosedError(UserError):
    closed_at: datetime


def _sign_in_code(refusal: SignInCodeRefused, context: Context) -> UserError:
    seconds = refusal.retry_after_seconds
    key = "sign_in_code" if seconds is None else "sign_in_code_wait"
    if refusal.path == ("refreshToken",):
        key = "session_over"
    return SignInCodeError(
        message=say(REFUSALS, key, context.locale, seconds=seconds),
        path=list(refusal.path),
        retry_after_seconds=seconds,
    )


def _offer_unavailable(refusal: OfferUnavailable, context: Context) -> UserError:
    return OfferUnavailableError(message=say(REFUSALS, "offer_unavailable", context.locale), path=list(refusal.path))


_LIMITS = {
    "life": "limit_exceeded",
    "day": "limit_exceeded_day",
    "week": "limit_exceeded_week",
    "month": "limit_exceeded_month",
}


def _limit_exceeded(refusal: LimitExceeded, context: Context) -> UserError:
    message = say(REFUSALS, _LIMITS[refusal.period], context.locale, limit=refusal.limit, remaining=refusal.remaining)
    return LimitExceededError(
        message=message, path=list(refusal.path), limit=refusal.limit, remaining=refusal.remaining
    )


def _tier_required(refusal: TierRequired, context: Context) -> UserError:
    assert isinstance(context, ShopRequest)
    tier = context.program_in_force().tier(refusal.tier_code)
    message = say(REFUSALS, "tier_required", context.locale, tier=in_language(tier.name, context.locale))
    return TierRequiredError(message=message, path=list(refusal.path), required_tier=tier_type(tier, context.locale))


def _insufficient_gift_card(refusal: InsufficientGiftCard, context: Context) -> UserError:
    message = say(REFUSALS, "insufficient_gift_card", context.locale, available=refusal.available)
    return InsufficientGiftCardError(message=message, path=list(refusal.path), available=amount_of(refusal.available))


def _return_window_closed(refusal: ReturnWindowClosed, context: Context) -> UserError:
    return ReturnWindowClosedError(
        message=say(REFUSALS, "return_window_closed", context.locale),
        path=list(refusal.path),
        closed_at=refusal.closed_at,
    )


SHOP_TELLERS: Tellers = {
    **SHARED_TELLERS,
    SignInCodeRefused: _sign_in_code,
    OfferUnavailable: _offer_unavailable,
    LimitExceeded: _limit_exceeded,
    TierRequired: _tier_required,
    InsufficientGiftCard: _insufficient_gift_card,
    ReturnWindowClosed: _return_window_closed,
}

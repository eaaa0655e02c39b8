"""Why checkout says no: facts, without words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kernel.money import Money
from kernel.refusals import InvalidInput, Refusal

if TYPE_CHECKING:
    from checkout.pricing.basket import Quote


@dataclass(frozen=True, kw_only=True)
class InsufficientPoints(Refusal):
    """`available` as it stands: it may be below 0."""

    required: int
    available: int


@dataclass(frozen=True, kw_only=True)
class InsufficientStock(Refusal):
    """`available` units of the SKU, for this order and all others."""

    sku: str
    available: int


@dataclass(frozen=True, kw_only=True)
class OfferUnavailable(Refusal):
    """The offer has not begun, is over, or its quota is used up."""


def may_be_reserved(refusal: Refusal) -> bool:
    """Whether it is goods or a quota that are lacking: an order that is due to be cancelled may hold them."""
    if isinstance(refusal, InvalidInput):
        return refusal.reason in ("stock_below_zero", "quota_below_redeemed")
    return isinstance(refusal, InsufficientStock | OfferUnavailable)


@dataclass(frozen=True, kw_only=True)
class LimitExceeded(Refusal):
    """More than the member may have of an offer (R13). `period`: of its life, or in a day, week or month."""

    limit: int
    remaining: int
    period: str = "life"


@dataclass(frozen=True, kw_only=True)
class TierRequired(Refusal):
    """The goods or the offer are for members of this tier and above (R13)."""

    tier_code: str


@dataclass(frozen=True, kw_only=True)
class InsufficientGiftCard(Refusal):
    """`available` is what all of the member's cards hold."""

    available: Money


@dataclass(frozen=True, kw_only=True)
class QuoteChanged(Refusal):
    """What was expected differs from what would be charged now, which `quote` says."""

    quote: Quote


@dataclass(frozen=True, kw_only=True)
class OrderStateRefused(Refusal):
    """`number` names the order where it is not the one that was asked about."""

    status: str
    number: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReturnStateRefused(Refusal):
    """As `OrderStateRefused`, of a return."""

    status: str
    number: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReturnWindowClosed(Refusal):
    """The member's time to ask was over at `closed_at` (R7)."""

    closed_at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentProviderRefused(Refusal):
    """The provider said no or nothing. `retryable`: asking again may help."""

    retryable: bool

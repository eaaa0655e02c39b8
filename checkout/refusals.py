"""Why checkout says no: facts, without words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kernel.money import Money
from kernel.refusals import Refusal

if TYPE_CHECKING:
    from checkout.pricing.basket import Quote


@dataclass(frozen=True, kw_only=True)
class InsufficientPoints(Refusal):
    required: int
    available: int


@dataclass(frozen=True, kw_only=True)
class InsufficientStock(Refusal):
    sku: str
    available: int


@dataclass(frozen=True, kw_only=True)
class OfferUnavailable(Refusal):
    """The offer has not begun, is over, or its quota is used up."""


@dataclass(frozen=True, kw_only=True)
class LimitExceeded(Refusal):
    """More than the member may have of an offer (R13)."""

    limit: int
    remaining: int


@dataclass(frozen=True, kw_only=True)
class TierRequired(Refusal):
    tier_code: str


@dataclass(frozen=True, kw_only=True)
class InsufficientGiftCard(Refusal):
    available: Money


@dataclass(frozen=True, kw_only=True)
class QuoteChanged(Refusal):
    quote: Quote


@dataclass(frozen=True, kw_only=True)
class OrderStateRefused(Refusal):
    status: str


@dataclass(frozen=True, kw_only=True)
class ReturnStateRefused(Refusal):
    status: str


@dataclass(frozen=True, kw_only=True)
class ReturnWindowClosed(Refusal):
    closed_at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentProviderRefused(Refusal):
    retryable: bool

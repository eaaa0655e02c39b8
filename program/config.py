"""A membership program as typed, frozen values: every number that a rule names (R1-R15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from kernel.money import Money

Text = str | Mapping[str, str]
"""A name or sentence: one for all languages, or one for each locale."""


@dataclass(frozen=True, slots=True)
class Benefit:
    code: str
    title: Text
    description: Text


@dataclass(frozen=True, slots=True)
class Tier:
    """A level. `acquire` is the spend that reaches it, `keep` the spend that keeps it for another year (R10)."""

    code: str
    name: Text
    rank: int
    price_rate: Decimal
    points_multiplier: Decimal
    acquire: Money | None
    keep: Money | None
    benefits: tuple[Benefit, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """One program document, read and checked. Rates are points for one major unit of the currency."""

    name: Text
    currency: str
    zone: ZoneInfo
    rates: Mapping[str, Decimal]
    third_party_rate: Decimal
    gift_card_rate: Decimal
    value_of_100: Money
    expiry_policy: str
    excluded_classes: frozenset[str]
    special_rule: str
    settlement_days: int
    return_window_days: int
    refresh_expiry_on: frozenset[str]
    shortfall: str
    refund_shipping: str
    discount_share_guidance: tuple[Decimal, Decimal]
    pay_within_minutes: int
    shipping_fee: Money
    free_shipping_from: Money
    tier_policy: str
    tiers: tuple[Tier, ...]

    @property
    def entry_tier(self) -> Tier:
        return self.tiers[0]

    @property
    def zero(self) -> Money:
        return Money.zero(self.currency)

    @property
    def settlement_period(self) -> timedelta:
        return timedelta(days=self.settlement_days)

    @property
    def return_window(self) -> timedelta:
        return timedelta(days=self.return_window_days)

    def tier(self, code: str) -> Tier:
        """The level with this code. Raises KeyError where the program has none."""
        for tier in self.tiers:
            if tier.code == code:
                return tier
        raise KeyError(code)

    def has_tier(self, code: str) -> bool:
        return any(tier.code == code for tier in self.tiers)

    def next_tier(self, tier: Tier) -> Tier | None:
        """The level above; None at the top."""
        return self.tiers[tier.rank + 1] if tier.rank + 1 < len(self.tiers) else None

    def admits(self, member_tier: str, required_tier: str | None) -> bool:
        """Whether a member of one tier may have what needs another (R13): that tier or a higher one."""
        return required_tier is None or self.tier(member_tier).rank >= self.tier(required_tier).rank


@dataclass(frozen=True, slots=True)
class ProgramVersion:
    """A published program and the instant from which it is in force (R15)."""

    id: str
    version: int
    effective_at: datetime
    program: Program


@dataclass(frozen=True, slots=True)
class Programs:
    """All published versions, first to take effect first."""

    versions: tuple[ProgramVersion, ...]

    def at(self, instant: datetime) -> ProgramVersion:
        """The version in force: the last to have taken effect, or the first where none has yet."""
        in_force = self.versions[0]
        for version in self.versions[1:]:
            if version.effective_at > instant:
                break
            in_force = version
        return in_force

    def number(self, version: int) -> ProgramVersion:
        for candidate in self.versions:
            if candidate.version == version:
                return candidate
        raise KeyError(version)

    @property
    def latest(self) -> int:
        """The number of the version that was published last."""
        return max(version.version for version in self.versions)

"""Saves an exchange offer: points plus cash for one variant (R6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog import held
from catalog.checks import MAX_UNITS, check_between, check_tier
from catalog.columns import offers_t
from catalog.records import OfferRecord, VariantRecord
from kernel.clock import utc
from kernel.database import Transaction
from kernel.ids import new_id
from kernel.money import POINTS_LIMIT, Money, NotAnAmount
from kernel.refusals import NotFound, Refusals, invalid
from program.config import Program


@dataclass(frozen=True, slots=True)
class SaveExchangeOffer:
    """Absent `id`: a new one. Saving replaces all that an offer says; what was redeemed stays counted.

    Limits are units for one member: in all, and in each calendar day, week and month of the program's time zone.
    """

    sku: str
    cash: Decimal
    points: int
    id: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    quota: int | None = None
    per_member_limit: int | None = None
    required_tier_code: str | None = None
    daily_limit: int | None = None
    weekly_limit: int | None = None
    monthly_limit: int | None = None


def save_exchange_offer(tx: Transaction, command: SaveExchangeOffer, *, now: datetime, program: Program) -> str:
    """Saves the offer and returns its id. Outside the program's guidance it is saved all the same (R6).

    Runs inside the caller's transaction.

    Raises:
        Refused: unknown offer or SKU, cash below 0 or not below the regular price, points below 1, limits below
            1, a quota below what was redeemed, a tier that the program lacks, an end that is past or before the start.
    """
    refusals = Refusals()
    variant = held.variant_of_sku(tx, command.sku)
    if variant is None:
        refusals.add(NotFound(path=("sku",), what="variant"))
    saved = None if command.id is None else held.offer(tx, command.id)
    if command.id is not None and saved is None:
        refusals.add(NotFound(path=("id",), what="exchange_offer"))
    cash = _cash(refusals, command, variant, program)
    if command.points < 1:
        refusals.add(invalid(("points",), "points_below_one"))
    check_between(refusals, ("points",), max(command.points, 1), 1, POINTS_LIMIT)
    check_between(refusals, ("quota",), command.quota, 1, MAX_UNITS)
    for name, limit in (
        ("perMemberLimit", command.per_member_limit),
        ("dailyLimit", command.daily_limit),
        ("weeklyLimit", command.weekly_limit),
        ("monthlyLimit", command.monthly_limit),
    ):
        check_between(refusals, (name,), limit, 1, MAX_UNITS)
    if saved is not None and command.quota is not None and 1 <= command.quota < saved.redeemed:
        refusals.add(invalid(("quota",), "quota_below_redeemed", redeemed=saved.redeemed))
    check_tier(refusals, ("requiredTierCode",), command.required_tier_code, program)
    starts_at, ends_at = _window(refusals, command, saved, now)
    refusals.raise_any()
    assert variant is not None
    row = {
        "variant_id": variant.id,
        "cash": cash,
        "points": command.points,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "quota": command.quota,
        "per_member_limit": command.per_member_limit,
        "required_tier_code": command.required_tier_code,
        "daily_limit": command.daily_limit,
        "weekly_limit": command.weekly_limit,
        "monthly_limit": command.monthly_limit,
    }
    if saved is not None:
        tx.execute(offers_t.update().where(offers_t.c.id == saved.id).values(row))
        return saved.id
    id_ = new_id("off")
    tx.execute(offers_t.insert().values(id=id_, redeemed=0, created_at=now, **row))
    return id_


def _cash(
    refusals: Refusals, command: SaveExchangeOffer, variant: VariantRecord | None, program: Program
) -> int | None:
    try:
        cash = Money.parse(command.cash, program.currency)
    except NotAnAmount:
        refusals.add(invalid(("cash",), "not_an_amount", currency=program.currency))
        return None
    if cash.minor < 0:
        refusals.add(invalid(("cash",), "cash_negative"))
    elif variant is not None and cash.minor >= variant.regular_price:
        regular = Money(variant.regular_price, program.currency)
        refusals.add(invalid(("cash",), "not_below_regular", regular=regular))
    return cash.minor


def _window(
    refusals: Refusals, command: SaveExchangeOffer, saved: OfferRecord | None, now: datetime
) -> tuple[datetime | None, datetime | None]:
    starts_at = None if command.starts_at is None else utc(command.starts_at)
    ends_at = None if command.ends_at is None else utc(command.ends_at)
    if saved is not None and ends_at is not None and (saved.starts_at, saved.ends_at) == (starts_at, ends_at):
        # Saved again as it is, over or not; one that was ended before it began has a window of no time at all.
        return starts_at, ends_at
    if ends_at is not None:
        # The end of one that is over cannot be moved to another past instant.
        if ends_at <= now and (saved is None or saved.ends_at != ends_at):
            refusals.add(invalid(("endsAt",), "in_the_past"))
        elif starts_at is not None and ends_at <= starts_at:
            refusals.add(invalid(("endsAt",), "ends_before_start"))
    return starts_at, ends_at

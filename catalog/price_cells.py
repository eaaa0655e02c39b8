"""Special prices and exchange offers as cells of our own form."""

from __future__ import annotations

from catalog.cells import written_instant, written_number
from catalog.records import OfferRecord, SpecialRecord
from kernel.money import Money
from program.config import Program


def special_cells(special: SpecialRecord, program: Program) -> dict[str, str]:
    return {
        "special_price": str(Money(special.price, program.currency)),
        "special_class": special.price_class,
        "special_from": written_instant(special.starts_at, program.zone),
        "special_until": written_instant(special.ends_at, program.zone),
    }


def offer_cells(offer: OfferRecord, program: Program) -> dict[str, str]:
    return {
        "offer_points": str(offer.points),
        "offer_cash": str(Money(offer.cash, program.currency)),
        "offer_from": written_instant(offer.starts_at, program.zone),
        "offer_until": written_instant(offer.ends_at, program.zone),
        "offer_quota": written_number(offer.quota),
        "offer_per_member": written_number(offer.per_member_limit),
        "offer_daily": written_number(offer.daily_limit),
        "offer_weekly": written_number(offer.weekly_limit),
        "offer_monthly": written_number(offer.monthly_limit),
        "offer_tier": offer.required_tier_code or "",
    }

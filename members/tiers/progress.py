"""How far a member is from keeping the tier and from reaching the next (R10)."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.money import Money
from members.account import Account
from program.config import Program, Tier


@dataclass(frozen=True, slots=True)
class Progress:
    """Spend still to be settled; None where nothing is needed, or there is no next tier."""

    to_keep: Money | None
    next_tier: Tier | None
    to_upgrade: Money | None


def tier_progress(program: Program, account: Account) -> Progress:
    tier = program.tier(account.tier_code)
    spend = Money(account.qualifying_spend, program.currency)
    higher = program.next_tier(tier)
    to_keep = tier.keep - spend if tier.keep is not None and spend < tier.keep else None
    to_upgrade = None
    if higher is not None and higher.acquire is not None:
        to_upgrade = max(higher.acquire - spend, program.zero)
    return Progress(to_keep, higher, to_upgrade)

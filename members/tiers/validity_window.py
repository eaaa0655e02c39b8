"""Tier policy `validity_window`: spend reaches the next tier, which then is valid for a year (R10)."""

from __future__ import annotations

from datetime import datetime

from kernel.clock import end_of_same_date_next_year
from kernel.money import Money
from members.book import Book
from members.tables import TierChangeReason
from program.config import Program, Tier


def spend_settles(book: Book, program: Program, spend: Money, at: datetime) -> None:
    """Settled spend counts in full. Reaching the next tier moves the member up one level, at once."""
    account = book.account
    account.qualifying_spend += spend.minor
    higher = program.next_tier(program.tier(account.tier_code))
    if higher is None or higher.acquire is None or account.qualifying_spend < higher.acquire.minor:
        return
    book.move_tier(higher.code, valid_until(program, higher, at), at=at, reason=TierChangeReason.ACQUIRED)


def spend_is_returned(book: Book, spend: Money, settled_window: int) -> None:
    """Spend of an order that settled in the current window goes down, not below nothing (R8)."""
    account = book.account
    if settled_window == account.window:
        account.qualifying_spend = max(0, account.qualifying_spend - spend.minor)


def review_is_due(book: Book, program: Program, at: datetime) -> None:
    """The year is over: the tier is renewed, or the member goes to the highest lower tier that is kept."""
    tier = program.tier(book.account.tier_code)
    spend = Money(book.account.qualifying_spend, program.currency)
    kept = kept_tier(program, tier, spend)
    reason = TierChangeReason.RENEWED if kept is tier else TierChangeReason.DOWNGRADED
    book.move_tier(kept.code, valid_until(program, kept, at), at=at, reason=reason)


def accounts_join(into: Book, from_: Book, program: Program, at: datetime, note: str) -> None:
    """The better tier stays, for as long as it was valid, and the counters add up.

    No window opens: what was counted in both goes on counting, and reaches the next level with the next settlement.
    """
    mine, theirs = into.account, from_.account
    mine.qualifying_spend += theirs.qualifying_spend
    own, other = program.tier(mine.tier_code).rank, program.tier(theirs.tier_code).rank
    if other > own:
        into.take_over_tier(theirs.tier_code, theirs.tier_review_at, at=at, note=note)
    elif other == own and mine.tier_review_at is not None and theirs.tier_review_at is not None:
        mine.tier_review_at = max(mine.tier_review_at, theirs.tier_review_at)


def kept_tier(program: Program, tier: Tier, spend: Money) -> Tier:
    """The highest tier, up to the member's own, whose `keep` a year's spend meets. The entry tier needs nothing."""
    for candidate in reversed(program.tiers[: tier.rank + 1]):
        if candidate.keep is None or spend >= candidate.keep:
            return candidate
    return program.entry_tier


def valid_until(program: Program, tier: Tier, at: datetime) -> datetime | None:
    """When a tier entered at an instant is reviewed; None for the entry tier, which has no end."""
    return None if tier.rank == 0 else end_of_same_date_next_year(at, program.zone)

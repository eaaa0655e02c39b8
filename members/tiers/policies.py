"""Which rules of tiers a program follows. Each policy is one module with the same functions (R10)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from kernel.money import Money
from members.book import Book
from members.tiers import validity_window
from program.config import Program, Tier


class TierPolicy(Protocol):
    """What settled spend and a review do to a member's tier."""

    def spend_settles(self, book: Book, program: Program, spend: Money, at: datetime) -> None: ...
    def spend_is_returned(self, book: Book, spend: Money, settled_window: int) -> None: ...
    def review_is_due(self, book: Book, program: Program, at: datetime) -> None: ...
    def accounts_join(self, into: Book, from_: Book, program: Program, at: datetime, note: str) -> None: ...
    def valid_until(self, program: Program, tier: Tier, at: datetime) -> datetime | None: ...


_POLICIES: dict[str, TierPolicy] = {"validity_window": validity_window}


def tier_policy(program: Program) -> TierPolicy:
    return _POLICIES[program.tier_policy]

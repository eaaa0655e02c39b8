"""What a deed would do to a member's account: worked out by the deed's own rules, and never written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from checkout.standing import Standing
from members.account import Account


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The account before and after."""

    before: Account
    after: Account


def foreseen(standing: Standing, deed: Callable[[], object]) -> Foreseen:
    """`deed` changes the standing in memory."""
    before = replace(standing.book.account)
    deed()
    return Foreseen(before, standing.book.account)

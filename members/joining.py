"""Two accounts of one person become one: points, expiry and tier (R5, R9, R10). Pure: it works on two books.

Why each figure goes where it goes: docs/decisions/joining-accounts.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel.money import POINTS_LIMIT
from kernel.refusals import Refused, invalid
from members.book import Book
from members.ledger.expiry.policies import expiry_policy
from members.ledger.posting import post
from members.tables import EntryKind
from members.tiers.policies import tier_policy
from program.config import Program

NOTE = "accounts_joined"
"""Notes begin with this word, then a colon and the number of the other account."""


@dataclass(frozen=True, slots=True)
class Joining:
    """`joining_id` names it in both ledgers; the numbers are those that members know their accounts by."""

    joining_id: str
    into_number: str
    from_number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HeldPoints:
    """Points that an unpaid order holds; it moves with them."""

    order_id: str
    points: int


def join_books(into: Book, from_: Book, held: Sequence[HeldPoints], program: Program, joining: Joining) -> None:
    """Moves all that `from_` has to `into`, and closes it.

    The points go by one ADJUSTED entry in each ledger. What an unpaid order holds is released there and held here, so
    that each ledger tells by itself where its points are (R9).

    Raises:
        Refused: together they are more points than anybody can have.
    """
    at = joining.at
    for each in held:
        source = f"order:{each.order_id}:release"
        post(from_, EntryKind.RELEASED, each.points, at=at, source=source, order_id=each.order_id)
    points = from_.account.balance
    if into.account.balance + points > POINTS_LIMIT:
        raise Refused(invalid((), "too_many_points"))
    expiry_policy(program).accounts_join(into.account, from_.account, program, at)
    tier_policy(program).accounts_join(into, from_, program, at, f"{NOTE}:{joining.from_number}")
    _close(from_, at)
    source = f"merge:{joining.joining_id}"
    post(from_, EntryKind.ADJUSTED, -points, at=at, source=source, note=f"{NOTE}:{joining.into_number}")
    post(into, EntryKind.ADJUSTED, points, at=at, source=source, note=f"{NOTE}:{joining.from_number}")
    for each in held:
        source = f"order:{each.order_id}:hold"
        post(into, EntryKind.HELD, -each.points, at=at, source=source, order_id=each.order_id)


def _close(book: Book, at: datetime) -> None:
    """Nothing falls due for a closed account. Its tier stays, as the last that it had."""
    account = book.account
    account.expires_at = account.tier_review_at = account.next_due_at = None
    account.qualifying_spend = 0
    account.closed_at = at

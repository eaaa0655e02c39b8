"""What counts when a transaction has succeeded (R4)."""

from __future__ import annotations

from datetime import datetime

from checkout.standing import Standing, StandingOrder
from checkout.states import moved
from checkout.tables import OrderStatus
from kernel.money import Money
from members.ledger.expiry.policies import expiry_policy
from members.ledger.posting import post
from members.tables import EntryKind
from members.tiers.policies import tier_policy
from program.config import Programs


def settle(standing: Standing, programs: Programs, order: StandingOrder, at: datetime) -> None:
    """Points and spend of what is kept count. Nothing earned: no entry, and the expiry is not touched.

    The order belongs to the tier window that it settles in, even where it moves the member up (R10).
    """
    program = programs.at(at).program
    book = standing.book
    order.status = moved(order.status, OrderStatus.SETTLED)
    order.settled_at = at
    order.settled_window = book.account.window
    if order.points_to_earn:
        expiry_policy(program).purchase_settles(book.account, program, at)
        post(
            book,
            EntryKind.EARNED,
            order.points_to_earn,
            at=at,
            source=f"order:{order.id}:earn",
            order_id=order.id,
        )
    tier_policy(program).spend_settles(book, program, Money(order.spend_kept, order.currency), at)

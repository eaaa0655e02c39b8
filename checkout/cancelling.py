"""What a cancelled order gives back to its member (R7, R12)."""

from __future__ import annotations

from datetime import datetime

from checkout.standing import Standing, StandingOrder
from checkout.states import moved
from checkout.tables import OrderStatus
from members.ledger.expiry.policies import expiry_policy
from members.ledger.posting import post
from members.tables import EntryKind
from program.config import Program


def cancel(standing: Standing, program: Program, order: StandingOrder, at: datetime) -> None:
    """Cancels an order that has not shipped: its points come back, as by a full return; it will earn nothing.

    Stock, gift cards and the payment follow when the standing is written.
    """
    order.status = moved(order.status, OrderStatus.CANCELLED)
    order.cancelled_at = at
    order.points_to_earn = order.spend_kept = 0
    if order.intent is not None:
        order.intent = None
        standing.to_close.append(order)
    standing.cancelled.append(order)
    if order.points:
        expiry_policy(program).points_come_back(standing.book.account, order.points_expired_at)
        post(
            standing.book,
            EntryKind.RELEASED,
            order.points,
            at=at,
            source=f"order:{order.id}:release",
            order_id=order.id,
        )

"""Finds the return that a verb is about, and locks its order with the member's standing."""

from __future__ import annotations

from datetime import datetime

from checkout.orders import lock_order
from checkout.returns.records import AskedReturn, find_return
from checkout.shop import Shop
from checkout.standing import Standing, StandingOrder
from kernel.database import Transaction
from kernel.refusals import NotFound, Refused
from program.config import Programs


def lock_return(
    tx: Transaction, shop: Shop, return_id: str, now: datetime, *, member_id: str | None = None
) -> tuple[AskedReturn, Standing, Programs, StandingOrder]:
    """A return as it stands under its member's lock. What belongs to somebody else does not exist.

    Raises:
        Refused: there is no such return for the viewer.
    """
    asked = find_return(tx, return_id)
    if asked is None or member_id not in (None, asked.member_id):
        raise Refused(NotFound(path=("returnId",), what="return"))
    standing, programs, order = lock_order(tx, shop, asked.order_id, now)
    # Read again: only under the lock is its state certain.
    current = find_return(tx, return_id)
    assert current is not None
    return current, standing, programs, order

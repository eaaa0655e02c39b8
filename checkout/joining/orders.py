"""Orders and returns go to another account of the same person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from heapq import merge

from sqlalchemy import bindparam, case, func, select

from checkout.standing import orders_t
from checkout.tables import ReturnRow
from kernel.database import Transaction, table_of
from members.account import Account

returns_t = table_of(ReturnRow)

WINDOW_OVER = -1
"""The tier window of orders that settled in a window of the other account that was over: no account's current one."""

_NUMBER = orders_t.update().where(orders_t.c.id == bindparam("order")).values(member_seq=bindparam("seq"))


def move_orders(tx: Transaction, *, into: Account, from_id: str, from_window: int) -> int:
    """Moves all orders, with their returns, and numbers them all by when they were placed. Says how many there are.

    Of two settlements at one instant the order placed first comes first (R11), whichever account it was placed in.
    Orders that settled in the window that is current in either account count in the joined one: so do their
    counters (R8). Runs inside the caller's transaction, with both accounts locked.
    """
    c = orders_t.c
    in_order = list(merge(_placed(tx, into.member_id), _placed(tx, from_id)))
    last = tx.execute(select(func.max(c.member_seq)).where(c.member_id == into.member_id)).scalar() or 0
    # Numbers that nobody has, while they change hands: no two orders of a member share one, not even meanwhile.
    tx.execute(orders_t.update().where(c.member_id == into.member_id).values(member_seq=-c.member_seq))
    window = case((c.settled_window.is_(None), None), (c.settled_window == from_window, into.window), else_=WINDOW_OVER)
    moved = {"member_id": into.member_id, "member_seq": -c.member_seq - last, "settled_window": window}
    tx.execute(orders_t.update().where(c.member_id == from_id).values(moved))
    tx.execute(returns_t.update().where(returns_t.c.member_id == from_id).values(member_id=into.member_id))
    if in_order:
        tx.execute(_NUMBER, [{"order": order_id, "seq": seq} for seq, (_, order_id) in enumerate(in_order, 1)])
    return len(in_order)


def _placed(tx: Transaction, member_id: str) -> Sequence[tuple[datetime, str]]:
    """A member's orders, by the instants at which they were placed and their ids, which tell those of one instant."""
    c = orders_t.c
    rows = tx.execute(select(c.placed_at, c.id).where(c.member_id == member_id).order_by(c.member_seq))
    return [(row.placed_at, row.id) for row in rows]

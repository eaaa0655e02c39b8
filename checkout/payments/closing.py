"""That the payment provider is to stop asking for an order's money: written down in the transaction that decides it."""

from __future__ import annotations

from datetime import datetime

from kernel.database import Transaction
from kernel.outbox import enqueue

CLOSE = "payment.close"


def ask_to_close(tx: Transaction, order_id: str, at: datetime) -> None:
    """Runs inside the caller's transaction. Twice for one order is once."""
    enqueue(tx, CLOSE, order_id, {}, subject_id=order_id, now=at)

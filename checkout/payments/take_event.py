"""Takes in what the provider tells: each event once, answered at once, done later."""

from __future__ import annotations

from datetime import datetime, timedelta

from checkout.payments import send_refund, watch_payment
from checkout.payments.gateway import ProviderEvent
from checkout.payments.tables import PaymentEventRow
from checkout.shop import Shop
from kernel.database import Transaction, insert_new, table_of
from kernel.outbox import enqueue

KEPT = timedelta(days=90)

events_t = table_of(PaymentEventRow)


def take_event(shop: Shop, event: ProviderEvent) -> bool:
    """Owns its transaction. Writes the event down, and that what it is about is to be looked at.

    Says whether it is new. What concerns neither a payment nor a refund is written down, and that is all.
    """
    now = shop.clock.now()
    reference = event.refund_reference or event.payment_reference
    row = {"id": event.id, "kind": event.kind, "reference": reference, "received_at": now}
    with shop.db.write() as tx:
        new = insert_new(tx, events_t, row)
        if new and reference is not None:
            kind = watch_payment.LOOK if event.refund_reference is None else send_refund.LOOK
            enqueue(tx, kind, event.id, {"reference": reference}, subject_id=reference, now=now)
    return new


def forget_old_events(tx: Transaction, *, now: datetime) -> int:
    """Removes what the provider told long ago; it repeats itself for some days only. Says how many."""
    return tx.execute(events_t.delete().where(events_t.c.received_at < now - KEPT)).rowcount

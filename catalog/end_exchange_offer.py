"""Ends an exchange offer that is in force, now; closes one that has not begun, so that it never holds."""

from __future__ import annotations

from datetime import datetime

from catalog import held
from catalog.columns import offers_t
from kernel.database import Transaction
from kernel.refusals import NotFound, Refused


def end_exchange_offer(tx: Transaction, offer_id: str, *, now: datetime) -> str:
    """Returns its id. One that is over already stays as it was. Runs inside the caller's transaction.

    Raises:
        Refused: there is no such offer.
    """
    offer = held.offer(tx, offer_id)
    if offer is None:
        raise Refused(NotFound(path=("exchangeOfferId",), what="exchange_offer"))
    if offer.ends_at is not None and offer.ends_at <= now:
        return offer.id
    window: dict[str, datetime] = {"ends_at": now}
    if offer.starts_at is not None and offer.starts_at > now:
        # Not taken out, as a special price is: orders and baskets may name it, from before its start was put off.
        window["starts_at"] = now
    tx.execute(offers_t.update().where(offers_t.c.id == offer.id).values(window))
    return offer.id

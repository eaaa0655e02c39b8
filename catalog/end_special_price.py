"""Ends a special price that is in force, now; takes back one that has not begun."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from catalog import held
from catalog.columns import special_columns, specials_t
from catalog.prices import PriceChange, note_prices
from catalog.records import SpecialRecord
from catalog.tables import PriceEvent
from kernel.database import Transaction
from kernel.refusals import NotFound, Refused


def end_special_price(tx: Transaction, special_price_id: str, *, now: datetime, actor: str | None = None) -> str:
    """Returns the variant's id. One that is over already stays as it was. Runs inside the caller's transaction.

    Raises:
        Refused: there is no such special price.
    """
    c = specials_t.c
    variant_id = tx.execute(select(c.variant_id).where(c.id == special_price_id)).scalar_one_or_none()
    if variant_id is None:
        raise Refused(NotFound(path=("specialPriceId",), what="special_price"))
    held.hold_variant(tx, variant_id)
    row = tx.execute(select(*special_columns(specials_t)).where(c.id == special_price_id)).one_or_none()
    special = None if row is None else SpecialRecord(*row)
    if special is None:
        # Somebody took it back while this call waited.
        return variant_id
    if special.starts_at >= now:
        # Begun at this very instant: a window that held for no time at all is none.
        tx.execute(specials_t.delete().where(c.id == special.id))
        event, ends_at = PriceEvent.WITHDRAWN, special.ends_at
    elif special.ends_at is None or special.ends_at > now:
        tx.execute(specials_t.update().where(c.id == special.id).values(ends_at=now))
        event, ends_at = PriceEvent.ENDED, now
    else:
        return variant_id
    change = PriceChange(
        variant_id, now, actor, event, special.price_class, special.price, starts_at=special.starts_at, ends_at=ends_at
    )
    note_prices(tx, [change])
    return variant_id

"""Ends special prices that are in force, now; takes back those that have not begun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from catalog import held
from catalog.columns import special_columns, specials_t
from catalog.prices import change_of, note_prices
from catalog.records import SpecialRecord
from catalog.tables import PriceEvent
from kernel.database import Transaction, among
from kernel.refusals import NotFound, Refusals, Refused

_c = specials_t.c


def end_special_price(tx: Transaction, special_price_id: str, *, now: datetime, actor: str | None = None) -> str:
    """Returns the variant's id. One that is over already stays as it was. Runs inside the caller's transaction.

    Raises:
        Refused: there is no such special price.
    """
    variant_ids = _hold(tx, [special_price_id])
    if not variant_ids:
        raise Refused(_missing())
    _end(tx, list(variant_ids), now, actor)
    return variant_ids[special_price_id]


def end_special_prices(tx: Transaction, ids: Sequence[str], *, now: datetime, actor: str | None = None) -> list[str]:
    """Ends all of them, or none, in as many statements as one; returns the variants' ids. Runs inside the caller's
    transaction.

    Raises:
        Refused: one is not there; its path begins with "specialPrices" and its number.
    """
    variant_ids, refusals = _hold(tx, ids), Refusals()
    refusals.extend([_missing().under("specialPrices", str(i)) for i, id_ in enumerate(ids) if id_ not in variant_ids])
    refusals.raise_any()
    _end(tx, list(variant_ids), now, actor)
    return [variant_ids[id_] for id_ in ids]


def _missing() -> NotFound:
    return NotFound(path=("specialPriceId",), what="special_price")


def _hold(tx: Transaction, ids: Sequence[str]) -> dict[str, str]:
    """The variant's id of each special price that there is, all of these variants held."""
    rows: Sequence[Any] = tx.execute(_chosen(ids, _c.id, _c.variant_id)).all()
    found: dict[str, str] = dict(rows)
    held.hold_variants(tx, list(found.values()))
    return found


def _end(tx: Transaction, ids: Sequence[str], now: datetime, actor: str | None) -> None:
    """Read again behind the lock: what somebody took back while this call waited is gone, and stays so."""
    specials = [SpecialRecord(*row) for row in tx.execute(_chosen(ids, *special_columns(specials_t)))]
    # Begun at this very instant: a window that held for no time at all is none.
    withdrawn = [special for special in specials if special.starts_at >= now]
    ended = [each for each in specials if each.starts_at < now and (each.ends_at is None or each.ends_at > now)]
    if withdrawn:
        tx.execute(specials_t.delete().where(among(_c.id, [special.id for special in withdrawn])))
    if ended:
        tx.execute(specials_t.update().where(among(_c.id, [each.id for each in ended])).values(ends_at=now))
    for event, changed in ((PriceEvent.WITHDRAWN, withdrawn), (PriceEvent.ENDED, ended)):
        note_prices(tx, [change_of(special, event, now, actor) for special in changed])


def _chosen(ids: Sequence[str], *columns: Any) -> Any:  # noqa: ANN401 - columns, and a statement
    return select(*columns).where(among(_c.id, ids))

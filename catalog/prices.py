"""The history of prices: every change of a regular price and of special prices, never changed itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from catalog.columns import price_changes_t, variants_t
from catalog.records import SpecialRecord
from catalog.tables import PriceEvent
from kernel.database import Transaction
from kernel.ids import new_id
from kernel.paging import Page, Window, keyset, take_page

_c = price_changes_t.c

REGULAR = "REGULAR"
"""The class of a price outside any sale."""


@dataclass(frozen=True, slots=True)
class PriceChange:
    """Amounts in minor units. `price_before`: the regular price until then; absent for a new variant."""

    variant_id: str
    at: datetime
    actor: str | None
    event: PriceEvent
    price_class: str
    price: int
    price_before: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PriceChangeRecord:
    """Meanings: `PriceChange`."""

    id: str
    variant_id: str
    at: datetime
    actor: str | None
    event: str
    price_class: str
    price: int
    price_before: int | None
    starts_at: datetime | None
    ends_at: datetime | None


_COLUMNS = [_c[each.name] for each in fields(PriceChangeRecord)]


def change_of(special: SpecialRecord, event: PriceEvent, at: datetime, actor: str | None) -> PriceChange:
    """What happened to a special price; one that ended did so at that instant."""
    return PriceChange(
        special.variant_id,
        at,
        actor,
        event,
        special.price_class,
        special.price,
        starts_at=special.starts_at,
        ends_at=at if event is PriceEvent.ENDED else special.ends_at,
    )


def note_prices(tx: Transaction, changes: Sequence[PriceChange]) -> None:
    """Adds them to the history. Runs inside the caller's transaction."""
    if changes:
        names = [each.name for each in fields(PriceChange)]
        tx.execute(
            price_changes_t.insert(),
            [{"id": new_id("prc"), **{name: getattr(change, name) for name in names}} for change in changes],
        )


def price_change_page(conn: Connection, window: Window, sku: str) -> Page[PriceChangeRecord]:
    """The history of one SKU, latest first. The key is `(at, id)`."""
    statement = select(*_COLUMNS).where(_of_sku(sku))
    rows: Sequence[Any] = conn.execute(keyset(statement, window, [(_c.at, True), (_c.id, True)])).all()
    return take_page([PriceChangeRecord(*row) for row in rows], window)


def price_change_count(conn: Connection, sku: str) -> int:
    return conn.execute(select(func.count()).select_from(price_changes_t).where(_of_sku(sku))).scalar_one()


def _of_sku(sku: str) -> Any:  # noqa: ANN401 - a condition
    return _c.variant_id == select(variants_t.c.id).where(variants_t.c.sku == sku.strip()).scalar_subquery()

"""The history of stock: one row for every change, written in the transaction that makes it, and never changed (R12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from catalog.columns import movements_t, variants_t
from catalog.tables import StockKind
from kernel.database import Transaction
from kernel.ids import new_id
from kernel.paging import Page, Window, keyset, take_page
from kernel.prepared import Prepared

_m = movements_t.c
_INSERT = Prepared(movements_t.insert())


@dataclass(frozen=True, slots=True)
class Cause:
    """When and why stock changes. `actor` did it, where it was not the order or return that is named."""

    at: datetime
    order_id: str | None = None
    return_id: str | None = None
    actor: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of one variant's stock, and what there was after it."""

    variant_id: str
    kind: StockKind
    on_hand: int
    reserved: int
    on_hand_after: int
    reserved_after: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class MovementRecord:
    id: str
    variant_id: str
    at: datetime
    kind: str
    on_hand: int
    reserved: int
    on_hand_after: int
    reserved_after: int
    order_id: str | None
    return_id: str | None
    actor: str | None
    reason: str | None


_COLUMNS = [_m[each.name] for each in fields(MovementRecord)]


def note_movements(tx: Transaction, movements: Iterable[Movement]) -> None:
    """Adds them to the history, in their order. Runs inside the caller's transaction."""
    rows = [_row(movement) for movement in movements if movement.on_hand or movement.reserved]
    if rows:
        _INSERT.run_all(tx, rows)


def _row(movement: Movement) -> Mapping[str, Any]:
    cause = movement.cause
    return {
        "id": new_id("mov"),
        "variant_id": movement.variant_id,
        "at": cause.at,
        "kind": movement.kind.value,
        "on_hand": movement.on_hand,
        "reserved": movement.reserved,
        "on_hand_after": movement.on_hand_after,
        "reserved_after": movement.reserved_after,
        "order_id": cause.order_id,
        "return_id": cause.return_id,
        "actor": cause.actor,
        "reason": cause.reason,
    }


def movement_page(conn: Connection, window: Window, sku: str) -> Page[MovementRecord]:
    """The history of one SKU, latest first. The key is `(at, id)`."""
    statement = select(*_COLUMNS).where(_of_sku(sku))
    rows: Sequence[Any] = conn.execute(keyset(statement, window, [(_m.at, True), (_m.id, True)])).all()
    return take_page([MovementRecord(*row) for row in rows], window)


def movement_count(conn: Connection, sku: str) -> int:
    return conn.execute(select(func.count()).select_from(movements_t).where(_of_sku(sku))).scalar_one()


def _of_sku(sku: str) -> Any:  # noqa: ANN401 - a condition
    return _m.variant_id == select(variants_t.c.id).where(variants_t.c.sku == sku.strip()).scalar_subquery()

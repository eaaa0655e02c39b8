"""Stock, and the quotas of offers: each change is one guarded statement, whatever the number of variants.

Rows are locked in the order of their ids, so two baskets with the same goods never wait for each other in a ring.
What there was not enough of is told, and the caller undoes its transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, Update, bindparam, or_, select, update

from catalog.columns import holds_at, offers_t, variants_t
from catalog.pairs import as_value, named_in, number_of, pairs_parameter
from kernel.database import Transaction, among

_v, _o = variants_t.c, offers_t.c


def _moving(table: Table, steps: Mapping[str, int], *guards: Callable[[ColumnElement[int]], Any]) -> Update:
    """Moves columns up (1) or down (-1) by each id's number where the guards let it, and names the ids it moved."""
    wanted = pairs_parameter("wanted")
    # Locked in the order of ids before the first change. SQLite, which lets one write at a time, leaves the lock out.
    held = (
        select(table.c.id)
        .where(named_in(table.c.id, wanted))
        .order_by(table.c.id)
        .with_for_update(key_share=True)
        .cte("held")
    )
    number = number_of(table.c.id, wanted)
    changes: dict[Column[Any], Any] = {table.c[name]: table.c[name] + step * number for name, step in steps.items()}
    conditions = [guard(number) for guard in guards]
    return (
        update(table)
        .values(changes)
        .where(table.c.id == held.c.id, named_in(table.c.id, wanted), *conditions)
        .returning(table.c.id)
    )


def _enough(number: ColumnElement[int]) -> ColumnElement[bool]:
    return _v.on_hand - _v.reserved >= number


_RESERVE = _moving(variants_t, {"reserved": 1}, _enough)
_RELEASE = _moving(variants_t, {"reserved": -1})
_SHIP = _moving(variants_t, {"on_hand": -1, "reserved": -1})
_PUT_BACK = _moving(variants_t, {"on_hand": 1})
_TAKE = _moving(variants_t, {"on_hand": -1}, _enough)
_REDEEM = _moving(
    offers_t,
    {"redeemed": 1},
    lambda number: or_(_o.quota.is_(None), _o.quota - _o.redeemed >= number),
    lambda _: holds_at(_o.starts_at, _o.ends_at, bindparam("at", type_=_o.created_at.type)),
)
_UNREDEEM = _moving(offers_t, {"redeemed": -1})


def reserve(tx: Transaction, quantities: Mapping[str, int]) -> list[str]:
    """Reserves units for an order. Returns the variants that had too little; then the caller undoes everything."""
    return _move(tx, _RESERVE, quantities)


def release(tx: Transaction, quantities: Mapping[str, int]) -> None:
    """Gives back what was reserved and will not be sent."""
    _move(tx, _RELEASE, quantities)


def ship(tx: Transaction, quantities: Mapping[str, int]) -> None:
    """Reserved units leave the house."""
    _move(tx, _SHIP, quantities)


def put_back(tx: Transaction, quantities: Mapping[str, int]) -> None:
    """Returned units can be sold again."""
    _move(tx, _PUT_BACK, quantities)


def take(tx: Transaction, quantities: Mapping[str, int]) -> list[str]:
    """Takes available units at once, without a reservation. Returns the variants that had too little."""
    return _move(tx, _TAKE, quantities)


def available(conn: Connection, variant_ids: Sequence[str]) -> dict[str, int]:
    """How many units of each variant may still be ordered."""
    rows = conn.execute(select(_v.id, _v.on_hand - _v.reserved).where(among(_v.id, variant_ids)))
    return {row[0]: row[1] for row in rows}


def redeem(tx: Transaction, quantities: Mapping[str, int], at: datetime) -> list[str]:
    """Counts units against the quotas of offers (R13). Returns the offers that are over, not begun or used up."""
    return _move(tx, _REDEEM, quantities, at=at)


def unredeem(tx: Transaction, quantities: Mapping[str, int]) -> None:
    """Units that were cancelled or returned no longer count against the quota."""
    _move(tx, _UNREDEEM, quantities)


def _move(tx: Transaction, statement: Update, quantities: Mapping[str, int], **values: object) -> list[str]:
    if not quantities:
        return []
    moved = set(tx.execute(statement, {"wanted": as_value(quantities), **values}).scalars())
    return sorted(set(quantities) - moved)

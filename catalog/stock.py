"""Stock, and the quotas of offers: each change is one guarded statement, whatever the number of variants, and one more
that adds it to the history of stock.

Rows are locked in the order of their ids, so two baskets with the same goods never wait for each other in a ring.
What there was not enough of is told, and the caller undoes its transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, bindparam, or_, select, update

from catalog.columns import holds_at, offers_t, variants_t
from catalog.movements import Cause, Movement, note_movements
from catalog.pairs import as_value, named_in, number_of, pairs_parameter
from catalog.tables import StockKind
from kernel.database import Transaction, among
from kernel.prepared import Prepared

_v, _o = variants_t.c, offers_t.c


def _moving(
    table: Table,
    steps: Mapping[str, int],
    *guards: Callable[[ColumnElement[int]], Any],
    tells: Sequence[ColumnElement[Any]] = (),
) -> Prepared:
    """Moves columns up (1) or down (-1) by each id's number where the guards let it, and names the ids it moved.

    `tells` are columns as they are afterwards.
    """
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
    return Prepared(
        update(table)
        .values(changes)
        .where(table.c.id == held.c.id, named_in(table.c.id, wanted), *conditions)
        .returning(table.c.id, *tells)
    )


def _enough(number: ColumnElement[int]) -> ColumnElement[bool]:
    return _v.on_hand - _v.reserved >= number


@dataclass(frozen=True, slots=True)
class _Step:
    """What a movement of a kind does to one unit, and the statement that does it to many."""

    kind: StockKind
    on_hand: int
    reserved: int
    statement: Prepared


def _step(kind: StockKind, on_hand: int, reserved: int, *guards: Callable[[ColumnElement[int]], Any]) -> _Step:
    steps = {name: step for name, step in (("on_hand", on_hand), ("reserved", reserved)) if step}
    return _Step(kind, on_hand, reserved, _moving(variants_t, steps, *guards, tells=(_v.on_hand, _v.reserved)))


_RESERVE = _step(StockKind.ORDERED, 0, 1, _enough)
_RELEASE = _step(StockKind.RELEASED, 0, -1)
_SHIP = _step(StockKind.SHIPPED, -1, -1)
_PUT_BACK = _step(StockKind.RETURNED, 1, 0)
_TAKE = _step(StockKind.SWAPPED, -1, 0, _enough)
_REDEEM = _moving(
    offers_t,
    {"redeemed": 1},
    lambda number: or_(_o.quota.is_(None), _o.quota - _o.redeemed >= number),
    lambda _: holds_at(_o.starts_at, _o.ends_at, bindparam("at", type_=_o.created_at.type)),
)
_UNREDEEM = _moving(offers_t, {"redeemed": -1})


def reserve(tx: Transaction, quantities: Mapping[str, int], cause: Cause) -> list[str]:
    """Reserves units for an order. Returns the variants that had too little; then the caller undoes everything."""
    return _move(tx, _RESERVE, [(cause, quantities)])


def release(tx: Transaction, reserved: Sequence[tuple[Cause, Mapping[str, int]]]) -> None:
    """Gives back what orders had reserved and will not be sent."""
    _move(tx, _RELEASE, reserved)


def ship(tx: Transaction, quantities: Mapping[str, int], cause: Cause) -> None:
    """Reserved units leave the house."""
    _move(tx, _SHIP, [(cause, quantities)])


def put_back(tx: Transaction, quantities: Mapping[str, int], cause: Cause) -> None:
    """Returned units can be sold again."""
    _move(tx, _PUT_BACK, [(cause, quantities)])


def take(tx: Transaction, quantities: Mapping[str, int], cause: Cause) -> list[str]:
    """Takes available units at once, without a reservation. Returns the variants that had too little."""
    return _move(tx, _TAKE, [(cause, quantities)])


def available(conn: Connection, variant_ids: Sequence[str]) -> dict[str, int]:
    """How many units of each variant may still be ordered."""
    rows = conn.execute(select(_v.id, _v.on_hand - _v.reserved).where(among(_v.id, variant_ids)))
    return {row[0]: row[1] for row in rows}


def redeem(tx: Transaction, quantities: Mapping[str, int], at: datetime) -> list[str]:
    """Counts units against the quotas of offers (R13). Returns the offers that are over, not begun or used up."""
    return _count(tx, _REDEEM, quantities, at=at)


def unredeem(tx: Transaction, quantities: Mapping[str, int]) -> None:
    """Units that were cancelled or returned no longer count against the quota."""
    _count(tx, _UNREDEEM, quantities)


def _count(tx: Transaction, statement: Prepared, quantities: Mapping[str, int], **values: object) -> list[str]:
    if not quantities:
        return []
    moved = {row[0] for row in statement.rows(tx, {"wanted": as_value(quantities), **values})}
    return sorted(set(quantities) - moved)


def _move(tx: Transaction, step: _Step, parts: Sequence[tuple[Cause, Mapping[str, int]]]) -> list[str]:
    """Moves all the parts at once and notes each with its own cause. Returns the variants that it could not move."""
    quantities: Counter[str] = Counter()
    for _, part in parts:
        quantities.update(part)
    if not quantities:
        return []
    rows = step.statement.rows(tx, {"wanted": as_value(quantities)})
    after = {id_: (on_hand, reserved) for id_, on_hand, reserved in rows}
    lacking = sorted(set(quantities) - after.keys())
    if not lacking:
        note_movements(tx, _movements(step, parts, quantities, after))
    return lacking


def _movements(
    step: _Step,
    parts: Sequence[tuple[Cause, Mapping[str, int]]],
    quantities: Mapping[str, int],
    after: Mapping[str, tuple[int, int]],
) -> Iterator[Movement]:
    """One for each part and variant, as if they had been moved one after the other."""
    left = dict(quantities)
    for cause, part in parts:
        for id_, number in part.items():
            left[id_] -= number
            on_hand, reserved = after[id_]
            yield Movement(
                id_,
                step.kind,
                on_hand=number * step.on_hand,
                reserved=number * step.reserved,
                on_hand_after=on_hand - left[id_] * step.on_hand,
                reserved_after=reserved - left[id_] * step.reserved,
                cause=cause,
            )

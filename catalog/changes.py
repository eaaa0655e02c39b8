"""What saving a product adds to the histories of stock and of prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from catalog.movements import Cause, Movement, note_movements
from catalog.prices import REGULAR, PriceChange, note_prices
from catalog.records import VariantRecord
from catalog.tables import PriceEvent, StockKind
from kernel.database import Transaction


def note_changes(
    tx: Transaction,
    rows: Sequence[Mapping[str, Any]],
    there: Mapping[str, VariantRecord],
    actor: str | None,
    kind: StockKind,
    now: datetime,
) -> None:
    """`rows` are the variants as they are saved, `there` as they were. Runs inside the caller's transaction."""
    movements: list[Movement] = []
    prices: list[PriceChange] = []
    for row in rows:
        old = there.get(row["id"])
        on_hand, reserved = (old.on_hand, old.reserved) if old is not None else (0, 0)
        movements.append(
            Movement(
                row["id"],
                kind,
                on_hand=row["on_hand"] - on_hand,
                reserved=0,
                on_hand_after=row["on_hand"],
                reserved_after=reserved,
                cause=Cause(now, actor=actor),
            )
        )
        before = None if old is None else old.regular_price
        if before != row["regular_price"]:
            change = PriceChange(
                row["id"], now, actor, PriceEvent.REGULAR, REGULAR, row["regular_price"], price_before=before
            )
            prices.append(change)
    note_movements(tx, movements)
    note_prices(tx, prices)

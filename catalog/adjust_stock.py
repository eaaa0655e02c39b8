"""Changes what is on hand of one SKU by hand, with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from catalog import held
from catalog.checks import MAX_UNITS
from catalog.columns import variants_t
from catalog.movements import Cause, Movement, note_movements
from catalog.tables import StockKind
from kernel.database import Transaction
from kernel.idempotency import claim
from kernel.refusals import NotFound, Refusals, Refused, invalid
from kernel.texts import MAX_TEXT, read_text

_MUTATION = "adjustStock"


@dataclass(frozen=True, slots=True)
class AdjustStock:
    """`change`: units, positive adds. `reason` goes into the audit log, which the caller writes."""

    sku: str
    change: int
    reason: str
    idempotency_key: str


def adjust_stock(
    tx: Transaction, command: AdjustStock, *, actor_id: str, now: datetime, actor: str | None = None
) -> str:
    """Changes the stock and returns the variant's id; the same key again changes nothing.

    `actor_id` is whose key it is, `actor` whom the history of stock names. Runs inside the caller's transaction.

    Raises:
        Refused: unknown SKU, no change, no reason, available stock below 0, or the key was used otherwise.
    """
    refusals = Refusals()
    variant = held.variant_of_sku(tx, command.sku)
    id_ = "" if variant is None else variant.id
    try:
        done = claim(tx, refusals, actor_id, _MUTATION, command.idempotency_key, command, id_, now)
        if done is not None:
            return done
    except Refused as refused:
        refusals.extend(refused.refusals)
    reason = read_text(refusals, ("reason",), command.reason, most=MAX_TEXT, needed=True)
    if command.change == 0 or abs(command.change) > MAX_UNITS:
        refusals.add(invalid(("change",), "out_of_range"))
    if variant is None:
        refusals.add(NotFound(path=("sku",), what="variant"))
    elif variant.available + command.change < 0:
        refusals.add(invalid(("change",), "stock_below_zero"))
    elif variant.on_hand + command.change > MAX_UNITS:
        refusals.add(invalid(("change",), "out_of_range"))
    refusals.raise_any()
    assert variant is not None
    tx.execute(
        variants_t.update().where(variants_t.c.id == variant.id).values(on_hand=variants_t.c.on_hand + command.change)
    )
    movement = Movement(
        variant.id,
        StockKind.ADJUSTED,
        on_hand=command.change,
        reserved=0,
        on_hand_after=variant.on_hand + command.change,
        reserved_after=variant.reserved,
        cause=Cause(now, actor=actor or actor_id, reason=reason),
    )
    note_movements(tx, [movement])
    return variant.id

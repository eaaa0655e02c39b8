"""Who may still ask for what of an order back (R7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from checkout.refusals import OrderStateRefused, ReturnWindowClosed
from checkout.returns.apportion import KeptLine
from checkout.tables import OrderStatus
from kernel.refusals import NotFound, Refusal, Refusals, invalid

MAX_LINES = 1_000
RETURNABLE = (OrderStatus.SHIPPED, OrderStatus.SETTLED)


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """So many units of an order line."""

    order_line_id: str
    quantity: int


def check_state(status: str, returnable_until: datetime | None, *, by_member: bool, now: datetime) -> list[Refusal]:
    """A member asks in time, whatever the state since; staff may open a return later. Both only once it has shipped."""
    if by_member and returnable_until is not None and now >= returnable_until:
        return [ReturnWindowClosed(path=("orderId",), closed_at=returnable_until)]
    if status not in RETURNABLE:
        return [OrderStateRefused(path=("orderId",), status=status)]
    return []


def check_form(wanted: Sequence[ReturnLine]) -> list[Refusal]:
    """What is wrong with the lines of a return, whatever it is that they are of."""
    if not wanted:
        return [invalid(("lines",), "empty")]
    if len(wanted) > MAX_LINES:
        return [invalid(("lines",), "too_many", most=MAX_LINES)]
    return [invalid(("lines", str(i), "quantity"), "below_one") for i, item in enumerate(wanted) if item.quantity < 1]


def check_units(
    wanted: Sequence[ReturnLine], lines: Sequence[KeptLine], asked_for: Mapping[str, int]
) -> tuple[dict[str, int], list[Refusal]]:
    """Units by order line, the same line twice being one; no more than are kept and not in an open return."""
    refusals = Refusals()
    refusals.extend(check_form(wanted))
    if len(wanted) > MAX_LINES:
        return {}, refusals.found
    by_id = {line.id: line for line in lines}
    taken: dict[str, int] = {}
    for i, item in enumerate(wanted):
        path = ("lines", str(i))
        line = by_id.get(item.order_line_id)
        if line is None:
            refusals.add(NotFound(path=(*path, "orderLineId"), what="order_line"))
        if line is None or item.quantity < 1:
            continue
        taken[line.id] = taken.get(line.id, 0) + item.quantity
        left = line.kept - asked_for.get(line.id, 0)
        if taken[line.id] > left:
            refusals.add(invalid((*path, "quantity"), "more_than_kept", left=left))
    return taken, refusals.found

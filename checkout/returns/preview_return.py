"""What a return would give back now: the rules of receiving it, run on a standing that is never written (R7)."""

from __future__ import annotations

from collections.abc import Sequence

from catalog import stock
from checkout.current import foreseen_standing
from checkout.orders import owner_of_order
from checkout.refusals import InsufficientStock
from checkout.returns.apportion import units_taken
from checkout.returns.eligibility import ReturnLine, check_form, check_state, check_units
from checkout.returns.finish import Finishing, Outcome, finish_return
from checkout.returns.records import find_return, returnable_order, skus_of
from checkout.shop import Shop
from checkout.tables import ReturnKind, ReturnStatus
from checkout.timeline import gives_back
from kernel.refusals import Refusals

PREVIEW = "preview"


def preview_return(
    shop: Shop, *, order_id: str, kind: str, lines: Sequence[ReturnLine], member_id: str | None
) -> Outcome:
    """What asking for a return and finishing it would do at this instant. Changes nothing. `member_id`: None for staff,
    who may open one of anybody's, and late.

    Raises:
        Refused: whatever would refuse the request.
    """
    refusals = Refusals()
    refusals.extend(check_form(lines))
    now = shop.clock.now()
    with refusals.told_too(), shop.db.read() as conn:
        owner = owner_of_order(conn, order_id, member_id=member_id)
        found = returnable_order(conn, order_id)
        standing, programs = foreseen_standing(conn, shop.shelf, owner, now, order_id=order_id)
    order = standing.order(order_id)
    refusals.extend(check_state(order.status, found.returnable_until, by_member=member_id is not None, now=now))
    taken, wrong = check_units(lines, found.lines, found.asked_for)
    refusals.extend(wrong)
    refusals.raise_any()
    order.open_returns += 1
    finishing = Finishing(PREVIEW, kind, taken, now)
    return finish_return(standing, programs, order, found.charged, found.lines, finishing)


def stock_lacking(shop: Shop, *, order_id: str, kind: str, lines: Sequence[ReturnLine]) -> list[InsufficientStock]:
    """What receiving a swap at this instant would be refused for. Asking for it is not: goods may come."""
    if kind != ReturnKind.SWAP:
        return []
    lacking = _lacking(shop, order_id, lines)
    if gives_back(shop, lacking):
        lacking = _lacking(shop, order_id, lines)
    return lacking


def _lacking(shop: Shop, order_id: str, lines: Sequence[ReturnLine]) -> list[InsufficientStock]:
    """Each variant once, at the first line that asks for it."""
    with shop.db.read() as conn:
        found = returnable_order(conn, order_id)
        taken, _ = check_units(lines, found.lines, found.asked_for)
        units = units_taken(found.lines, taken)
        there = stock.available(conn, list(units))
        skus = skus_of(conn, found.lines)
    variants = {line.id: line.variant_id for line in found.lines}
    lacking: list[InsufficientStock] = []
    for i, line in enumerate(lines):
        variant_id = variants.get(line.order_line_id)
        left = there.get(variant_id or "", 0)
        if variant_id is not None and units.pop(variant_id, 0) > left:
            lacking.append(InsufficientStock(path=("lines", str(i)), sku=skus[variant_id], available=left))
    return lacking


def preview_open_return(shop: Shop, return_id: str) -> Outcome | None:
    """What receiving the goods of an open return would do now; None where it is not open. Changes nothing."""
    now = shop.clock.now()
    with shop.db.read() as conn:
        asked = find_return(conn, return_id)
        if asked is None or asked.status != ReturnStatus.REQUESTED:
            return None
        found = returnable_order(conn, asked.order_id)
        standing, programs = foreseen_standing(conn, shop.shelf, asked.member_id, now, order_id=asked.order_id)
    order = standing.order(asked.order_id)
    finishing = Finishing(PREVIEW, asked.kind, asked.taken, now)
    return finish_return(standing, programs, order, found.charged, found.lines, finishing)

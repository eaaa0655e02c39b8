"""The goods are here: points go back and are reversed in one transaction, then the money is sent (R7, R8, R12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from catalog import stock
from catalog.movements import Cause
from checkout.payments.refunds import ask_refund
from checkout.refusals import InsufficientStock, ReturnStateRefused
from checkout.returns.apportion import KeptLine, kept_figures, units_taken
from checkout.returns.find import lock_return
from checkout.returns.finish import Finishing, Outcome, finish_return
from checkout.returns.records import lines_t, returnable_order, returns_t, skus_of
from checkout.shop import Shop
from checkout.standing import StandingOrder, write_standing
from checkout.states import return_moved
from checkout.tables import PaymentMethod, PaymentRow, PaymentStatus, ReturnKind, ReturnStatus
from checkout.timeline import gives_back, in_time
from kernel.database import Transaction, table_of
from kernel.refusals import Refusals, Refused
from kernel.texts import MAX_TEXT, read_optional_text
from members.gift_cards import give_back
from staff import audit

payments_t = table_of(PaymentRow)

_RECEIVED = (ReturnStatus.COMPLETED, ReturnStatus.REFUNDING, ReturnStatus.REFUND_FAILED)


@in_time
def receive_return(shop: Shop, return_id: str, *, restock: bool, note: str | None, actor: str) -> str:
    """Owns its transactions. Returns the return's id; one that is finished already stays as it is.

    `restock` false: the goods cannot be sold again.

    Raises:
        Refused: no such return, it was rejected or cancelled, a swap finds too little stock, or the note is too long.
    """
    now = shop.clock.now()
    try:
        return _receive(shop, return_id, restock, note, actor, now)
    except Refused as refused:
        # A swap sends goods.
        if not gives_back(shop, refused.refusals):
            raise
    return _receive(shop, return_id, restock, note, actor, now)


def _receive(shop: Shop, return_id: str, restock: bool, note: str | None, actor: str, now: datetime) -> str:
    refusals = Refusals()
    note = read_optional_text(refusals, ("note",), note, most=MAX_TEXT)
    with refusals.told_too(), shop.db.write() as tx:
        asked, standing, programs, order = lock_return(tx, shop, return_id, now)
        if asked.status in _RECEIVED:
            refusals.raise_any()
            return return_id
        if asked.status != ReturnStatus.REQUESTED:
            raise Refused(ReturnStateRefused(path=("returnId",), status=asked.status))
        found = returnable_order(tx, asked.order_id)
        finishing = Finishing(return_id, asked.kind, asked.taken, now)
        outcome = finish_return(standing, programs, order, found.charged, found.lines, finishing)
        to = ReturnStatus.COMPLETED
        if asked.kind == ReturnKind.REFUND:
            write_lines(tx, found.lines, asked.taken)
            source = f"return:{return_id}:gift-card"
            give_back(tx, order.id, outcome.gift_card_refund, source=source, at=now)
            to = _pay_out(tx, return_id, order, outcome, now)
        write_outcome(tx, return_id, asked.status, outcome, to=to, restock=restock, note=note, at=now)
        write_standing(tx, standing)
        audit.record(
            tx,
            at=now,
            actor=actor,
            action="receiveReturn",
            subject_id=return_id,
            before={"status": ReturnStatus.REQUESTED.value},
            after={"status": to.value, "restock": restock, "note": note},
        )
        cause = Cause(now, order_id=order.id, return_id=return_id, actor=actor, reason=note)
        _move_goods(tx, asked.kind, found.lines, asked.taken, cause, restock=restock)
        # Last: whether there are the goods that a swap sends shows when they are taken.
        refusals.raise_any()
    return return_id


def write_lines(tx: Transaction, lines: Sequence[KeptLine], taken: Mapping[str, int]) -> None:
    """Stores what is kept of the lines that a return took from, and what that earns."""
    for line in lines:
        if line.id in taken:
            tx.execute(
                lines_t.update()
                .where(lines_t.c.id == line.id)
                .values(returned_quantity=line.returned, points_to_earn=kept_figures(line, line.kept).earned)
            )


def write_outcome(
    tx: Transaction,
    return_id: str,
    status: str,
    outcome: Outcome,
    *,
    to: ReturnStatus = ReturnStatus.COMPLETED,
    restock: bool,
    note: str | None,
    at: datetime,
) -> None:
    """Stores what a return has come to: completed at once, unless money is on its way."""
    tx.execute(
        returns_t.update()
        .where(returns_t.c.id == return_id)
        .values(
            status=return_moved(status, to).value,
            completed_at=at if to is ReturnStatus.COMPLETED else None,
            restock=restock,
            note=note,
            full=outcome.full,
            refund=outcome.refund.minor,
            gift_card_refund=outcome.gift_card_refund.minor,
            points_returned=outcome.points_returned,
            pending_points_reversed=outcome.pending_points_reversed,
            available_points_reversed=outcome.available_points_reversed,
            withheld=outcome.withheld.minor,
            expires_at_after=outcome.expires_at_after,
        )
    )


def _pay_out(tx: Transaction, return_id: str, order: StandingOrder, outcome: Outcome, now: datetime) -> ReturnStatus:
    """What was paid online is sent back, and the return waits for it. Recorded cash is paid out at once. Of cash that
    never was, so much less is left to collect: what is kept back (R8), or not refunded (R7), stays owed.
    """
    c = payments_t.c
    payment = tx.execute(select(c.id, c.method, c.status, c.amount).where(c.order_id == order.id)).one_or_none()
    if payment is None:
        return ReturnStatus.COMPLETED
    update = payments_t.update().where(c.id == payment.id)
    if payment.status == PaymentStatus.SUCCEEDED and payment.method == PaymentMethod.STRIPE:
        if not outcome.refund:
            return ReturnStatus.COMPLETED
        ask_refund(
            tx,
            order_id=order.id,
            payment_id=payment.id,
            return_id=return_id,
            amount=outcome.refund,
            cause=f"return:{return_id}",
            at=now,
        )
        return ReturnStatus.REFUNDING
    if payment.status == PaymentStatus.SUCCEEDED:
        tx.execute(update.values(refunded=c.refunded + outcome.refund.minor))
    elif payment.status == PaymentStatus.PENDING:
        left = payment.amount - outcome.refund.minor
        if left <= 0:
            tx.execute(update.values(status=PaymentStatus.CANCELLED.value))
        else:
            tx.execute(update.values(amount=left))
    return ReturnStatus.COMPLETED


def _move_goods(
    tx: Transaction, kind: str, lines: Sequence[KeptLine], taken: Mapping[str, int], cause: Cause, *, restock: bool
) -> None:
    """Returned goods go back to stock. A swap first takes the goods that it sends (R12)."""
    moved = units_taken(lines, taken)
    offers: Counter[str] = Counter()
    for line in lines:
        if line.exchange_offer_id is not None:
            offers[line.exchange_offer_id] += taken.get(line.id, 0)
    if kind == ReturnKind.SWAP:
        _send_again(tx, lines, moved, cause)
    else:
        stock.unredeem(tx, {offer_id: count for offer_id, count in offers.items() if count})
    if restock:
        stock.put_back(tx, moved, cause)


def _send_again(tx: Transaction, lines: Sequence[KeptLine], units: Mapping[str, int], cause: Cause) -> None:
    lacking = stock.take(tx, units, cause)
    if not lacking:
        return
    there = stock.available(tx, lacking)
    skus = skus_of(tx, lines)
    raise Refused(*(InsufficientStock(path=("returnId",), sku=skus[v], available=there.get(v, 0)) for v in lacking))

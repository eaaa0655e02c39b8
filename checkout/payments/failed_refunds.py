"""What staff do about a refund that the provider has refused for good: send it again, or pay it out by other means."""

from __future__ import annotations

from checkout.payments.refunds import RefundRecord, ask_refund, refunds_for_the_same, refunds_t
from checkout.payments.send_refund import count_refunded, lock_refund, move_return
from checkout.payments.tables import RefundStatus
from checkout.shop import Shop
from checkout.tables import ReturnStatus
from kernel.database import Transaction
from kernel.money import Money
from kernel.refusals import NotFound, Refusals, Refused, invalid
from kernel.texts import MAX_TEXT, read_text
from staff import audit

_PATH = ("refundId",)


def retry_refund(shop: Shop, refund_id: str, *, actor: str) -> str:
    """Owns its transaction. Sends a failed refund once more, and returns the new one's id.

    One that has been sent again already, or was not refused, stays as it is: the latest one's id.

    Raises:
        Refused: there is no such refund, or it was paid out by other means.
    """
    now = shop.clock.now()
    with shop.db.write() as tx:
        refund, attempts = _latest(tx, refund_id)
        if refund.status == RefundStatus.PAID_OUT:
            raise Refused(invalid(_PATH, "refund_paid_out"))
        if refund.status != RefundStatus.FAILED:
            return refund.id
        first = f"return:{refund.return_id}" if refund.return_id else f"order:{refund.order_id}"
        ask_refund(
            tx,
            order_id=refund.order_id,
            payment_id=refund.payment_id,
            return_id=refund.return_id,
            amount=Money(refund.amount, refund.currency),
            cause=f"{first}:{attempts + 1}",
            at=now,
        )
        move_return(tx, refund, ReturnStatus.REFUNDING, now)
        again, _ = _latest(tx, refund_id)
        audit.record(
            tx,
            at=now,
            actor=actor,
            action="retryRefund",
            subject_id=refund.return_id or refund.order_id,
            before={"refund": refund.id, "problem": refund.problem},
            after={"refund": again.id},
        )
    return again.id


def record_refund_paid_out(shop: Shop, refund_id: str, *, note: str, actor: str) -> str:
    """Owns its transaction. A failed refund has been paid out by other means, which `note` says; returns its id.

    Recorded already: changes nothing.

    Raises:
        Refused: there is no such refund, it has not failed (what is on its way would be paid twice), or no note.
    """
    refusals = Refusals()
    note = read_text(refusals, ("note",), note, most=MAX_TEXT, needed=True)
    refusals.raise_any()
    now = shop.clock.now()
    with shop.db.write() as tx:
        refund, _ = _latest(tx, refund_id)
        if refund.status == RefundStatus.PAID_OUT:
            return refund.id
        if refund.status != RefundStatus.FAILED:
            raise Refused(invalid(_PATH, "refund_not_failed"))
        values = {"status": RefundStatus.PAID_OUT.value, "note": note, "completed_at": now}
        tx.execute(refunds_t.update().where(refunds_t.c.id == refund.id).values(**values))
        count_refunded(tx, refund, refund.amount)
        move_return(tx, refund, ReturnStatus.COMPLETED, now)
        audit.record(
            tx,
            at=now,
            actor=actor,
            action="recordRefundPaidOut",
            subject_id=refund.return_id or refund.order_id,
            before={"refund": refund.id, "problem": refund.problem},
            after={"refund": refund.id, "note": note},
        )
    return refund.id


def _latest(tx: Transaction, refund_id: str) -> tuple[RefundRecord, int]:
    """The latest refund for what this one was for, under its member's lock, and how many there are."""
    locked = lock_refund(tx, refund_id)
    if locked is None:
        raise Refused(NotFound(path=_PATH, what="refund"))
    same = refunds_for_the_same(tx, locked)
    return same[0], len(same)

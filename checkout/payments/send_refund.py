"""Sends money back, once, and finds out what became of it (R7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from checkout.orders import owner_of_order
from checkout.payments.gateway import ProviderRefund, ProviderRefundState, ProviderRefused
from checkout.payments.look_at_payment import gateway_of
from checkout.payments.outbox_words import in_outbox_words
from checkout.payments.records import payment_of_order, payments_t
from checkout.payments.refunds import RefundRecord, refund_of_reference, refunds_by_id, refunds_t
from checkout.payments.tables import RefundStatus
from checkout.payments.watch_payment import pause
from checkout.returns.records import returns_t
from checkout.shop import Shop
from checkout.states import return_moved
from checkout.tables import PaymentStatus, ReturnStatus
from kernel.database import Transaction, TryAgain
from kernel.money import Money
from kernel.outbox import Handler, Message
from members.book import open_book

LOOK = "refund.look"

# Answers may be recorded in another order than they were given. Money that was taken may come back from the bank.
_MOVES = {
    RefundStatus.PENDING: {RefundStatus.PENDING, RefundStatus.SUCCEEDED, RefundStatus.FAILED},
    RefundStatus.SUCCEEDED: {RefundStatus.FAILED},
    RefundStatus.FAILED: set[RefundStatus](),
    RefundStatus.PAID_OUT: set[RefundStatus](),
}


def send_refund(shop: Shop, refund_id: str) -> RefundStatus | None:
    """Owns its transactions. What the refund has come to; None where there is no such refund.

    The provider forgets a key after a day, so it is first asked whether it has this refund already.

    Raises:
        ProviderSilent: it does not say. The refund stays PENDING.
    """
    with shop.db.read() as conn:
        refund = refunds_by_id(conn, [refund_id]).get(refund_id)
        payment = None if refund is None else payment_of_order(conn, refund.order_id)
    if refund is None:
        return None
    if refund.status != RefundStatus.PENDING:
        return RefundStatus(refund.status)
    assert payment is not None
    gateway = gateway_of(shop)
    if refund.provider_reference is not None:
        return take_answer(shop, refund.id, gateway.find_refund(refund.provider_reference))
    assert payment.reference is not None, "what was paid online has the provider's name"
    sent = {theirs.refund_id: theirs for theirs in gateway.refunds_of(payment.reference)}
    found = sent.get(refund.id)
    if found is None:
        try:
            amount = Money(refund.amount, refund.currency)
            found = gateway.refund(payment.reference, amount, key=refund.cause, refund_id=refund.id)
        except ProviderRefused as refused:
            return _take(shop, refund.id, RefundStatus.FAILED, None, refused.problem)
    return take_answer(shop, refund.id, found)


def take_answer(shop: Shop, refund_id: str, found: ProviderRefund) -> RefundStatus:
    """Does what the provider's answer means. Owns its transaction."""
    status = {
        ProviderRefundState.PENDING: RefundStatus.PENDING,
        ProviderRefundState.SUCCEEDED: RefundStatus.SUCCEEDED,
        ProviderRefundState.FAILED: RefundStatus.FAILED,
    }[found.state]
    return _take(shop, refund_id, status, found.reference, found.problem)


def sends(shop: Shop) -> Handler:
    """Does what a message of kind `refund.send` asks for; its key is the refund. A "no" is told by the refund."""

    def handle(message: Message) -> timedelta | None:
        with in_outbox_words():
            status = send_refund(shop, message.key)
        if status is not RefundStatus.PENDING:
            return None
        with shop.db.read() as conn:
            refund = refunds_by_id(conn, [message.key])[message.key]
        return pause(shop.clock.now() - refund.created_at)

    return handle


def looks(shop: Shop) -> Handler:
    """Does what a message of kind `refund.look` asks for: an event was about this refund, perhaps one of ours."""

    def handle(message: Message) -> None:
        with in_outbox_words():
            found = gateway_of(shop).find_refund(message.payload["reference"])
        with shop.db.read() as conn:
            refund = refund_of_reference(conn, found.reference)
            if refund is None and found.refund_id is not None:
                refund = refunds_by_id(conn, [found.refund_id]).get(found.refund_id)
        if refund is not None:
            take_answer(shop, refund.id, found)

    return handle


def _take(shop: Shop, refund_id: str, status: RefundStatus, reference: str | None, problem: str | None) -> RefundStatus:
    return shop.db.retrying(lambda: _record(shop, refund_id, status, reference, problem, shop.clock.now()))


def _record(
    shop: Shop, refund_id: str, status: RefundStatus, reference: str | None, problem: str | None, now: datetime
) -> RefundStatus:
    with shop.db.write() as tx:
        refund = lock_refund(tx, refund_id)
        assert refund is not None
        if status not in _MOVES[RefundStatus(refund.status)]:
            return RefundStatus(refund.status)
        over = status is not RefundStatus.PENDING
        values = {
            "status": status.value,
            "provider_reference": reference or refund.provider_reference,
            "problem": problem,
            "completed_at": now if over else None,
        }
        tx.execute(refunds_t.update().where(refunds_t.c.id == refund_id).values(**values))
        if status is RefundStatus.SUCCEEDED:
            count_refunded(tx, refund, refund.amount)
            move_return(tx, refund, ReturnStatus.COMPLETED, now)
        elif status is RefundStatus.FAILED:
            if refund.status == RefundStatus.SUCCEEDED:
                count_refunded(tx, refund, -refund.amount)
            move_return(tx, refund, ReturnStatus.REFUND_FAILED, now)
    return status


def lock_refund(tx: Transaction, refund_id: str) -> RefundRecord | None:
    """A refund as it stands under its member's lock; None where there is none."""
    found = refunds_by_id(tx, [refund_id]).get(refund_id)
    if found is None:
        return None
    owner = owner_of_order(tx, found.order_id, member_id=None)
    open_book(tx, owner)
    if owner_of_order(tx, found.order_id, member_id=None) != owner:
        raise TryAgain("the order has moved to another account")
    return refunds_by_id(tx, [refund_id])[refund_id]


def count_refunded(tx: Transaction, refund: RefundRecord, change: int) -> None:
    """What has gone back of a payment, in minor units. Not of one that was never recorded: its amount was wrong."""
    c = payments_t.c
    tx.execute(
        payments_t.update()
        .where(c.id == refund.payment_id, c.status == PaymentStatus.SUCCEEDED.value, c.currency == refund.currency)
        .values(refunded=c.refunded + change)
    )


def move_return(tx: Transaction, refund: RefundRecord, to: ReturnStatus, now: datetime) -> None:
    """The refund's return follows it, where it has one."""
    if refund.return_id is None:
        return
    c = returns_t.c
    status = tx.execute(returns_t.select().with_only_columns(c.status).where(c.id == refund.return_id)).scalar_one()
    if status == to:
        return
    values = {
        "status": return_moved(status, to).value,
        "completed_at": now if to is ReturnStatus.COMPLETED else None,
    }
    tx.execute(returns_t.update().where(c.id == refund.return_id).values(**values))

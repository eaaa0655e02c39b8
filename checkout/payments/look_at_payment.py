"""Asks the provider how a payment stands, and acts on the answer.

Events are only a reason to look: what they say is not used. So they may come twice, late, in another order, or before
our own transaction has ended, and change nothing.
"""

from __future__ import annotations

from datetime import datetime

from checkout.current import standing_until
from checkout.due import advance, last_before_answers
from checkout.payments.gateway import Gateway, ProviderPayment, ProviderPaymentState, ProviderSilent
from checkout.payments.records import AskedPayment, payment_of_order, payment_of_reference, payments_t
from checkout.payments.refunds import ask_refund
from checkout.payments.verdict import Verdict, differs, judge, open_status
from checkout.shop import Shop
from checkout.standing import Standing, StandingOrder, orders_t, write_standing
from checkout.states import moved
from checkout.tables import IntentState, OrderStatus, PaymentStatus
from kernel.database import Transaction, TryAgain
from kernel.outbox import GiveUp, TryLater


def look_at_payment(shop: Shop, order_id: str) -> Verdict:
    """Owns its transaction. What the order's payment has come to; NOTHING where the provider was never asked for it.

    Raises:
        ProviderError: the provider does not say.
    """
    with shop.db.read() as conn:
        payment = payment_of_order(conn, order_id)
    if payment is None or payment.reference is None:
        return Verdict.NOTHING
    return take_answer(shop, order_id, gateway_of(shop).find_payment(payment.reference))


def look_at_reference(shop: Shop, reference: str) -> Verdict:
    """The same, for a payment by the provider's name for it. NOTHING for one that is not ours.

    Raises:
        ProviderError: the provider does not say.
        TryLater: it is for an order that is not there; our transaction may not have ended.
        GiveUp: it is a second payment for its order, and has been paid.
    """
    found = gateway_of(shop).find_payment(reference)
    with shop.db.read() as conn:
        payment = payment_of_reference(conn, reference)
        if payment is None:
            if found.order_id is None:
                return Verdict.NOTHING
            payment = payment_of_order(conn, found.order_id)
    if payment is None:
        raise TryLater("order_not_there")
    if payment.reference not in (None, reference):
        if found.state is not ProviderPaymentState.SUCCEEDED:
            # One that the provider opened while it failed: nobody was ever shown where to pay it.
            return Verdict.NOTHING
        raise GiveUp("second_payment")
    return take_answer(shop, payment.order_id, found)


def take_answer(shop: Shop, order_id: str, found: ProviderPayment) -> Verdict:
    """Does what the provider's answer means. Owns its transaction."""
    return shop.db.retrying(lambda: _take(shop, order_id, found, shop.clock.now()))


def forget_unopened(shop: Shop, order_id: str) -> None:
    """Nobody was ever asked to pay for an order, and nobody will be. Owns its transaction."""
    shop.db.retrying(lambda: _forget(shop, order_id, shop.clock.now()))


def gateway_of(shop: Shop) -> Gateway:
    """Who takes the payments. Raises ProviderSilent where nobody does any more: whoever sets it up finds it waiting."""
    if shop.gateway is None:
        raise ProviderSilent("provider_not_set_up")
    return shop.gateway


def _forget(shop: Shop, order_id: str, now: datetime) -> None:
    with shop.db.write() as tx:
        payment = payment_of_order(tx, order_id)
        assert payment is not None
        until = min(payment.pay_before or now, now)
        standing, programs = standing_until(tx, shop.shelf, payment.member_id, until, order_id=order_id)
        _no_longer_asks(standing, standing.order(order_id))
        advance(standing, programs, until, last=last_before_answers(standing, until))
        write_standing(tx, standing)


def _take(shop: Shop, order_id: str, found: ProviderPayment, now: datetime) -> Verdict:
    with shop.db.write() as tx:
        payment = payment_of_order(tx, order_id)
        assert payment is not None
        # Until its own end, no further: what follows that depends on what is decided here.
        until = min(payment.pay_before or now, now)
        standing, programs = standing_until(tx, shop.shelf, payment.member_id, until, order_id=order_id)
        # Read again: only under the member's lock is its state certain.
        owner, payment = payment.member_id, payment_of_order(tx, order_id)
        assert payment is not None
        if payment.member_id != owner:
            raise TryAgain("the order has moved to another account")
        order = standing.order(order_id)
        verdict = judge(order.status, payment.status, payment.due, found)
        if payment.reference is None:
            _note(tx, payment, provider_reference=found.reference)
        if verdict is Verdict.PAID:
            _is_paid(tx, standing, order, payment, at=until, now=now)
        elif verdict is Verdict.SEND_BACK:
            _send_back(tx, payment, found, now)
        elif verdict is Verdict.DIFFERS:
            _note(tx, payment, problem=differs(payment.due, found))
            if order.intent == IntentState.CLOSING:
                _no_longer_asks(standing, order)
                _send_back(tx, payment, found, now)
        elif verdict is Verdict.CLOSED:
            _note(tx, payment, status=PaymentStatus.CANCELLED.value)
            _no_longer_asks(standing, order)
        elif verdict is Verdict.WAITS:
            _note(tx, payment, status=open_status(found).value)
        # Where nobody can pay it any more, it is cancelled at its own instant, however late that is known (R11).
        advance(standing, programs, until, last=last_before_answers(standing, until))
        write_standing(tx, standing)
    return verdict


def _is_paid(
    tx: Transaction, standing: Standing, order: StandingOrder, payment: AskedPayment, *, at: datetime, now: datetime
) -> None:
    """Paid from now on, or from the end of its time where that has passed: money that has arrived is never lost, and
    somebody who had looked then would have found it (R11).
    """
    _note(tx, payment, status=PaymentStatus.SUCCEEDED.value, recorded_at=now, problem=None)
    _no_longer_asks(standing, order)
    order.status = moved(order.status, OrderStatus.PAID)
    order.paid_at = at
    tx.execute(orders_t.update().where(orders_t.c.id == order.id).values(paid_at=at))


def _no_longer_asks(standing: Standing, order: StandingOrder) -> None:
    order.intent = None
    standing.to_close = [waiting for waiting in standing.to_close if waiting is not order]


def _send_back(tx: Transaction, payment: AskedPayment, found: ProviderPayment, now: datetime) -> None:
    """Money came for an order that is cancelled: all of it goes back."""
    if found.received == payment.due and found.exact:
        _note(tx, payment, status=PaymentStatus.SUCCEEDED.value, recorded_at=now)
    cause = f"order:{payment.order_id}"
    ask_refund(tx, order_id=payment.order_id, payment_id=payment.id, amount=found.received, cause=cause, at=now)


def _note(tx: Transaction, payment: AskedPayment, **values: object) -> None:
    tx.execute(payments_t.update().where(payments_t.c.id == payment.id).values(**values))

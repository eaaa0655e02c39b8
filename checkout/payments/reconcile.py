"""Compares orders, payments and refunds with what the provider says of them, in both directions. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, select

from checkout.payments.gateway import (
    Gateway,
    ProviderPayment,
    ProviderPaymentState,
    ProviderRefund,
    ProviderRefused,
)
from checkout.payments.records import AskedPayment, asked_since, payment_of_order, payment_of_reference
from checkout.payments.refunds import (
    RefundRecord,
    refund_of_reference,
    refunds_by_id,
    refunds_since,
    refunds_t,
)
from checkout.payments.tables import RefundStatus
from checkout.tables import OrderStatus, PaymentStatus
from kernel.money import Money

_PAID = (OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.SETTLED, OrderStatus.RETURNED)
_UNKNOWN = "unknown"

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Difference:
    """`about` is an order's number, or the provider's name for what no order of ours explains."""

    about: str
    what: str
    here: str
    there: str


def reconcile(conn: Connection, gateway: Gateway, since: datetime) -> Iterator[Difference]:
    """All that differs of what was asked for or sent back since an instant, here or there.

    Raises:
        ProviderError: the provider does not say.
    """
    yield from _payments(conn, gateway, since)
    yield from _refunds(conn, gateway, since)


def _payments(conn: Connection, gateway: Gateway, since: datetime) -> Iterator[Difference]:
    seen: set[str] = set()
    for theirs in gateway.payments_since(since):
        seen.add(theirs.reference)
        ours = payment_of_reference(conn, theirs.reference)
        if ours is not None:
            yield from _compare(ours, theirs)
        else:
            yield from _unknown_here(conn, theirs)
    for ours in asked_since(conn, since):
        if ours.reference is None:
            if ours.order_status in _PAID or ours.status == PaymentStatus.SUCCEEDED:
                yield Difference(ours.order_number, "payment", ours.status, _UNKNOWN)
        elif ours.reference not in seen:
            theirs = _found(gateway.find_payment, ours.reference)
            if theirs is None:
                yield Difference(ours.order_number, f"payment {ours.reference}", ours.status, _UNKNOWN)
            else:
                yield from _compare(ours, theirs)


def _unknown_here(conn: Connection, theirs: ProviderPayment) -> Iterator[Difference]:
    """An account may serve other businesses: what names no order and was not paid is theirs alone."""
    order = None if theirs.order_id is None else payment_of_order(conn, theirs.order_id)
    if order is not None and order.reference is None and theirs.state is not ProviderPaymentState.SUCCEEDED:
        # Whoever asked died before writing it down; nobody was ever shown where to pay.
        return
    if theirs.order_id is not None or theirs.state is ProviderPaymentState.SUCCEEDED:
        about = theirs.reference if order is None else order.order_number
        yield Difference(about, f"payment {theirs.reference}", _UNKNOWN, f"{theirs.state} {_told(theirs.amount)}")


def _compare(ours: AskedPayment, theirs: ProviderPayment) -> Iterator[Difference]:
    number, paid_there = ours.order_number, theirs.state is ProviderPaymentState.SUCCEEDED
    paid_here = ours.status == PaymentStatus.SUCCEEDED
    if theirs.amount != ours.due or not theirs.exact:
        yield Difference(number, "amount asked for", _told(ours.due), _told(theirs.amount))
    elif paid_there and theirs.received != ours.due:
        yield Difference(number, "amount received", _told(ours.due), _told(theirs.received))
    if paid_there != paid_here:
        yield Difference(number, "payment", ours.status, theirs.state)
    elif ours.order_status == OrderStatus.CANCELLED and not paid_there:
        if theirs.state is not ProviderPaymentState.CANCELLED:
            yield Difference(number, "payment of a cancelled order", ours.status, theirs.state)
    elif theirs.state is ProviderPaymentState.CANCELLED and ours.status != PaymentStatus.CANCELLED:
        yield Difference(number, "payment", ours.status, theirs.state)
    if paid_here and ours.order_status == OrderStatus.AWAITING_PAYMENT:
        yield Difference(number, "order", ours.order_status, theirs.state)
    if ours.order_status in _PAID and not paid_here:
        yield Difference(number, "order", ours.order_status, theirs.state)


def _refunds(conn: Connection, gateway: Gateway, since: datetime) -> Iterator[Difference]:
    seen: set[str] = set()
    for theirs in gateway.refunds_since(since):
        seen.add(theirs.reference)
        ours = refund_of_reference(conn, theirs.reference)
        if ours is None and theirs.refund_id is not None:
            ours = refunds_by_id(conn, [theirs.refund_id]).get(theirs.refund_id)
        if ours is not None:
            seen.add(ours.id)
            yield from _compare_refund(_number(conn, ours), ours, theirs)
            continue
        payment = None if theirs.payment_reference is None else payment_of_reference(conn, theirs.payment_reference)
        if payment is not None or theirs.refund_id is not None:
            about = theirs.reference if payment is None else payment.order_number
            there = f"{theirs.state} {_told(theirs.amount)}"
            yield Difference(about, f"refund {theirs.reference}", _UNKNOWN, there)
    for ours in refunds_since(conn, since):
        if ours.id in seen or ours.status == RefundStatus.PAID_OUT:
            continue
        what = f"refund {ours.provider_reference or ours.id}"
        here = f"{ours.status} {_told(Money(ours.amount, ours.currency))}"
        theirs = None
        if ours.provider_reference is not None:
            theirs = _found(gateway.find_refund, ours.provider_reference)
        if theirs is not None:
            yield from _compare_refund(_number(conn, ours), ours, theirs)
        elif ours.status != RefundStatus.FAILED or not _is_settled(conn, ours):
            yield Difference(_number(conn, ours), what, here, _UNKNOWN)


def _compare_refund(number: str, ours: RefundRecord, theirs: ProviderRefund) -> Iterator[Difference]:
    amount = Money(ours.amount, ours.currency)
    if theirs.amount != amount:
        yield Difference(number, f"refund {theirs.reference}", _told(amount), _told(theirs.amount))
    here = RefundStatus.FAILED if ours.status == RefundStatus.PAID_OUT else ours.status
    if here != theirs.state.value:
        yield Difference(number, f"refund {theirs.reference}", ours.status, theirs.state)


def _is_settled(conn: Connection, failed: RefundRecord) -> bool:
    """Whether a failed refund has been sent again since, or paid out by other means."""
    c = refunds_t.c
    later = conn.execute(
        select(c.id).where(
            c.order_id == failed.order_id,
            c.return_id.is_not_distinct_from(failed.return_id),
            c.status != RefundStatus.FAILED.value,
        )
    ).first()
    return later is not None


def _number(conn: Connection, refund: RefundRecord) -> str:
    payment = payment_of_order(conn, refund.order_id)
    assert payment is not None
    return payment.order_number


def _found(find: Callable[[str], Found], reference: str) -> Found | None:
    """None where the provider does not know it."""
    try:
        return find(reference)
    except ProviderRefused as refused:
        if refused.problem != "provider_does_not_know":
            raise
        return None


def _told(amount: Money) -> str:
    return f"{amount} {amount.currency}"

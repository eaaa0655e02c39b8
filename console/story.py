"""An order's story: what has happened, newest last, and what will happen by itself if nobody does anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from checkout.payments.tables import RefundStatus
from checkout.queries import ReturnRecord
from checkout.tables import OrderStatus, PaymentStatus, ReturnStatus
from console.order_view import OrderView
from console.visit import Visit

# So long before its end a period still names its last day: 2 March 00:00 is "through 1 March".
_JUST_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True)
class Event:
    """`at` None: no instant is set for it. `ahead`: it has not happened yet."""

    at: datetime | None
    text: str
    detail: str = ""
    ahead: bool = False
    bad: bool = False


def story(view: OrderView, visit: Visit, now: datetime) -> list[Event]:
    past = [event for event in _past(view, visit) if event.at is not None]
    past.sort(key=lambda event: event.at or now)
    return past + _ahead(view, visit, now)


def _past(view: OrderView, visit: Visit) -> list[Event]:
    order, t, f = view.order, visit.t, visit.formats
    events = [Event(order.placed_at, t("event_placed"), t("event_placed_detail", tier=view.tier))]
    if order.paid_at is not None and order.due:
        cash_later = view.payment is not None and view.payment.method == "CASH_ON_DELIVERY"
        events.append(Event(order.paid_at, t("event_on_delivery" if cash_later else "event_paid")))
    elif order.paid_at is not None:
        events.append(Event(order.paid_at, t("event_nothing_due")))
    if view.payment is not None and view.payment.recorded_at is not None and view.payment.method == "CASH_ON_DELIVERY":
        events.append(
            Event(view.payment.recorded_at, t("event_cash", amount=f.minor(view.payment.amount, order.currency)))
        )
    if order.shipped_at is not None:
        detail = " · ".join(part for part in (order.carrier, order.tracking_number) if part)
        events.append(Event(order.shipped_at, t("event_shipped"), detail))
    if order.settled_at is not None:
        events.append(
            Event(order.settled_at, t("event_settled"), t("event_settled_detail", n=f.points(order.points_to_earn)))
        )
    if order.cancelled_at is not None:
        events.append(Event(order.cancelled_at, t("event_cancelled")))
    for each in view.returns:
        events += _of_return(each, visit)
    for refund in view.refunds:
        amount = f.minor(refund.amount, refund.currency)
        if refund.completed_at is not None:
            events.append(Event(refund.completed_at, t("event_refunded", amount=amount)))
        elif refund.status == RefundStatus.FAILED:
            events.append(Event(refund.created_at, t("event_refund_failed", amount=amount), bad=True))
        else:
            events.append(Event(refund.created_at, t("event_refund_sent", amount=amount)))
    return events


def _of_return(each: ReturnRecord, visit: Visit) -> list[Event]:
    t = visit.t
    kind = t(f"kind_{each.kind}")
    events = [Event(each.requested_at, t("event_return_asked", kind=kind, number=each.number), each.reason)]
    if each.status == ReturnStatus.COMPLETED:
        events.append(Event(each.completed_at, t("event_return_done", kind=kind, number=each.number)))
    return events


def _ahead(view: OrderView, visit: Visit, now: datetime) -> list[Event]:
    order, t, f = view.order, visit.t, visit.formats
    open_returns = any(each.status == ReturnStatus.REQUESTED for each in view.returns)
    ahead: list[Event] = []
    if order.status == OrderStatus.AWAITING_PAYMENT and order.pay_before is not None:
        ahead.append(Event(order.pay_before, t("ahead_cancelled"), t("ahead_cancelled_detail"), ahead=True))
    if order.status == OrderStatus.PAID:
        ahead.append(Event(None, t("ahead_ship"), ahead=True))
    if view.payment is not None and view.can_record_cash and view.payment.status == PaymentStatus.PENDING:
        amount = f.minor(view.payment.amount, order.currency)
        ahead.append(Event(None, t("ahead_cash", amount=amount), ahead=True))
    returnable = order.status in (OrderStatus.SHIPPED, OrderStatus.SETTLED)
    if returnable and order.returnable_until is not None and order.returnable_until > now:
        last = f.when(order.returnable_until - _JUST_BEFORE)
        ahead.append(Event(order.returnable_until, t("ahead_window"), t("ahead_window_detail", at=last), ahead=True))
    if order.status == OrderStatus.SHIPPED and order.settles_at is not None:
        waits = (
            t("ahead_settles_waits") if open_returns else t("ahead_settles_detail", n=f.points(order.points_to_earn))
        )
        ahead.append(Event(None if open_returns else order.settles_at, t("ahead_settles"), waits, ahead=True))
    return ahead

"""An order's story: what has happened, newest last, and what will happen by itself if nobody does anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from checkout.payments.refunds import RefundRecord
from checkout.payments.tables import RefundStatus
from checkout.queries import ReturnRecord
from checkout.tables import OrderStatus, PaymentStatus, ReturnStatus
from console.order_view import OrderView
from console.visit import Visit
from console.who import who_did

# So long before its end a period still names its last day: 2 March 00:00 is "through 1 March".
_JUST_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True)
class Event:
    """`at` None: no instant is set for it, or, of what has happened, nobody noted it; `after` says where it belongs.
    `ahead`: it has not happened yet. `who` did it, where staff did and the viewer may know.
    """

    at: datetime | None
    text: str
    detail: str = ""
    ahead: bool = False
    bad: bool = False
    who: str = ""
    after: datetime | None = None


def story(view: OrderView, visit: Visit, now: datetime) -> list[Event]:
    past = _past(view, visit)
    past.sort(key=lambda event: event.at or event.after or now)
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
        by = who_did(visit, view.deeds.the(order.id, "recordCashPayment"))
        amount = f.minor(view.payment.amount, order.currency)
        events.append(Event(view.payment.recorded_at, t("event_cash", amount=amount), who=by))
    if order.shipped_at is not None:
        detail = " · ".join(part for part in (order.carrier, order.tracking_number) if part)
        by = who_did(visit, view.deeds.the(order.id, "shipOrder"))
        events.append(Event(order.shipped_at, t("event_shipped"), detail, who=by))
    if order.settled_at is not None:
        events.append(
            Event(order.settled_at, t("event_settled"), t("event_settled_detail", n=f.points(order.points_to_earn)))
        )
    if order.cancelled_at is not None:
        events.append(Event(order.cancelled_at, t("event_cancelled")))
    for each in view.returns:
        events += _of_return(each, view, visit)
    for refund in view.refunds:
        events += _of_refund(refund, view, visit)
    return events


def _of_return(each: ReturnRecord, view: OrderView, visit: Visit) -> list[Event]:
    names = {"kind": visit.t(f"kind_{each.kind}"), "number": each.number}

    def told(at: datetime | None, text: str, detail: str | None = None, by: str = "") -> Event:
        return Event(at, visit.t(text, **names), detail or "", who=by, after=each.requested_at)

    def by(action: str) -> str:
        return who_did(visit, view.deeds.the(each.id, action))

    events = [told(each.requested_at, "event_return_asked", each.reason, by("openReturn"))]
    if each.status == ReturnStatus.REJECTED:
        return [*events, told(each.closed_at, "event_return_rejected", each.rejection_reason, by("rejectReturn"))]
    if each.status == ReturnStatus.CANCELLED:
        return [*events, told(each.closed_at, "event_return_withdrawn")]
    received, done = view.deeds.the(each.id, "receiveReturn"), each.completed_at
    of_goods = " · ".join(part for part in (restock_words(each, visit), each.note) if part)
    if received is not None and received.at != done:
        events.append(told(received.at, "event_return_received", of_goods, by("receiveReturn")))
        of_goods = ""
    if each.status == ReturnStatus.COMPLETED:
        events.append(told(done, "event_return_done", of_goods, by("receiveReturn") if of_goods else ""))
    return events


def restock_words(record: ReturnRecord, visit: Visit) -> str:
    """What became of the goods; "" while they are not here."""
    return "" if record.restock is None else visit.t("restock_yes" if record.restock else "restock_no")


def _of_refund(refund: RefundRecord, view: OrderView, visit: Visit) -> list[Event]:
    amount = visit.formats.minor(refund.amount, refund.currency)
    again = view.deeds.of_refund(refund.id, "retryRefund")
    events: list[Event] = []
    if again is not None:
        events.append(Event(refund.created_at, visit.t("event_refund_again", amount=amount), who=who_did(visit, again)))
    if refund.status == RefundStatus.PAID_OUT:
        by = who_did(visit, view.deeds.of_refund(refund.id, "recordRefundPaidOut"))
        text = visit.t("event_refund_paid_out", amount=amount)
        events.append(Event(refund.completed_at, text, refund.note or "", who=by))
    elif refund.status == RefundStatus.FAILED:
        events.append(
            Event(refund.completed_at or refund.created_at, visit.t("event_refund_failed", amount=amount), bad=True)
        )
    elif refund.completed_at is not None:
        events.append(Event(refund.completed_at, visit.t("event_refunded", amount=amount)))
    elif again is None:
        events.append(Event(refund.created_at, visit.t("event_refund_sent", amount=amount)))
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

"""What staff have to look at: money that is wrong or does not go back, and what could not leave the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, exists, select

from checkout.payments.tables import RefundRow, RefundStatus
from checkout.tables import OrderRow, OrderStatus, PaymentRow
from kernel.database import table_of
from kernel.outbox import OutboxState, outbox_page
from kernel.paging import Window
from members.sms import SMS_CODE

MOST = 100
FEW = 5

orders_t = table_of(OrderRow)
payments_t = table_of(PaymentRow)
refunds_t = table_of(RefundRow)


class TroubleKind(StrEnum):
    PAYMENT_PROBLEM = "PAYMENT_PROBLEM"
    REFUND_FAILED = "REFUND_FAILED"
    MESSAGE_SET_ASIDE = "MESSAGE_SET_ASIDE"


@dataclass(frozen=True, slots=True)
class Trouble:
    """`id` is the payment's, the refund's or the message's; `about` what it is about, mostly an order.

    `problem` is a word that the staff's texts explain, with what to do. `since` is the shop's time.
    """

    kind: TroubleKind
    id: str
    about: str
    since: datetime
    problem: str


def troubles(conn: Connection) -> list[Trouble]:
    """All that waits for somebody, of each kind the newest hundred; of sign-in codes that did not go out, five."""
    return [*_payments(conn), *_refunds(conn), *_messages(conn)]


def _payments(conn: Connection) -> list[Trouble]:
    """Wrong money for orders that still wait. Once an order is cancelled, what came has gone back."""
    p, o = payments_t.c, orders_t.c
    rows = conn.execute(
        select(p.id, p.order_id, o.placed_at, p.problem)
        .join(orders_t, o.id == p.order_id)
        .where(p.problem.is_not(None), o.status == OrderStatus.AWAITING_PAYMENT.value)
        .order_by(o.placed_at.desc(), o.id.desc())
        .limit(MOST)
    )
    return [Trouble(TroubleKind.PAYMENT_PROBLEM, *row) for row in rows]


def _refunds(conn: Connection) -> list[Trouble]:
    """Failed refunds that nobody has sent again."""
    r, later = refunds_t.c, refunds_t.alias("later")
    sent_again = exists().where(
        later.c.order_id == r.order_id, later.c.return_id.is_not_distinct_from(r.return_id), later.c.id > r.id
    )
    rows = conn.execute(
        select(r.id, r.order_id, r.completed_at, r.problem)
        .where(r.status == RefundStatus.FAILED.value, ~sent_again)
        .order_by(r.created_at.desc(), r.id.desc())
        .limit(MOST)
    )
    return [Trouble(TroubleKind.REFUND_FAILED, *row) for row in rows]


def _messages(conn: Connection) -> list[Trouble]:
    """Of sign-in codes a few are enough to see that they do not go out: anybody can have more of them fail, and must
    not push what is about money off the list.
    """
    money = outbox_page(conn, Window(size=MOST), OutboxState.SET_ASIDE, besides=SMS_CODE)
    codes = outbox_page(conn, Window(size=FEW), OutboxState.SET_ASIDE, kind=SMS_CODE)
    return [
        Trouble(TroubleKind.MESSAGE_SET_ASIDE, m.id, m.subject_id, m.created_at, m.problem or "unexpected")
        for m in (*money.items, *codes.items)
    ]

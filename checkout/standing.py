"""A member's standing: the account under lock, and the orders that may still change it.

Rules change a standing in memory; `write_standing` stores what has changed. So a preview, an import and a verb
run the same rules, and differ only in what they write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

from sqlalchemy import Connection, literal, select

from checkout.payments.closing import ask_to_close
from checkout.release import release_reservations
from checkout.tables import IntentState, OrderRow, OrderStatus
from kernel.database import Transaction, table_of
from members.book import Book, write_books

orders_t = table_of(OrderRow)

OPEN = (OrderStatus.AWAITING_PAYMENT, OrderStatus.PAID, OrderStatus.SHIPPED)
# Written into the statement word for word: with parameters, the partial index could not be used.
IS_OPEN = orders_t.c.status.in_([literal(status.value, literal_execute=True) for status in OPEN])


@dataclass(slots=True)
class StandingOrder:
    """What an order means to its member's account. Meanings: `checkout.tables.OrderRow`."""

    id: str
    member_seq: int
    status: str
    program_version: int
    currency: str
    paid_at: datetime | None
    pay_before: datetime | None
    settles_at: datetime | None
    settled_at: datetime | None
    settled_window: int | None
    cancelled_at: datetime | None
    open_returns: int
    points: int
    points_expired_at: datetime | None
    spend_kept: int
    points_to_earn: int
    intent: str | None = None

    @property
    def is_pending(self) -> bool:
        """Paid, and not settled yet."""
        return self.status in (OrderStatus.PAID, OrderStatus.SHIPPED)

    def is_overdue(self, now: datetime) -> bool:
        """Its time to be paid is up, and whether money has arrived has not been asked yet."""
        return (
            self.status == OrderStatus.AWAITING_PAYMENT
            and self.intent == IntentState.OPEN
            and self.pay_before is not None
            and self.pay_before <= now
        )


ORDER_FIELDS = tuple(f.name for f in fields(StandingOrder))
# What rules may change; the rest of an order is as it was placed.
_CHANGING = (
    "status",
    "settled_at",
    "settled_window",
    "cancelled_at",
    "open_returns",
    "spend_kept",
    "points_to_earn",
    "intent",
)


@dataclass(slots=True)
class Standing:
    """`orders` are those that are open, and the one that an action is about. `cancelled` wait to be released.

    `to_close` are those that the payment provider is to stop asking money for.
    """

    book: Book
    orders: list[StandingOrder] = field(default_factory=list[StandingOrder])
    cancelled: list[StandingOrder] = field(default_factory=list[StandingOrder])
    to_close: list[StandingOrder] = field(default_factory=list[StandingOrder])
    _stored: dict[str, tuple[object, ...]] = field(default_factory=dict[str, tuple[object, ...]])

    def order(self, order_id: str) -> StandingOrder:
        return next(order for order in self.orders if order.id == order_id)

    def remember_stored(self) -> None:
        self._stored = {order.id: _changing(order) for order in self.orders}

    def changed_orders(self) -> list[StandingOrder]:
        return [order for order in self.orders if self._stored.get(order.id) != _changing(order)]


def _changing(order: StandingOrder) -> tuple[object, ...]:
    return tuple(getattr(order, name) for name in _CHANGING)


def with_orders(conn: Connection, book: Book, order_id: str | None = None) -> Standing:
    """A book and its member's open orders, in the order they were placed."""
    columns = [orders_t.c[name] for name in ORDER_FIELDS]
    wanted = IS_OPEN
    if order_id is not None:
        wanted |= orders_t.c.id == order_id
    rows = conn.execute(
        select(*columns).where(orders_t.c.member_id == book.account.member_id, wanted).order_by(orders_t.c.member_seq)
    )
    standing = Standing(book, [StandingOrder(*row) for row in rows])
    standing.remember_stored()
    return standing


def write_standing(tx: Transaction, standing: Standing) -> None:
    """Stores what rules have changed. Runs inside the caller's transaction; stock is moved last."""
    for order in standing.changed_orders():
        tx.execute(
            orders_t.update()
            .where(orders_t.c.id == order.id)
            .values({name: getattr(order, name) for name in _CHANGING})
        )
    write_books(tx, [standing.book])
    release_cancelled(tx, [standing])
    standing.remember_stored()


def release_cancelled(tx: Transaction, standings: Sequence[Standing]) -> None:
    """Gives back what the orders had reserved that rules have cancelled, and writes down which the provider is to
    stop asking money for. Runs inside the caller's transaction.
    """
    for order in (order for standing in standings for order in standing.to_close):
        at = order.cancelled_at or order.pay_before
        assert at is not None
        ask_to_close(tx, order.id, at)
    cancelled = [order for standing in standings for order in standing.cancelled]
    release_reservations(tx, [(order.id, order.cancelled_at) for order in cancelled if order.cancelled_at])
    for standing in standings:
        standing.cancelled, standing.to_close = [], []

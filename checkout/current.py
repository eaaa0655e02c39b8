"""A member's account under lock, brought up to date inside the caller's transaction (R11)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from checkout.due import Rank, advance
from checkout.standing import Standing, with_orders, write_standing
from kernel.database import Transaction, TryAgain
from kernel.refusals import NotFound, Refused
from members.book import Book, open_book, read_book
from program.config import Programs
from program.versions import ProgramShelf


class PaymentMayHaveCome(Exception):
    """An unpaid order's time is up, and the provider has not been asked yet whether money has arrived.

    What happens after that instant depends on the answer, so nothing was done. See `checkout.timeline.in_time`.
    """

    def __init__(self, member_id: str) -> None:
        super().__init__(member_id)
        self.member_id = member_id


def current_book(tx: Transaction, shelf: ProgramShelf, member_id: str, now: datetime) -> tuple[Book, Programs]:
    """A member's account under lock, with all done that was due. For verbs that need no open orders.

    Raises:
        Refused: there is no such member (any more).
        PaymentMayHaveCome: the provider has to be asked first.
    """
    book = known(open_book(tx, member_id))
    refuse_closed(book)
    programs = shelf.programs(tx, book.latest_program)
    if is_due(book, now):
        standing = with_orders(tx, book)
        _let_happen(tx, standing, programs, now)
    return book, programs


def current_standing(
    tx: Transaction, shelf: ProgramShelf, member_id: str, now: datetime, *, order_id: str | None = None
) -> tuple[Standing, Programs]:
    """A member's standing under lock, with all done that was due, and one more order by id.

    Raises: as `current_book`.
    """
    book = known(open_book(tx, member_id))
    programs = shelf.programs(tx, book.latest_program)
    standing = _with_order(tx, book, order_id)
    if is_due(book, now):
        _let_happen(tx, standing, programs, now)
    return standing, programs


def standing_until(
    tx: Transaction, shelf: ProgramShelf, member_id: str, until: datetime, *, order_id: str | None = None
) -> tuple[Standing, Programs]:
    """A member's standing under lock, with all done that was due by an instant, which may have passed: for what
    asks the provider, or has its answer. Orders whose time is up then are closing, what comes after them at that
    instant has not happened, and nothing is written yet.

    Raises:
        Refused: there is no such member.
    """
    book = known(open_book(tx, member_id))
    programs = shelf.programs(tx, book.latest_program)
    standing = _with_order(tx, book, order_id)
    if is_due(book, until):
        advance(standing, programs, until, last=Rank.CANCELLATION)
    return standing, programs


def go_on(tx: Transaction, shelf: ProgramShelf, member_id: str, now: datetime) -> list[str]:
    """Lets happen what is due by now, or by the instant at which the first unpaid order's time is up: the orders
    (by id) that the provider has to be asked about before time goes on.

    Raises:
        Refused: there is no such member.
    """
    book = known(open_book(tx, member_id))
    if not is_due(book, now):
        return []
    programs = shelf.programs(tx, book.latest_program)
    standing = with_orders(tx, book)
    overdue = [order.pay_before for order in standing.orders if order.is_overdue(now) and order.pay_before]
    if overdue:
        advance(standing, programs, min(overdue), last=Rank.CANCELLATION)
    else:
        advance(standing, programs, now)
    closing = [order.id for order in standing.to_close]
    write_standing(tx, standing)
    return closing


def foreseen_standing(
    conn: Connection, shelf: ProgramShelf, member_id: str, now: datetime, *, order_id: str | None = None
) -> tuple[Standing, Programs]:
    """A member's standing as it is at an instant, worked out without a lock and never to be written.

    Raises:
        Refused: there is no such member.
    """
    book = known(read_book(conn, member_id))
    programs = shelf.programs(conn, book.latest_program)
    standing = with_orders(conn, book, order_id)
    advance(standing, programs, now)
    return standing, programs


def _with_order(tx: Transaction, book: Book, order_id: str | None) -> Standing:
    standing = with_orders(tx, book, order_id)
    if order_id is not None and all(order.id != order_id for order in standing.orders):
        # Between finding whose it is and having the lock, two accounts of one person became one.
        raise TryAgain("the order is another account's now")
    return standing


def _let_happen(tx: Transaction, standing: Standing, programs: Programs, now: datetime) -> None:
    if any(order.is_overdue(now) for order in standing.orders):
        raise PaymentMayHaveCome(standing.book.account.member_id)
    advance(standing, programs, now)
    write_standing(tx, standing)


def known(book: Book | None) -> Book:
    """Raises Refused where there is no such member."""
    if book is None:
        raise Refused(NotFound(path=("memberId",), what="member"))
    return book


def refuse_closed(book: Book) -> None:
    """Raises Refused where the member has left, or is another one by now: nothing moves that account any more."""
    if book.account.closed_at is not None:
        raise Refused(NotFound(path=("memberId",), what="member"))


def is_due(book: Book, now: datetime) -> bool:
    """Whether anything is due by an instant."""
    return book.account.next_due_at is not None and book.account.next_due_at <= now

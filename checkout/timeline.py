"""Brings members up to date (R11). Whatever reads or moves an account comes through here first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from checkout.due import advance
from checkout.shop import Shop
from checkout.standing import Standing, with_orders, write_standing
from kernel.database import Transaction, among
from kernel.refusals import NotFound, Refused
from members.account import accounts_t
from members.book import Book, open_book, read_book
from program.config import Programs
from program.versions import ProgramShelf

BATCH = 500


def current_book(tx: Transaction, shelf: ProgramShelf, member_id: str, now: datetime) -> tuple[Book, Programs]:
    """A member's account under lock, with all done that was due. For verbs that need no open orders.

    Raises:
        Refused: there is no such member.
    """
    book = _known(open_book(tx, member_id))
    programs = shelf.programs(tx, book.latest_program)
    if _is_due(book, now):
        standing = with_orders(tx, book)
        advance(standing, programs, now)
        write_standing(tx, standing)
    return book, programs


def current_standing(
    tx: Transaction, shelf: ProgramShelf, member_id: str, now: datetime, *, order_id: str | None = None
) -> tuple[Standing, Programs]:
    """A member's standing under lock, with all done that was due, and one more order by id.

    Raises:
        Refused: there is no such member.
    """
    book = _known(open_book(tx, member_id))
    programs = shelf.programs(tx, book.latest_program)
    standing = with_orders(tx, book, order_id)
    if _is_due(book, now):
        advance(standing, programs, now)
        write_standing(tx, standing)
    return standing, programs


def foreseen_standing(
    conn: Connection, shelf: ProgramShelf, member_id: str, now: datetime, *, order_id: str | None = None
) -> tuple[Standing, Programs]:
    """A member's standing as it is at an instant, worked out without a lock and never to be written.

    Raises:
        Refused: there is no such member.
    """
    book = _known(read_book(conn, member_id))
    programs = shelf.programs(conn, book.latest_program)
    standing = with_orders(conn, book, order_id)
    advance(standing, programs, now)
    return standing, programs


def bring_up_to_date(shop: Shop, member_id: str) -> None:
    """Does for one member what is due by now. Owns its transaction."""
    _bring(shop, member_id, shop.clock.now())


def bring_everyone_up_to_date(shop: Shop, on_failure: Callable[[str], None] | None = None) -> int:
    """Does what is due by now for all members, first due first, each in a transaction. Returns how many.

    `on_failure` is told, inside the exception's handler, of a member (by id) who could not be brought up to date,
    and the others follow; without it the first such exception ends it all.
    """
    now = shop.clock.now()
    done = 0
    failed: list[str] = []
    while member_ids := _due_members(shop, now, failed):
        for member_id in member_ids:
            try:
                shop.db.retrying(lambda member_id=member_id: _bring(shop, member_id, now))
            except Exception:
                if on_failure is None:
                    raise
                on_failure(member_id)
                failed.append(member_id)
            else:
                done += 1
    return done


def _due_members(shop: Shop, now: datetime, without: Sequence[str]) -> list[str]:
    wanted = select(accounts_t.c.member_id).where(accounts_t.c.next_due_at <= now)
    if without:
        wanted = wanted.where(~among(accounts_t.c.member_id, without))
    with shop.db.read() as conn:
        ordered = wanted.order_by(accounts_t.c.next_due_at, accounts_t.c.member_id).limit(BATCH)
        return list(conn.execute(ordered).scalars())


def _bring(shop: Shop, member_id: str, now: datetime) -> None:
    with shop.db.write() as tx:
        current_book(tx, shop.shelf, member_id, now)


def _known(book: Book | None) -> Book:
    if book is None:
        raise Refused(NotFound(path=("memberId",), what="member"))
    return book


def _is_due(book: Book, now: datetime) -> bool:
    return book.account.next_due_at is not None and book.account.next_due_at <= now

"""Changes a member's points by hand, with a reason (R5, R8)."""

from __future__ import annotations

from datetime import datetime

from checkout.current import current_standing, foreseen_standing, refuse_closed
from checkout.due import advance
from checkout.foreseen import Foreseen, foreseen
from checkout.refusals import InsufficientPoints
from checkout.shop import Shop
from checkout.standing import Standing, write_standing
from checkout.timeline import in_time
from kernel.idempotency import claim, read_key
from kernel.ids import new_id
from kernel.money import POINTS_LIMIT
from kernel.refusals import Refusals, invalid
from kernel.texts import MAX_TEXT, read_text
from members.book import Book
from members.ledger.expiry.policies import expiry_policy
from members.ledger.posting import post
from members.tables import EntryKind
from program.config import Programs
from staff import audit


@in_time
def adjust_points(
    shop: Shop, *, member_id: str, points: int, reason: str, idempotency_key: str, staff_id: str, actor: str
) -> str:
    """Owns its transaction. Adds points (or takes them, below zero) and returns the member's id.

    Raises:
        Refused: no points or too many, no reason, an unknown member, more taken than is available, or the
            key was used otherwise.
    """
    refusals = Refusals()
    reason = _read(refusals, points, reason)
    read_key(refusals, idempotency_key)
    now = shop.clock.now()
    with refusals.told_too(), shop.db.write() as tx:
        standing, programs = current_standing(tx, shop.shelf, member_id, now)
        value = {"member": member_id, "points": points, "reason": reason}
        adjustment = new_id("adj")
        # Too many are refused in any case; and a key remembers only numbers that can be written down.
        if abs(points) <= POINTS_LIMIT:
            done = claim(tx, refusals, staff_id, "adjustPoints", idempotency_key, value, adjustment, now)
            if done is not None:
                return member_id
        account = standing.book.account
        before = account.balance
        _check(refusals, standing.book, points)
        refusals.raise_any()
        _adjust(standing, programs, points, reason, now, f"adjustment:{adjustment}")
        write_standing(tx, standing)
        audit.record(
            tx,
            at=now,
            actor=actor,
            action="adjustPoints",
            subject_id=member_id,
            before={"available": before},
            after={"available": account.balance, "points": points, "reason": reason},
        )
    return member_id


def preview_adjust_points(shop: Shop, *, member_id: str, points: int, reason: str) -> Foreseen:
    """What adjusting would do to the account now. Nothing is written.

    Raises:
        Refused: as `adjust_points`.
    """
    refusals = Refusals()
    reason = _read(refusals, points, reason)
    now = shop.clock.now()
    with refusals.told_too(), shop.db.read() as conn:
        standing, programs = foreseen_standing(conn, shop.shelf, member_id, now)
        _check(refusals, standing.book, points)
        refusals.raise_any()
        return foreseen(standing, lambda: _adjust(standing, programs, points, reason, now, "adjustment:foreseen"))


def _read(refusals: Refusals, points: int, reason: str) -> str:
    """The reason; what is wrong with it or the points, whosever they are, is noted."""
    if points == 0 or abs(points) > POINTS_LIMIT:
        refusals.add(invalid(("points",), "zero" if points == 0 else "out_of_range"))
    return read_text(refusals, ("reason",), reason, most=MAX_TEXT, needed=True)


def _check(refusals: Refusals, book: Book, points: int) -> None:
    """Notes what the account does not allow. Raises Refused where nothing moves it any more."""
    refuse_closed(book)
    balance = book.account.balance
    if abs(points) > POINTS_LIMIT:
        return
    if points < 0 and balance + points < 0:
        refusals.add(InsufficientPoints(path=("points",), required=-points, available=balance))
    if balance + points > POINTS_LIMIT:
        refusals.add(invalid(("points",), "out_of_range"))


def _adjust(standing: Standing, programs: Programs, points: int, reason: str, now: datetime, source: str) -> None:
    if points > 0:
        program = programs.at(now).program
        expiry_policy(program).points_are_given(standing.book.account, program, now)
    post(standing.book, EntryKind.ADJUSTED, points, at=now, source=source, note=reason)
    advance(standing, programs, now, since=now)

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
from kernel.idempotency import claim
from kernel.ids import new_id
from kernel.money import POINTS_LIMIT
from kernel.refusals import Refusals, Refused, invalid
from kernel.texts import MAX_TEXT, read_text
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
    reason = _checked_reason(points, reason)
    now = shop.clock.now()
    with shop.db.write() as tx:
        standing, programs = current_standing(tx, shop.shelf, member_id, now)
        value = {"member": member_id, "points": points, "reason": reason}
        adjustment = new_id("adj")
        if claim(tx, staff_id, "adjustPoints", idempotency_key, value, adjustment, now) is not None:
            return member_id
        account = standing.book.account
        before = account.balance
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
    reason = _checked_reason(points, reason)
    now = shop.clock.now()
    with shop.db.read() as conn:
        standing, programs = foreseen_standing(conn, shop.shelf, member_id, now)
        return foreseen(standing, lambda: _adjust(standing, programs, points, reason, now, "adjustment:foreseen"))


def _adjust(standing: Standing, programs: Programs, points: int, reason: str, now: datetime, source: str) -> None:
    refuse_closed(standing.book)
    account = standing.book.account
    if points < 0 and account.balance + points < 0:
        raise Refused(InsufficientPoints(path=("points",), required=-points, available=account.balance))
    if account.balance + points > POINTS_LIMIT:
        raise Refused(invalid(("points",), "out_of_range"))
    if points > 0:
        program = programs.at(now).program
        expiry_policy(program).points_are_given(account, program, now)
    post(standing.book, EntryKind.ADJUSTED, points, at=now, source=source, note=reason)
    advance(standing, programs, now, since=now)


def _checked_reason(points: int, reason: str) -> str:
    refusals = Refusals()
    if points == 0 or abs(points) > POINTS_LIMIT:
        refusals.add(invalid(("points",), "zero" if points == 0 else "out_of_range"))
    reason = read_text(refusals, ("reason",), reason, most=MAX_TEXT, needed=True)
    refusals.raise_any()
    return reason

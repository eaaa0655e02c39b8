"""Changes a member's points by hand, with a reason (R5, R8)."""

from __future__ import annotations

from checkout.due import advance
from checkout.refusals import InsufficientPoints
from checkout.shop import Shop
from checkout.standing import write_standing
from checkout.timeline import current_standing
from kernel.idempotency import claim
from kernel.ids import new_id
from kernel.money import POINTS_LIMIT
from kernel.refusals import Refusals, Refused, invalid
from kernel.texts import MAX_TEXT, read_text
from members.ledger.expiry.policies import expiry_policy
from members.ledger.posting import post
from members.tables import EntryKind
from staff import audit


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
        if points < 0 and account.balance + points < 0:
            raise Refused(InsufficientPoints(path=("points",), required=-points, available=account.balance))
        if account.balance + points > POINTS_LIMIT:
            raise Refused(invalid(("points",), "out_of_range"))
        program = programs.at(now).program
        before = account.balance
        if points > 0:
            expiry_policy(program).points_are_given(account, program, now)
        post(standing.book, EntryKind.ADJUSTED, points, at=now, source=f"adjustment:{adjustment}", note=reason)
        advance(standing, programs, now, since=now)
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


def _checked_reason(points: int, reason: str) -> str:
    refusals = Refusals()
    if points == 0 or abs(points) > POINTS_LIMIT:
        refusals.add(invalid(("points",), "zero" if points == 0 else "out_of_range"))
    reason = read_text(refusals, ("reason",), reason, most=MAX_TEXT, needed=True)
    refusals.raise_any()
    return reason

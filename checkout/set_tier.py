"""Sets a member's tier by hand, with a reason: it opens a new window (R10)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from checkout.current import current_standing, foreseen_standing, refuse_closed
from checkout.due import advance
from checkout.foreseen import Foreseen, foreseen
from checkout.shop import Shop
from checkout.standing import Standing, write_standing
from checkout.timeline import in_time
from kernel.idempotency import claim
from kernel.refusals import NotFound, Refusals
from kernel.texts import MAX_TEXT, read_text
from members.tables import TierChangeReason
from members.tiers.policies import tier_policy
from program.config import Programs
from staff import audit


@in_time
def set_tier(
    shop: Shop,
    *,
    member_id: str,
    tier_code: str,
    reason: str,
    actor: str,
    staff_id: str | None = None,
    idempotency_key: str | None = None,
) -> str:
    """Owns its transaction. Returns the member's id. With a key (and whose it is) a window is opened once by it.

    Raises:
        Refused: an unknown member or tier, no reason, or the key was used otherwise.
    """
    refusals = Refusals()
    reason = read_text(refusals, ("reason",), reason, most=MAX_TEXT, needed=True)
    now = shop.clock.now()
    with refusals.told_too(), shop.db.write() as tx:
        _check_tier(refusals, shop, tx, tier_code, now)
        standing, programs = current_standing(tx, shop.shelf, member_id, now)
        refuse_closed(standing.book)
        if staff_id is not None and idempotency_key is not None:
            value = {"member": member_id, "tier": tier_code, "reason": reason}
            if claim(tx, refusals, staff_id, "setTier", idempotency_key, value, member_id, now) is not None:
                return member_id
        refusals.raise_any()
        before = standing.book.account.tier_code
        _move(standing, programs, tier_code, reason, now)
        write_standing(tx, standing)
        audit.record(
            tx,
            at=now,
            actor=actor,
            action="setTier",
            subject_id=member_id,
            before={"tier": before},
            after={"tier": tier_code, "reason": reason},
        )
    return member_id


def preview_set_tier(shop: Shop, *, member_id: str, tier_code: str, reason: str) -> Foreseen:
    """What setting the tier would do to the account now. Nothing is written.

    Raises:
        Refused: as `set_tier`.
    """
    refusals = Refusals()
    reason = read_text(refusals, ("reason",), reason, most=MAX_TEXT, needed=True)
    now = shop.clock.now()
    with refusals.told_too(), shop.db.read() as conn:
        _check_tier(refusals, shop, conn, tier_code, now)
        standing, programs = foreseen_standing(conn, shop.shelf, member_id, now)
        refuse_closed(standing.book)
        refusals.raise_any()
        return foreseen(standing, lambda: _move(standing, programs, tier_code, reason, now))


def _check_tier(refusals: Refusals, shop: Shop, conn: Connection, tier_code: str, now: datetime) -> None:
    if not shop.shelf.programs(conn).at(now).program.has_tier(tier_code):
        refusals.add(NotFound(path=("tierCode",), what="tier"))


def _move(standing: Standing, programs: Programs, tier_code: str, reason: str, now: datetime) -> None:
    program = programs.at(now).program
    review_at = tier_policy(program).valid_until(program, program.tier(tier_code), now)
    standing.book.move_tier(tier_code, review_at, at=now, reason=TierChangeReason.MANUAL, note=reason)
    advance(standing, programs, now, since=now)

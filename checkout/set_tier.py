"""Sets a member's tier by hand, with a reason: it opens a new window (R10)."""

from __future__ import annotations

from checkout.adjust_points import MAX_REASON
from checkout.due import advance
from checkout.shop import Shop
from checkout.standing import write_standing
from checkout.timeline import NoMember, current_standing
from kernel.refusals import NotFound, Refusals, Refused, invalid
from members.tables import TierChangeReason
from members.tiers.policies import tier_policy
from staff import audit


def set_tier(shop: Shop, *, member_id: str, tier_code: str, reason: str, actor: str) -> str:
    """Owns its transaction. Returns the member's id.

    Raises:
        Refused: an unknown member or tier, or no reason.
    """
    refusals = Refusals()
    if not reason.strip():
        refusals.add(invalid(("reason",), "empty"))
    elif len(reason) > MAX_REASON:
        refusals.add(invalid(("reason",), "too_long", most=MAX_REASON))
    now = shop.clock.now()
    with shop.db.write() as tx:
        program = shop.shelf.programs(tx).at(now).program
        if not program.has_tier(tier_code):
            refusals.add(NotFound(path=("tierCode",), what="tier"))
        try:
            standing, programs = current_standing(tx, shop.shelf, member_id, now)
        except NoMember:
            refusals.add(NotFound(path=("memberId",), what="member"))
            raise Refused(*refusals.found) from None
        refusals.raise_any()
        book = standing.book
        before = book.account.tier_code
        review_at = tier_policy(program).valid_until(program, program.tier(tier_code), now)
        book.move_tier(tier_code, review_at, at=now, reason=TierChangeReason.MANUAL, note=reason)
        advance(standing, programs, now, since=now)
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

"""Sets a member's tier by hand, with a reason: it opens a new window (R10)."""

from __future__ import annotations

from checkout.due import advance
from checkout.shop import Shop
from checkout.standing import write_standing
from checkout.timeline import current_standing
from kernel.refusals import NotFound, Refusals, Refused
from kernel.texts import MAX_TEXT, read_text
from members.tables import TierChangeReason
from members.tiers.policies import tier_policy
from staff import audit


def set_tier(shop: Shop, *, member_id: str, tier_code: str, reason: str, actor: str) -> str:
    """Owns its transaction. Returns the member's id.

    Raises:
        Refused: an unknown member or tier, or no reason.
    """
    refusals = Refusals()
    reason = read_text(refusals, ("reason",), reason, most=MAX_TEXT, needed=True)
    now = shop.clock.now()
    with shop.db.write() as tx:
        program = shop.shelf.programs(tx).at(now).program
        if not program.has_tier(tier_code):
            refusals.add(NotFound(path=("tierCode",), what="tier"))
        try:
            standing, programs = current_standing(tx, shop.shelf, member_id, now)
        except Refused as refused:
            raise Refused(*refusals.found, *refused.refusals) from None
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

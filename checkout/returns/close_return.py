"""Ends an open return without goods: cancelled by the member, or rejected by staff. Settlement waits no longer (R4)."""

from __future__ import annotations

from datetime import datetime

from checkout.due import advance
from checkout.refusals import ReturnStateRefused
from checkout.returns.find import lock_return
from checkout.returns.records import returns_t
from checkout.shop import Shop
from checkout.standing import write_standing
from checkout.states import return_moved
from checkout.tables import ReturnStatus
from checkout.timeline import in_time
from kernel.database import Transaction
from kernel.refusals import Refusals
from kernel.texts import MAX_TEXT, read_optional_text
from staff import audit


@in_time
def cancel_return(shop: Shop, return_id: str, *, member_id: str) -> str:
    """Owns its transaction. Returns the return's id; one that is cancelled already stays as it is.

    Raises:
        Refused: no such return of the member's, or it is no longer open.
    """
    now = shop.clock.now()
    with shop.db.write() as tx:
        _close(tx, Refusals(), shop, return_id, ReturnStatus.CANCELLED, now, member_id=member_id)
    return return_id


@in_time
def reject_return(shop: Shop, return_id: str, *, reason: str | None, actor: str) -> str:
    """Owns its transaction. Returns the return's id; one that is rejected already stays as it is.

    Raises:
        Refused: no such return, it is no longer open, or the reason is too long.
    """
    refusals = Refusals()
    reason = read_optional_text(refusals, ("reason",), reason, most=MAX_TEXT)
    now = shop.clock.now()
    with refusals.told_too(), shop.db.write() as tx:
        if _close(tx, refusals, shop, return_id, ReturnStatus.REJECTED, now, reason=reason):
            audit.record(
                tx,
                at=now,
                actor=actor,
                action="rejectReturn",
                subject_id=return_id,
                before={"status": ReturnStatus.REQUESTED.value},
                after={"status": ReturnStatus.REJECTED.value, "reason": reason},
            )
    return return_id


def _close(
    tx: Transaction,
    refusals: Refusals,
    shop: Shop,
    return_id: str,
    to: ReturnStatus,
    now: datetime,
    *,
    member_id: str | None = None,
    reason: str | None = None,
) -> bool:
    """Whether it was open until now. Refuses with what was found before, too."""
    asked, standing, programs, order = lock_return(tx, shop, return_id, now, member_id=member_id)
    if asked.status not in (to, ReturnStatus.REQUESTED):
        refusals.add(ReturnStateRefused(path=("returnId",), status=asked.status))
    refusals.raise_any()
    if asked.status == to:
        return False
    tx.execute(
        returns_t.update()
        .where(returns_t.c.id == return_id)
        .values(status=return_moved(asked.status, to).value, rejection_reason=reason, closed_at=now)
    )
    order.open_returns -= 1
    advance(standing, programs, now, since=now)
    write_standing(tx, standing)
    return True

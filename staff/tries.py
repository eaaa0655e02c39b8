"""Wrong passwords and codes slow an account down, however many guesses arrive together."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from kernel.database import Transaction, table_of
from staff.tables import StaffRow

staff_t = table_of(StaffRow)

FREE_TRIES = 5
"""So many wrong tries in a row cost nothing; each one after that doubles the wait, up to a quarter of an hour."""
FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=15)

# After so many wrong tries the wait has reached its longest.
_SLOWEST = FREE_TRIES + math.ceil(math.log2(LONGEST_WAIT / FIRST_WAIT))


def take_try(tx: Transaction, staff_id: str, now: datetime, *, test_mode: bool = False) -> int | None:
    """Takes a try, as a wrong one until it turns out right. None: it may be made; else the seconds to wait.

    The update decides and counts in one: guesses that arrive together each take a try of their own, and none is
    looked at that did not get one. Under a test clock nobody waits, for it stands still.
    """
    this = staff_t.c.id == staff_id
    allowed = [] if test_mode else [_may_try(now)]
    taken = tx.execute(
        staff_t.update().where(this, *allowed).values(failed_sign_ins=staff_t.c.failed_sign_ins + 1, last_failed_at=now)
    )
    if taken.rowcount == 1:
        return None
    row = tx.execute(select(staff_t.c.failed_sign_ins, staff_t.c.last_failed_at).where(this)).one_or_none()
    if row is None or row.last_failed_at is None:
        return 1
    return max(1, math.ceil((row.last_failed_at + _wait(row.failed_sign_ins) - now).total_seconds()))


def forget_tries(tx: Transaction, staff_id: str) -> bool:
    """All was right: the next wrong try is the first again. False where the account is not in use any more."""
    in_use = (staff_t.c.id == staff_id) & staff_t.c.deactivated_at.is_(None)
    return tx.execute(staff_t.update().where(in_use).values(failed_sign_ins=0, last_failed_at=None)).rowcount == 1


def give_try_back(tx: Transaction, staff_id: str, now: datetime, before: datetime | None) -> None:
    """What was tried at `now` was not wrong, and not all of it either: the count is as if it had not been.

    `before` is when the last wrong try was until then. Where another one came since, that one decides the wait.
    """
    c = staff_t.c
    tx.execute(
        staff_t.update()
        .where(c.id == staff_id, c.last_failed_at == now, c.failed_sign_ins > 0)
        .values(failed_sign_ins=c.failed_sign_ins - 1, last_failed_at=before)
    )


def _may_try(now: datetime) -> ColumnElement[bool]:
    c = staff_t.c
    waits = [
        and_(c.failed_sign_ins == failed, c.last_failed_at <= now - _wait(failed))
        for failed in range(FREE_TRIES, _SLOWEST)
    ]
    return or_(c.failed_sign_ins < FREE_TRIES, c.last_failed_at <= now - LONGEST_WAIT, *waits)


def _wait(failed: int) -> timedelta:
    if failed < FREE_TRIES:
        return timedelta(0)
    return min(FIRST_WAIT * 2 ** min(failed - FREE_TRIES, _SLOWEST), LONGEST_WAIT)

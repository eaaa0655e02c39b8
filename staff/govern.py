"""What an ADMIN does about accounts: roles, leaving and coming back, ending sessions. One ADMIN always remains."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Row, func, select

from kernel.database import Transaction
from kernel.locks import hold
from kernel.refusals import NotFound, Refused, invalid
from kernel.sessions import end_sessions_of
from staff import audit
from staff.tables import Role
from staff.tries import staff_t


def set_role(tx: Transaction, staff_id: str, role: Role, *, actor: str, now: datetime) -> None:
    """Changes what an account may do, from its next request on. Runs inside the caller's transaction.

    Raises:
        Refused: there is no such account, or it is the last ADMIN in use.
    """
    account = _hold(tx, staff_id)
    if account.role == role:
        return
    if account.role == Role.ADMIN and account.deactivated_at is None:
        _check_another_admin(tx, staff_id)
    tx.execute(staff_t.update().where(staff_t.c.id == staff_id).values(role=role))
    audit.record(
        tx,
        at=now,
        actor=actor,
        action="setStaffRole",
        subject_id=staff_id,
        before={"role": account.role},
        after={"role": role},
    )


def deactivate_staff(tx: Transaction, staff_id: str, *, actor: str, now: datetime) -> None:
    """Closes an account: nobody signs in with it, and its sessions end. Runs inside the caller's transaction.

    Raises:
        Refused: there is no such account, or it is the last ADMIN in use.
    """
    account = _hold(tx, staff_id)
    if account.deactivated_at is not None:
        return
    if account.role == Role.ADMIN:
        _check_another_admin(tx, staff_id)
    # The account first: a sign-in that is under way either sees it closed, or has opened a session that ends here.
    tx.execute(staff_t.update().where(staff_t.c.id == staff_id).values(deactivated_at=now))
    ended = end_sessions_of(tx, staff_id, now=now)
    audit.record(
        tx,
        at=now,
        actor=actor,
        action="deactivateStaff",
        subject_id=staff_id,
        before={"active": True},
        after={"active": False, "endedSessions": ended},
    )


def reactivate_staff(tx: Transaction, staff_id: str, *, actor: str, now: datetime) -> None:
    """Opens a closed account again, with its role, password and second factor. Runs inside the caller's transaction.

    Raises:
        Refused: there is no such account.
    """
    account = _hold(tx, staff_id)
    if account.deactivated_at is None:
        return
    tx.execute(staff_t.update().where(staff_t.c.id == staff_id).values(deactivated_at=None))
    audit.record(
        tx,
        at=now,
        actor=actor,
        action="reactivateStaff",
        subject_id=staff_id,
        before={"active": False},
        after={"active": True},
    )


def end_staff_sessions(tx: Transaction, staff_id: str, *, actor: str, now: datetime, only: str | None = None) -> int:
    """Ends an account's sessions, or one of them, at once. Says how many. Runs inside the caller's transaction.

    Raises:
        Refused: there is no such account.
    """
    _hold(tx, staff_id)
    ended = end_sessions_of(tx, staff_id, now=now, only=only)
    if ended:
        audit.record(
            tx, at=now, actor=actor, action="endStaffSessions", subject_id=staff_id, after={"endedSessions": ended}
        )
    return ended


def _hold(tx: Transaction, staff_id: str) -> Row[str, datetime | None]:
    # Two ADMINs who deactivate each other at the same moment would both find the other one still there.
    hold(tx, "staff:accounts")
    account = tx.execute(select(staff_t.c.role, staff_t.c.deactivated_at).where(staff_t.c.id == staff_id)).one_or_none()
    if account is None:
        raise Refused(NotFound(path=("staffId",), what="staff"))
    return account


def _check_another_admin(tx: Transaction, staff_id: str) -> None:
    others = tx.execute(
        select(func.count()).where(
            staff_t.c.role == Role.ADMIN.value, staff_t.c.deactivated_at.is_(None), staff_t.c.id != staff_id
        )
    ).scalar_one()
    if not others:
        raise Refused(invalid(("staffId",), "last_admin"))

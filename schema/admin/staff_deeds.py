"""What is done about staff accounts: each in a transaction of its own, with its entry, for the API and the console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kernel.database import Transaction
from kernel.refusals import NotFound, Refused, invalid
from schema.admin.context import AdminContext
from staff import audit, govern
from staff.accounts import create_staff, staff_by_id
from staff.roles import Permission, may
from staff.second_factor import Enrolment, begin_totp, check_code, confirm_totp, remove_totp
from staff.tables import Role

StaffDeed = Callable[[], str]
"""To be run in a worker thread. Owns its transactions, gives the account's id, raises Refused."""


def creating_staff(context: AdminContext, *, email: str, password: str, role: str, name: str) -> StaffDeed:
    services, actor = context.services, context.actor

    def create() -> str:
        with services.db.write() as tx:
            staff_id = create_staff(tx, email=email, password=password, role=role, name=name)
            made = staff_by_id(tx, [staff_id])[staff_id]
            audit.record(
                tx,
                at=services.clock.now(),
                actor=actor,
                action="createStaff",
                subject_id=staff_id,
                after={"email": made.email, "name": made.name, "role": made.role},
            )
        return staff_id

    return create


def setting_role(context: AdminContext, staff_id: str, role: Role) -> StaffDeed:
    actor = context.actor
    return _of(context, staff_id, lambda tx, now: govern.set_role(tx, staff_id, role, actor=actor, now=now))


def deactivating(context: AdminContext, staff_id: str) -> StaffDeed:
    actor = context.actor
    return _of(context, staff_id, lambda tx, now: govern.deactivate_staff(tx, staff_id, actor=actor, now=now))


def reactivating(context: AdminContext, staff_id: str) -> StaffDeed:
    actor = context.actor
    return _of(context, staff_id, lambda tx, now: govern.reactivate_staff(tx, staff_id, actor=actor, now=now))


def ending_sessions(context: AdminContext, staff_id: str, only: str | None) -> Callable[[], int]:
    """Gives how many were open."""
    services, actor = context.services, context.actor

    def end() -> int:
        with services.db.write() as tx:
            return govern.end_staff_sessions(tx, staff_id, actor=actor, now=services.clock.now(), only=only)

    return end


def beginning_totp(context: AdminContext) -> Callable[[], Enrolment]:
    """A second factor of one's own."""
    services, viewer = context.services, context.viewer
    return lambda: begin_totp(services.db, services.secret, viewer.id, viewer.email, now=services.clock.now())


def confirming_totp(context: AdminContext, code: str) -> StaffDeed:
    services, viewer = context.services, context.viewer

    def confirm() -> str:
        now = services.clock.now()
        confirm_totp(services.db, services.secret, viewer.id, viewer.email, code, now=now, test_mode=services.test_mode)
        return viewer.id

    return confirm


def removing_totp(context: AdminContext, staff_id: str, code: str | None) -> StaffDeed:
    """One's own with a code, as long as it is confirmed; that of others only with GOVERN."""
    services, viewer = context.services, context.viewer

    def remove() -> str:
        now = services.clock.now()
        if staff_id != viewer.id and not may(viewer.role, Permission.GOVERN):
            raise Refused(NotFound(path=("staffId",), what="staff"))
        if staff_id == viewer.id and viewer.totp_confirmed_at is not None:
            if not code:
                raise Refused(invalid(("code",), "missing"))
            check_code(services.db, services.secret, staff_id, code, path="code", now=now, test_mode=services.test_mode)
        with services.db.write() as tx:
            remove_totp(tx, staff_id, viewer.email, now=now)
        return staff_id

    return remove


def _of(context: AdminContext, staff_id: str, change: Callable[[Transaction, datetime], None]) -> StaffDeed:
    services = context.services

    def deed() -> str:
        with services.db.write() as tx:
            change(tx, services.clock.now())
        return staff_id

    return deed

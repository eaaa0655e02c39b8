"""Signing in and out, and the clock of a test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from checkout.timeline import bring_everyone_up_to_date
from kernel import test_clock
from kernel.clock import END
from kernel.refusals import Refused, invalid
from kernel.sessions import OpenSession
from schema.admin import deeds
from schema.admin.context import Info
from schema.connections import given
from schema.errors import UserError
from schema.types import Node
from staff import audit
from staff.accounts import StaffRecord, StaffViewer, refresh, sign_in, staff_by_id
from staff.tables import Role


@strawberry.type
class Staff(Node):
    email: str
    name: str
    role: Role
    totp_confirmed_at: datetime | None = strawberry.field(
        description="Since when signing in needs a code as well; null where it does not."
    )
    deactivated_at: datetime | None = strawberry.field(description="Since when nobody signs in with the account.")

    @classmethod
    def of(cls, record: StaffRecord | StaffViewer) -> Staff:
        return cls(
            id=strawberry.ID(record.id),
            email=record.email,
            name=record.name,
            role=Role(record.role),
            totp_confirmed_at=record.totp_confirmed_at,
            deactivated_at=record.deactivated_at,
        )


@strawberry.type
class StaffSession:
    access_token: str
    access_token_expires_at: datetime
    refresh_token: str
    staff: Staff


@strawberry.input
class SignInStaffInput:
    email: str
    password: str
    totp_code: str | None = strawberry.field(
        default=UNSET, description="For accounts with a second factor: the code that the authenticator app shows."
    )


@strawberry.input
class RefreshStaffSessionInput:
    refresh_token: str


@strawberry.type
class StaffSessionPayload:
    session: StaffSession | None = None
    errors: list[UserError]


@strawberry.type
class SignOutStaffPayload:
    errors: list[UserError]


@strawberry.input
class AdvanceTestClockInput:
    to: datetime


@strawberry.type
class TestClockPayload:
    __test__ = False

    now: datetime | None = None
    errors: list[UserError]


@strawberry.type
class SessionsQuery:
    @strawberry.field(description="The signed-in member of staff.")
    def staff(self, info: Info) -> Staff:
        return Staff.of(info.context.viewer)


@strawberry.type
class SessionsMutation:
    @strawberry.mutation
    async def sign_in_staff(self, info: Info, input: SignInStaffInput) -> StaffSessionPayload:
        services = info.context.services

        def enter() -> OpenSession:
            return sign_in(
                services.db,
                services.clock,
                input.email,
                input.password,
                key=services.secret,
                totp_code=given(input.totp_code),
                test_mode=services.test_mode,
            )

        return await info.context.answer(StaffSessionPayload, enter, _session(info))

    @strawberry.mutation
    async def refresh_staff_session(self, info: Info, input: RefreshStaffSessionInput) -> StaffSessionPayload:
        services = info.context.services

        def carry_on() -> OpenSession:
            now = services.clock.now()
            return refresh(services.db, input.refresh_token, now=now, test_mode=services.test_mode)

        return await info.context.answer(StaffSessionPayload, carry_on, _session(info))

    @strawberry.mutation
    async def sign_out_staff(self, info: Info) -> SignOutStaffPayload:
        payload = await info.context.answer(SignOutStaffPayload, deeds.signing_out(info.context))
        info.context.staff = None
        return payload

    @strawberry.mutation(
        description="Only where the server was started with a test clock: moves its time forward and lets everything "
        "that falls due happen, each at its own instant and in order. Time never goes back."
    )
    async def advance_test_clock(self, info: Info, input: AdvanceTestClockInput) -> TestClockPayload:
        services, viewer = info.context.services, info.context.viewer

        def advance() -> datetime:
            if not services.test_mode:
                raise Refused(invalid(("to",), "no_test_clock"))
            if input.to >= END:
                raise Refused(invalid(("to",), "out_of_range"))
            before = services.clock.now()
            try:
                with services.db.write() as tx:
                    test_clock.move(tx, input.to)
                    audit.record(
                        tx,
                        at=before,
                        actor=viewer.email,
                        action="advanceTestClock",
                        subject_id=viewer.id,
                        before={"now": before.isoformat()},
                        after={"now": input.to.isoformat()},
                    )
            except test_clock.TimeGoesBack:
                raise Refused(invalid(("to",), "time_goes_back")) from None
            bring_everyone_up_to_date(services.shop)
            return services.clock.now()

        return await info.context.answer(TestClockPayload, advance, lambda now: {"now": now})


def _session(info: Info) -> Callable[[OpenSession], dict[str, Any]]:
    def show(session: OpenSession) -> dict[str, Any]:
        services = info.context.services
        token = services.tokens.issue("admin", session.subject_id, session.session_id, services.clock.now())
        with info.context.reading() as reading:
            staff = staff_by_id(reading.conn, [session.subject_id])[session.subject_id]
        return {
            "session": StaffSession(
                access_token=token.text,
                access_token_expires_at=token.expires_at,
                refresh_token=session.refresh_token,
                staff=Staff.of(staff),
            )
        }

    return show

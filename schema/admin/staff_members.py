"""Who works here: accounts, their sessions, and the second factor of one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from kernel.sessions import sessions_of
from schema.admin import staff_deeds
from schema.admin.context import Info
from schema.admin.sessions import Staff
from schema.connections import given
from schema.context import Reading
from schema.errors import UserError
from schema.ids import checked_id, checked_optional_id
from staff.accounts import everybody, staff_by_id
from staff.tables import Role


@strawberry.type(description="A sign-in that is still open.")
class OpenStaffSession:
    id: strawberry.ID
    started_at: datetime
    carried_on_until: datetime = strawberry.field(description="When it ends unless it is carried on before.")
    is_mine: bool = strawberry.field(description="The one that asks.")


@strawberry.input
class CreateStaffInput:
    email: str
    password: str = strawberry.field(description="8 to 200 characters. Shown to nobody again.")
    role: Role
    name: str = ""


@strawberry.input
class SetStaffRoleInput:
    staff_id: strawberry.ID
    role: Role


@strawberry.input
class StaffRefInput:
    staff_id: strawberry.ID


@strawberry.input
class EndStaffSessionsInput:
    staff_id: strawberry.ID
    session_id: strawberry.ID | None = strawberry.field(default=UNSET, description="Absent: all of them.")


@strawberry.input
class ConfirmTotpInput:
    code: str


@strawberry.input
class RemoveTotpInput:
    staff_id: strawberry.ID
    code: str | None = strawberry.field(
        default=UNSET, description="For one's own, as long as it is confirmed; an ADMIN needs none for others."
    )


@strawberry.type
class StaffPayload:
    staff: Staff | None = None
    errors: list[UserError]


@strawberry.type
class EndStaffSessionsPayload:
    ended: int = strawberry.field(default=0, description="How many were open.")
    errors: list[UserError]


@strawberry.type(description="What an authenticator app is told. Shown this once.")
class BeginTotpPayload:
    secret: str | None = strawberry.field(default=None, description="In base32, to be typed in.")
    uri: str | None = strawberry.field(default=None, description="The same as otpauth://…, for a QR code.")
    errors: list[UserError]


@strawberry.type
class StaffQuery:
    @strawberry.field(description="All accounts, those in use first.")
    async def staff_members(self, info: Info) -> list[Staff]:
        return await info.context.read(lambda reading: [Staff.of(record) for record in everybody(reading.conn)])

    @strawberry.field(description="The open sessions of an account, newest first.")
    async def staff_sessions(self, info: Info, staff_id: strawberry.ID) -> list[OpenStaffSession]:
        subject, mine = checked_id(staff_id), info.context.viewer.session_id

        def read(reading: Reading) -> list[OpenStaffSession]:
            # Under a test clock nothing expires.
            expires = not info.context.services.test_mode
            found = sessions_of(reading.conn, subject, open_at=reading.now, expires=expires)
            return [
                OpenStaffSession(
                    id=strawberry.ID(session.id),
                    started_at=session.created_at,
                    carried_on_until=session.carried_on_until,
                    is_mine=session.id == mine,
                )
                for session in found
            ]

        return await info.context.read(read)


@strawberry.type
class StaffMutation:
    @strawberry.mutation
    async def create_staff(self, info: Info, input: CreateStaffInput) -> StaffPayload:
        told = {"email": input.email, "password": input.password, "role": input.role, "name": input.name}
        return await _change(info, staff_deeds.creating_staff(info.context, **told))

    @strawberry.mutation(description="Holds from the next request on. The last ADMIN in use stays one.")
    async def set_staff_role(self, info: Info, input: SetStaffRoleInput) -> StaffPayload:
        return await _change(info, staff_deeds.setting_role(info.context, checked_id(input.staff_id), input.role))

    @strawberry.mutation(
        description="Nobody signs in with the account any more, and its sessions end. What it did stays in the audit "
        "log. The last ADMIN in use stays."
    )
    async def deactivate_staff(self, info: Info, input: StaffRefInput) -> StaffPayload:
        return await _change(info, staff_deeds.deactivating(info.context, checked_id(input.staff_id)))

    @strawberry.mutation
    async def reactivate_staff(self, info: Info, input: StaffRefInput) -> StaffPayload:
        return await _change(info, staff_deeds.reactivating(info.context, checked_id(input.staff_id)))

    @strawberry.mutation(description="Access and refresh tokens of the account are refused at once.")
    async def end_staff_sessions(self, info: Info, input: EndStaffSessionsInput) -> EndStaffSessionsPayload:
        staff_id, only = checked_id(input.staff_id), checked_optional_id(given(input.session_id))
        deed = staff_deeds.ending_sessions(info.context, staff_id, only)
        payload = await info.context.answer(EndStaffSessionsPayload, deed, lambda ended: {"ended": ended})
        await info.context.begin()
        return payload

    @strawberry.mutation(
        description="Makes a secret for an authenticator app. It counts once confirmTotp has seen a code of it; begun "
        "again before that, the new one counts."
    )
    async def begin_totp(self, info: Info) -> BeginTotpPayload:
        deed = staff_deeds.beginning_totp(info.context)
        return await info.context.answer(BeginTotpPayload, deed, lambda it: {"secret": it.secret, "uri": it.uri})

    @strawberry.mutation(description="From here on, signing in needs a code.")
    async def confirm_totp(self, info: Info, input: ConfirmTotpInput) -> StaffPayload:
        deed = staff_deeds.confirming_totp(info.context, input.code)
        return await info.context.answer(StaffPayload, deed, _staff(info))

    @strawberry.mutation(
        description="One's own with a code; of others only by an ADMIN, for whoever lost the telephone."
    )
    async def remove_totp(self, info: Info, input: RemoveTotpInput) -> StaffPayload:
        deed = staff_deeds.removing_totp(info.context, checked_id(input.staff_id), given(input.code))
        return await info.context.answer(StaffPayload, deed, _staff(info))


async def _change(info: Info, deed: Callable[[], str]) -> StaffPayload:
    """A change of an account; the account as it is afterwards."""
    payload = await info.context.answer(StaffPayload, deed, _staff(info))
    # Whoever changed their own account goes on in this request with what they may do now.
    await info.context.begin()
    return payload


def _staff(info: Info) -> Callable[[str], dict[str, Any]]:
    def show(staff_id: str) -> dict[str, Any]:
        with info.context.reading() as reading:
            return {"staff": Staff.of(staff_by_id(reading.conn, [staff_id])[staff_id])}

    return show

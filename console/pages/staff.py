"""The staff page, for administrators: accounts, roles, leaving and coming back, open sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.confirming import Question, confirm
from console.desk import Desk, deed, page
from console.forms import Errors, text_of
from console.outcomes import Rows
from console.visit import Visit
from kernel.refusals import Refused, invalid
from kernel.sessions import SessionRecord, sessions_of
from schema.admin import staff_deeds
from schema.context import Reading
from staff.accounts import LEAST_PASSWORD, MOST_PASSWORD, StaffRecord, everybody, staff_by_id
from staff.roles import PERMISSIONS
from staff.tables import Role

FIELDS = ("email", "name", "role")


@dataclass(frozen=True)
class Account:
    record: StaffRecord
    sessions: Sequence[SessionRecord]


class StaffDesk(Desk):
    path = "/staff"
    label = "nav_staff"
    icon = "fa-user-shield"
    sees = "staffMembers"

    @page("", "staffMembers")
    async def show(self, visit: Visit) -> Response:
        accounts = await visit.context.read(lambda reading: everybody(reading.conn))
        return visit.page("staff.html", title=visit.t("nav_staff"), accounts=accounts)

    @page("/new", "createStaff")
    async def ask_create(self, visit: Visit) -> Response:
        return _create_form(visit, Errors(), {"role": Role.SERVICE})

    @deed("/new", "createStaff")
    async def create(self, visit: Visit) -> Response:
        form = await visit.form()
        given = {name: text_of(form, name) for name in FIELDS}
        # As it was typed: a space at its end is part of it.
        password = form.get("password")
        told = {**given, "password": password if isinstance(password, str) else ""}
        attempt = await visit.attempt(staff_deeds.creating_staff(visit.context, **told), told)
        if attempt.done is None:
            return _create_form(visit, attempt.errors, given)
        visit.tell("stf_told_created", email=given["email"])
        return visit.go(f"/staff/{attempt.done}")

    @page("/{id}", "staffSessions")
    async def one(self, visit: Visit) -> Response:
        return _account_page(visit, await _find(visit), Errors())

    @deed("/{id}/role", "setStaffRole")
    async def set_role(self, visit: Visit) -> Response:
        account, form = await _find(visit), await visit.form()
        role, who = text_of(form, "role"), account.record

        def do() -> str:
            if role not in Role.__members__:
                raise Refused(invalid(("role",), "not_one_of", choices=", ".join(Role)))
            return staff_deeds.setting_role(visit.context, who.id, Role(role))()

        if text_of(form, "step") == "edit":
            return visit.go(f"/staff/{who.id}")
        if text_of(form, "step") != "confirm" and role in Role.__members__ and role != who.role:
            return confirm(visit, _role_question(visit, who, Role(role)))
        attempt = await visit.attempt(do, ("role",))
        if attempt.refused:
            return _account_page(visit, account, attempt.errors)
        visit.tell("stf_told_role", name=who.name, role=visit.t(f"role_{role}"))
        return visit.go(f"/staff/{who.id}")

    @deed("/{id}/deactivate", "deactivateStaff")
    async def deactivate(self, visit: Visit) -> Response:
        account, form = await _find(visit), await visit.form()
        who, t = account.record, visit.t
        step = text_of(form, "step")
        if step == "edit":
            return visit.go(f"/staff/{who.id}")
        if step != "confirm":
            outcome: Rows = [
                (t("stf_signing_in"), t("stf_not_possible"), t("stf_comes_back")),
                (t("stf_sessions"), t("stf_ended", n=len(account.sessions)), ""),
                (t("nav_audit"), t("stf_stays"), ""),
            ]
            question = Question(
                title=t("stf_deactivate_title", name=who.name),
                path=f"/staff/{who.id}/deactivate",
                back=f"/staff/{who.id}",
                submit=t("stf_deactivate"),
                given={"key": ""},
                outcome=outcome,
                danger=True,
            )
            return confirm(visit, question)
        attempt = await visit.attempt(staff_deeds.deactivating(visit.context, who.id))
        if attempt.refused:
            return _account_page(visit, account, attempt.errors)
        visit.tell("stf_told_deactivated", name=who.name)
        return visit.go(f"/staff/{who.id}")

    @deed("/{id}/reactivate", "reactivateStaff")
    async def reactivate(self, visit: Visit) -> Response:
        account = await _find(visit)
        attempt = await visit.attempt(staff_deeds.reactivating(visit.context, account.record.id))
        if attempt.refused:
            return _account_page(visit, account, attempt.errors)
        visit.tell("stf_told_reactivated", name=account.record.name)
        return visit.go(f"/staff/{account.record.id}")

    @deed("/{id}/sessions", "endStaffSessions")
    async def end_sessions(self, visit: Visit) -> Response:
        """All of them, or the one that the button names."""
        account, form = await _find(visit), await visit.form()
        only = text_of(form, "session") or None
        attempt = await visit.attempt(staff_deeds.ending_sessions(visit.context, account.record.id, only))
        if attempt.refused:
            return _account_page(visit, account, attempt.errors)
        visit.tell("stf_told_ended", n=attempt.done)
        return visit.go(f"/staff/{account.record.id}")

    @deed("/{id}/second-factor", "setStaffRole")
    async def remove_second_factor(self, visit: Visit) -> Response:
        """For whoever lost the telephone. One's own is taken away on one's own page, with a code."""
        account = await _find(visit)
        if account.record.id == visit.context.viewer.id:
            return visit.go("/account")
        attempt = await visit.attempt(staff_deeds.removing_totp(visit.context, account.record.id, None))
        if attempt.refused:
            return _account_page(visit, account, attempt.errors)
        visit.tell("stf_told_factor_removed", name=account.record.name)
        return visit.go(f"/staff/{account.record.id}")


async def _find(visit: Visit) -> Account:
    staff_id = visit.request.path_params["id"]

    def look(reading: Reading) -> Account | None:
        record = staff_by_id(reading.conn, [staff_id]).get(staff_id)
        if record is None:
            return None
        # Under a test clock nothing expires.
        expires = not visit.context.services.test_mode
        return Account(record, sessions_of(reading.conn, staff_id, open_at=reading.now, expires=expires))

    account = await visit.context.read(look)
    if account is None:
        raise HTTPException(404)
    return account


def _role_choices(visit: Visit) -> list[tuple[str, str, str]]:
    return [(role, visit.t(f"role_{role}"), visit.t(f"stf_role_{role}")) for role in Role]


def _role_question(visit: Visit, who: StaffRecord, role: Role) -> Question:
    t = visit.t
    before, after = PERMISSIONS[Role(who.role)], PERMISSIONS[role]
    comma = t("prg_comma")
    outcome: Rows = [
        (t("stf_role"), t(f"role_{role}"), t("member_was", value=t(f"role_{who.role}"))),
        (t("stf_gains"), comma.join(t(f"stf_may_{p}") for p in sorted(after - before)) or t("nothing"), ""),
        (t("stf_loses"), comma.join(t(f"stf_may_{p}") for p in sorted(before - after)) or t("nothing"), ""),
    ]
    return Question(
        title=t("stf_role_title", name=who.name),
        path=f"/staff/{who.id}/role",
        back=f"/staff/{who.id}",
        submit=t("stf_set_role", role=t(f"role_{role}")),
        given={"role": role.value, "key": ""},
        outcome=outcome,
    )


def _create_form(visit: Visit, errors: Errors, given: Mapping[str, str]) -> Response:
    return visit.page(
        "staff_new.html",
        422 if errors else 200,
        title=visit.t("stf_create"),
        errors=errors,
        given={**dict.fromkeys(FIELDS, ""), **given},
        roles=_role_choices(visit),
        least=LEAST_PASSWORD,
        most=MOST_PASSWORD,
    )


def _account_page(visit: Visit, account: Account, errors: Errors) -> Response:
    viewer = visit.context.viewer
    return visit.page(
        "staff_one.html",
        422 if errors else 200,
        title=account.record.name,
        account=account,
        who=account.record,
        roles=_role_choices(visit),
        errors=errors,
        own=account.record.id == viewer.id,
        mine=viewer.session_id,
    )

"""The member desk's list: found by number, phone or name, narrowed by tier; and the way to a new member."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from console.desk import Desk, deed, page
from console.forms import Errors, text_of
from console.member_deeds import MemberDeeds
from console.member_view import tier_name
from console.outcomes import Rows
from console.visit import Visit
from kernel.paging import Page
from members.account import Account, accounts_by_id
from members.directory import member_count, member_page
from members.phones import masked
from members.profile import MemberRecord, members_by_id
from program.config import Program
from schema.admin.deeds import registering_member
from schema.admin.lists import BY_JOINED_AT
from schema.context import Reading
from schema.locale import in_language
from staff.roles import Permission

FIELDS = ("phone", "nickname")


class MembersDesk(MemberDeeds, Desk):
    path = "/members"
    label = "nav_members"
    icon = "fa-users"
    sees = "members"

    @page("", "members")
    async def show(self, visit: Visit) -> Response:
        asked = {name: visit.asked(name) for name in ("search", "tier")}
        # Whoever may not see phones may not find out about them by searching either.
        contacts = visit.allowed(Permission.READ_CONTACTS)
        window = visit.window(BY_JOINED_AT)

        def look(reading: Reading) -> tuple[Page[MemberRecord], int, Mapping[str, Account], Program]:
            conn, tier = reading.conn, asked["tier"] or None
            found = member_page(conn, window, search=asked["search"], tier_code=tier, by_phone=contacts)
            count = member_count(conn, search=asked["search"], tier_code=tier, by_phone=contacts)
            accounts = accounts_by_id(conn, [member.id for member in found.items])
            return found, count, accounts, reading.program

        found, count, accounts, program = await visit.read(look)
        if count == 1 and asked["search"]:
            # Whoever types a number wants the member, not a list with one row.
            return visit.go(f"/members/{found.items[0].number}")
        names = {
            account.tier_code: tier_name(program, account.tier_code, visit.locale) for account in accounts.values()
        }
        return visit.page(
            "members.html",
            title=visit.t("nav_members"),
            members=found.items,
            accounts=accounts,
            tier_names=names,
            tiers=[(tier.code, in_language(tier.name, visit.locale)) for tier in program.tiers],
            count=count,
            asked=asked,
            contacts=contacts,
            masked=masked,
            pages=visit.pager(found, BY_JOINED_AT),
        )

    # ------------------------------------------------------------ a new member

    @page("/new", "registerMember")
    async def ask_register(self, visit: Visit) -> Response:
        return await _register_form(visit, Errors(), {})

    @deed("/new", "registerMember")
    async def register(self, visit: Visit) -> Response:
        form = await visit.form()
        given = {name: text_of(form, name) for name in FIELDS}
        attempt = await visit.attempt(registering_member(visit.context, given["phone"], given["nickname"]), given)
        member_id = attempt.done
        if member_id is None:
            return await _register_form(visit, attempt.errors, given)
        member = await visit.read(lambda reading: members_by_id(reading.conn, [member_id])[member_id])
        visit.tell("member_told_registered", number=member.number)
        return visit.go(f"/members/{member.number}")


async def _register_form(visit: Visit, errors: Errors, given: dict[str, str]) -> Response:
    program = await visit.read(lambda reading: reading.program)
    t = visit.t
    outcome: Rows = [
        (t("member_number"), t("member_number_given"), ""),
        (t("member_tier"), in_language(program.entry_tier.name, visit.locale), ""),
        (t("member_available"), visit.formats.points(0), ""),
    ]
    return visit.page(
        "member_register.html",
        422 if errors else 200,
        title=t("member_register"),
        errors=errors,
        given={**dict.fromkeys(FIELDS, ""), **given},
        outcome=outcome,
    )

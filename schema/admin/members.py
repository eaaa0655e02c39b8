"""Members: finding them, and what customer service does for them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import strawberry
from strawberry import UNSET

from checkout.adjust_points import adjust_points
from checkout.set_tier import set_tier
from kernel.money import Points
from members.directory import member_by_number, member_by_phone, member_count, member_page
from members.profile import members_by_id
from schema.admin import deeds
from schema.admin.context import Info
from schema.admin.guard import allowed
from schema.admin.lists import BY_JOINED_AT, counted
from schema.admin.types_orders import Member, MemberConnection, MemberEdge
from schema.codes import bad_input
from schema.connections import connect, given, window_of
from schema.context import Reading
from schema.errors import UserError
from schema.ids import checked_id, checked_optional_id
from schema.texts import sought
from staff.roles import Permission


@strawberry.type
class MembersQuery:
    @strawberry.field
    async def members(
        self,
        info: Info,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
        search: str | None = UNSET,
        tier_code: str | None = UNSET,
    ) -> MemberConnection:
        wanted = window_of(first, after, last, before, BY_JOINED_AT)
        count = counted(info, member_count)
        # Whoever may not see phones may not find out about them by searching either.
        narrowed = {
            "search": sought(given(search)),
            "tier_code": sought(given(tier_code)),
            "by_phone": allowed(info.context, Permission.READ_CONTACTS),
        }

        def read(reading: Reading) -> MemberConnection:
            page = member_page(reading.conn, wanted, **narrowed)
            nodes = [Member.of(member, listed=True) for member in page.items]
            total = count(reading.conn, **narrowed)
            return connect(MemberConnection, MemberEdge, page, nodes, BY_JOINED_AT, total)

        return await info.context.read_today(read)

    @strawberry.field
    async def member(self, info: Info, number: str | None = UNSET, phone: str | None = UNSET) -> Member | None:
        number, phone = sought(given(number)), sought(given(phone))
        if (number is None) == (phone is None):
            raise bad_input("Give exactly one of number and phone.")
        if phone is not None and not allowed(info.context, Permission.READ_CONTACTS):
            return None

        def read(reading: Reading) -> Member | None:
            if number is not None:
                found = member_by_number(reading.conn, number)
            else:
                found = member_by_phone(reading.conn, phone or "")
            return Member.of(found) if found else None

        return await info.context.read_today(read)


@strawberry.input
class IssueGiftCardInput:
    amount: Decimal
    member_id: strawberry.ID | None = UNSET
    idempotency_key: str


@strawberry.input
class RegisterMemberInput:
    phone: str
    nickname: str = ""


@strawberry.input
class AdjustPointsInput:
    member_id: strawberry.ID
    points: Points
    reason: str
    idempotency_key: str


@strawberry.input
class SetTierInput:
    member_id: strawberry.ID
    tier_code: str
    reason: str


@strawberry.type(description="The code is shown this once.")
class IssueGiftCardPayload:
    code: str | None = None
    gift_card_id: strawberry.ID | None = None
    errors: list[UserError]


@strawberry.type
class MemberPayload:
    member: Member | None = None
    errors: list[UserError]


@strawberry.type
class MembersMutation:
    @strawberry.mutation
    async def issue_gift_card(self, info: Info, input: IssueGiftCardInput) -> IssueGiftCardPayload:
        member_id = checked_optional_id(given(input.member_id))
        return await info.context.answer(
            IssueGiftCardPayload,
            deeds.issuing_gift_card(info.context, input.amount, member_id, input.idempotency_key),
            _gift_card,
        )

    @strawberry.mutation
    async def register_member(self, info: Info, input: RegisterMemberInput) -> MemberPayload:
        deed = deeds.registering_member(info.context, input.phone, input.nickname)
        return await info.context.answer(MemberPayload, deed, _member(info))

    @strawberry.mutation
    async def adjust_points(self, info: Info, input: AdjustPointsInput) -> MemberPayload:
        shop, viewer = info.context.services.shop, info.context.viewer
        member_id = checked_id(input.member_id)

        def adjust() -> str:
            return adjust_points(
                shop,
                member_id=member_id,
                points=input.points,
                reason=input.reason,
                idempotency_key=input.idempotency_key,
                staff_id=viewer.id,
                actor=viewer.email,
            )

        return await info.context.answer(MemberPayload, adjust, _member(info))

    @strawberry.mutation
    async def set_tier(self, info: Info, input: SetTierInput) -> MemberPayload:
        shop, actor = info.context.services.shop, info.context.actor
        member_id = checked_id(input.member_id)

        def change() -> str:
            return set_tier(shop, member_id=member_id, tier_code=input.tier_code, reason=input.reason, actor=actor)

        return await info.context.answer(MemberPayload, change, _member(info))


def _gift_card(issued: tuple[str, str]) -> dict[str, Any]:
    card_id, code = issued
    return {"gift_card_id": strawberry.ID(card_id), "code": code}


def _member(info: Info) -> Callable[[str], dict[str, Any]]:
    def show(member_id: str) -> dict[str, Any]:
        with info.context.reading() as reading:
            return {"member": Member.of(members_by_id(reading.conn, [member_id])[member_id])}

    return show

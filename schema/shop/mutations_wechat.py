"""Mutations of the mini-program: signing in with WeChat, and binding a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from checkout.joining.bind_phone import PhoneProof, bind_phone, bound_already
from checkout.joining.sign_in_with_wechat import sign_in_with_wechat
from kernel.refusals import Refused, invalid
from kernel.sessions import OpenSession
from members.phones import read_phone
from members.wechat import ask_phone, ask_visitor
from schema.connections import given
from schema.context import Services
from schema.selection import Selection
from schema.shop.inputs import BindPhoneInput, SignInWithWechatInput
from schema.shop.member_reads import member_of
from schema.shop.mutations_account import session_payload
from schema.shop.payloads import BindPhonePayload, SessionPayload
from schema.shop.request import Info, View


@strawberry.type
class WechatMutations:
    @strawberry.mutation(
        description="Signs in, and registers whoever is new. With phoneCode, the phone is bound to the account, as by "
        "bindPhone."
    )
    async def sign_in_with_wechat(self, info: Info, input: SignInWithWechatInput) -> SessionPayload:
        services = info.context.services
        visitor = await info.context.ask_outside(
            lambda: ask_visitor(services.wechat, input.code, given(input.phone_code))
        )

        def deed() -> OpenSession:
            return sign_in_with_wechat(services.shop, visitor())

        return await session_payload(info, deed)

    @strawberry.mutation(
        description="Binds a phone to an account that has none. Where somebody has that phone already, both are the "
        "same person, and the two accounts become one. Sent twice, nothing more happens."
    )
    async def bind_phone(self, info: Info, input: BindPhoneInput) -> BindPhonePayload:
        context, services = info.context, info.context.services
        # Before WeChat is asked: its code would be used up.
        session_id = (await context.run(context.signed_in)).session_id
        proof = await _proof(info, input)

        def deed(member_id: str) -> str:
            try:
                shown = proof()
            except Refused:
                if not _sent_again(services, member_id, given(input.phone_code)):
                    raise
                return member_id
            bound_to = bind_phone(services.shop, services.codes, member_id, shown)
            context.become(session_id)
            return bound_to

        def show(view: View, member_id: str, wanted: Selection) -> dict[str, Any]:
            return {"member": member_of(view, member_id, wanted["member"])}

        return await context.change(info, BindPhonePayload, deed, show)


async def _proof(info: Info, input: BindPhoneInput) -> Callable[[], PhoneProof]:
    """What shows that the phone is the member's; or, when it is called, why nothing does."""
    phone, code, phone_code = given(input.phone), given(input.code), given(input.phone_code)
    services = info.context.services

    def by_code() -> PhoneProof:
        if phone is None and code is None:
            raise Refused(invalid((), "exactly_one_of", names="phone, phoneCode"))
        if phone is None or code is None:
            raise Refused(invalid(("phone",) if phone is None else ("code",), "missing"))
        return PhoneProof(read_phone(phone, made_up=services.test_mode), code)

    def by_both() -> PhoneProof:
        raise Refused(invalid((), "exactly_one_of", names="phone, phoneCode"))

    if phone_code is None:
        return by_code
    if phone is not None or code is not None:
        return by_both
    return await info.context.ask_outside(
        lambda: PhoneProof(ask_phone(services.wechat, phone_code), phone_code=phone_code)
    )


def _sent_again(services: Services, member_id: str, phone_code: str | None) -> bool:
    if phone_code is None:
        return False
    with services.db.read() as conn:
        return bound_already(conn, member_id, phone_code)

"""Mutations about the member: signing in and out, profile, addresses, gift cards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from checkout.leaving.delete_account import delete_account
from kernel.sessions import OpenSession, end_session
from kernel.unchanged import UNCHANGED
from members import sign_in
from members.addresses import SaveAddress, addresses_by_id, remove_address, save_address
from members.gift_cards import add_gift_card, gift_cards_of
from members.profile import ProfileChange, update_profile
from schema.connections import given
from schema.ids import checked_id, checked_optional_id
from schema.selection import Selection
from schema.shop.belongings import address_type, gift_card_type
from schema.shop.inputs import (
    AddGiftCardInput,
    RefreshSessionInput,
    RemoveAddressInput,
    RequestSignInCodeInput,
    SaveAddressInput,
    SignInInput,
    UpdateProfileInput,
)
from schema.shop.member_reads import member_of
from schema.shop.payloads import (
    AddGiftCardPayload,
    DeleteMyAccountPayload,
    RemoveAddressPayload,
    RequestSignInCodePayload,
    SaveAddressPayload,
    Session,
    SessionPayload,
    SignOutPayload,
    UpdateProfilePayload,
)
from schema.shop.request import Info, ShopRequest, View


@strawberry.type
class AccountMutations:
    @strawberry.mutation
    async def request_sign_in_code(self, info: Info, input: RequestSignInCodeInput) -> RequestSignInCodePayload:
        services = info.context.services

        def deed() -> None:
            sign_in.request_code(services.db, services.clock, services.codes, input.phone, info.context.locale)

        return await info.context.attempt(info, RequestSignInCodePayload, deed, told={"sent": True})

    @strawberry.mutation(description="Signs in, and registers whoever is new.")
    async def sign_in(self, info: Info, input: SignInInput) -> SessionPayload:
        services = info.context.services

        def deed() -> OpenSession:
            return sign_in.sign_in(services.db, services.clock, services.shelf, services.codes, input.phone, input.code)

        return await session_payload(info, deed)

    @strawberry.mutation
    async def refresh_session(self, info: Info, input: RefreshSessionInput) -> SessionPayload:
        services = info.context.services

        def deed() -> OpenSession:
            now = services.clock.now()
            return sign_in.refresh(services.db, input.refresh_token, now=now, test_mode=services.test_mode)

        return await session_payload(info, deed)

    @strawberry.mutation
    async def sign_out(self, info: Info) -> SignOutPayload:
        services, context = info.context.services, info.context

        def deed(_member_id: str) -> None:
            session_id = context.signed_in().session_id
            with services.db.write() as tx:
                end_session(tx, session_id, now=services.clock.now())

        return await context.change(info, SignOutPayload, deed)

    @strawberry.mutation(
        description="Leaves the shop. Who the member was is erased, and all sessions end; orders and the ledger stay "
        "without a name, points expire, and gift cards are free for whoever has their code. The phone may register "
        "anew. Refused while orders, returns or refunds are open."
    )
    async def delete_my_account(self, info: Info) -> DeleteMyAccountPayload:
        services = info.context.services

        def deed(member_id: str) -> datetime:
            return delete_account(services.shop, member_id)

        def show(_view: View, left_at: datetime, _wanted: Selection) -> dict[str, Any]:
            return {"left_at": left_at}

        return await info.context.change(info, DeleteMyAccountPayload, deed, show)

    @strawberry.mutation
    async def update_profile(self, info: Info, input: UpdateProfileInput) -> UpdateProfilePayload:
        services, context = info.context.services, info.context
        change = ProfileChange(
            nickname=_patch(input.nickname),
            gender=_patch(input.gender),
            birthday=_patch(input.birthday),
            region=_patch(input.region),
            occupation=_patch(input.occupation),
        )

        def deed(member_id: str) -> str:
            now = services.clock.now()
            with services.db.write() as tx:
                zone = context.programs(tx).at(now).program.zone
                update_profile(tx, member_id, change, now=now, zone=zone)
            return member_id

        def show(view: View, member_id: str, wanted: Selection) -> dict[str, Any]:
            return {"member": member_of(view, member_id, wanted["member"])}

        return await context.change(info, UpdateProfilePayload, deed, show)

    @strawberry.mutation
    async def save_address(self, info: Info, input: SaveAddressInput) -> SaveAddressPayload:
        services = info.context.services
        command = SaveAddress(
            id=checked_optional_id(given(input.id)),
            recipient=input.recipient,
            phone=input.phone,
            region=input.region,
            line=input.line,
            postal_code=given(input.postal_code),
            is_default=input.is_default,
        )

        def deed(member_id: str) -> str:
            with services.db.write() as tx:
                return save_address(tx, member_id, command, test_mode=services.test_mode)

        def show(view: View, address_id: str, _wanted: Selection) -> dict[str, Any]:
            return {"address": address_type(addresses_by_id(view.conn, [address_id])[address_id])}

        return await info.context.change(info, SaveAddressPayload, deed, show)

    @strawberry.mutation
    async def remove_address(self, info: Info, input: RemoveAddressInput) -> RemoveAddressPayload:
        services = info.context.services
        address_id = checked_id(input.id)

        def deed(member_id: str) -> None:
            with services.db.write() as tx:
                remove_address(tx, member_id, address_id)

        return await info.context.change(info, RemoveAddressPayload, deed)

    @strawberry.mutation(description="Adds a gift card, by its code, to the member's own.")
    async def add_gift_card(self, info: Info, input: AddGiftCardInput) -> AddGiftCardPayload:
        services = info.context.services

        def deed(member_id: str) -> tuple[str, str]:
            with services.db.write() as tx:
                return member_id, add_gift_card(tx, member_id, input.code)

        def show(view: View, done: tuple[str, str], _wanted: Selection) -> dict[str, Any]:
            member_id, card_id = done
            cards = {card.id: card for card in gift_cards_of(view.conn, member_id)}
            return {"gift_card": gift_card_type(cards[card_id])}

        return await info.context.change(info, AddGiftCardPayload, deed, show)


def _patch(value: Any) -> Any:  # noqa: ANN401 - each field of the input has its own type
    return UNCHANGED if value is strawberry.UNSET else value


async def session_payload(info: Info, deed: Any) -> SessionPayload:  # noqa: ANN401
    """A session that has just been opened or carried on, with its member."""
    context = info.context

    def open_it() -> OpenSession:
        opened: OpenSession = deed()
        context.become(opened.session_id)
        return opened

    def show(view: View, opened: OpenSession, wanted: Selection) -> dict[str, Any]:
        return {"session": _session_type(context, view, opened, wanted["session"])}

    return await context.attempt(info, SessionPayload, open_it, show)


def _session_type(context: ShopRequest, view: View, opened: OpenSession, wanted: Selection) -> Session:
    token = context.services.tokens.issue("shop", opened.subject_id, opened.session_id, view.now)
    member = member_of(view, opened.subject_id, wanted["member"])
    assert member is not None
    return Session(
        access_token=token.text,
        access_token_expires_at=token.expires_at,
        refresh_token=opened.refresh_token,
        member=member,
    )

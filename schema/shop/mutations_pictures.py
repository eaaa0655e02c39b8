"""The picture that a member shows: sending one, and taking it away."""

from __future__ import annotations

import logging
from typing import Any

import strawberry

from checkout.pictures_in_use import PICTURES_IN_USE
from media.keep_image import take_image
from media.recipes import Use
from media.sweep import remove_image
from members.avatars import Avatar, count_upload, set_avatar
from schema.context import Services
from schema.scalars import Upload
from schema.selection import Selection
from schema.shop.member_reads import member_of
from schema.shop.payloads import UpdateProfilePayload
from schema.shop.request import Info, View
from schema.uploads import bytes_of, taken_in

log = logging.getLogger("jifen.graphql")


@strawberry.input(description="The middle of the picture is shown, as a square.")
class UploadAvatarInput:
    file: Upload


@strawberry.type
class PictureMutations:
    @strawberry.mutation(description="Changes the picture that the member shows.")
    async def upload_avatar(self, info: Info, input: UploadAvatarInput) -> UpdateProfilePayload:
        context, services = info.context, info.context.services

        def may() -> None:
            member_id = context.signed_in().member_id
            with services.db.write() as tx:
                count_upload(tx, member_id, now=services.clock.now())

        picture = await taken_in(context, await bytes_of(input.file), Use.AVATAR, may)

        def deed(member_id: str) -> str:
            image, now = picture(), services.clock.now()
            with services.db.write() as tx:
                take_image(tx, image.key, now)
                avatar = Avatar(image.key, image.width, image.height, image.placeholder)
                before = set_avatar(tx, member_id, avatar, now=now)
            if before != image.key:
                _drop(services, before)
            return member_id

        return await context.change(info, UpdateProfilePayload, deed, _member)

    @strawberry.mutation(description="Takes the member's picture away. Without one: succeeds and changes nothing.")
    async def remove_avatar(self, info: Info) -> UpdateProfilePayload:
        services = info.context.services

        def deed(member_id: str) -> str:
            with services.db.write() as tx:
                before = set_avatar(tx, member_id, None, now=services.clock.now())
            _drop(services, before)
            return member_id

        return await info.context.change(info, UpdateProfilePayload, deed, _member)


def _member(view: View, member_id: str, wanted: Selection) -> dict[str, Any]:
    return {"member": member_of(view, member_id, wanted["member"])}


def _drop(services: Services, key: str | None) -> None:
    """Removes a face that nobody shows any more, without waiting for the sweep: it is somebody's own."""
    if key is None:
        return
    try:
        remove_image(services.db, services.media, key, PICTURES_IN_USE, now=services.clock.now())
    except Exception:
        log.exception("a picture could not be removed; the sweep will do it")

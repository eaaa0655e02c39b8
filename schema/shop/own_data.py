"""What the shop knows about a member, for the member to take along."""

from __future__ import annotations

from checkout.leaving.export_data import EVERY, export_data, take_turn
from members.avatars import avatars_of
from schema.codes import Code, CodedError
from schema.messages import note_text
from schema.scalars import JSON
from schema.shop.request import ShopRequest


def data_of(context: ShopRequest) -> JSON:
    """The signed-in member's document, brought up to date (R11). Under a test clock, which stands, nobody waits.

    Raises:
        Unauthenticated: nobody is signed in.
        CodedError: RATE_LIMITED, where the member had it less than a minute ago.
    """
    member_id, services = context.signed_in().member_id, context.services
    with services.db.write() as tx:
        free = take_turn(tx, member_id, services.clock.now()) or services.test_mode
    if not free:
        raise CodedError(Code.RATE_LIMITED, f"Try again in {EVERY.total_seconds():.0f} s.")
    with context.reading() as view:
        document = export_data(
            view.conn, member_id, view.program.currency, view.now, lambda note: note_text(note, context.locale)
        )
        avatar = avatars_of(view.conn, [member_id]).get(member_id)
        document["member"]["avatar"] = None if avatar is None else context.picture_url(avatar.image_key, avatar.width)
        return JSON(document)

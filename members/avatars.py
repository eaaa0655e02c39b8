"""The picture that a member shows. Where it is kept, and what it looks like, is not known here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, or_, select

from kernel.database import Transaction, among, insert_new, table_of
from kernel.refusals import Refused, invalid
from members.tables import AvatarRow

MOST_UPLOADS = 20
PERIOD = timedelta(days=1)

avatars_t = table_of(AvatarRow)


@dataclass(frozen=True, slots=True)
class Avatar:
    """A stored picture: its key and facts."""

    image_key: str
    width: int
    height: int
    placeholder: str | None


def avatars_of(conn: Connection, member_ids: Sequence[str]) -> dict[str, Avatar]:
    """The members' pictures by their ids; who has none is left out."""
    c = avatars_t.c
    rows = conn.execute(
        select(c.member_id, c.image_key, c.width, c.height, c.placeholder).where(
            among(c.member_id, member_ids), c.image_key.is_not(None)
        )
    )
    return {row.member_id: Avatar(*row[1:]) for row in rows}


def count_upload(tx: Transaction, member_id: str, *, now: datetime) -> None:
    """Counts a picture that is sent, before the work that it makes. Runs inside the caller's transaction.

    Raises:
        Refused: 20 were sent since the first of them, less than a day ago; path `file`.
    """
    c = avatars_t.c
    insert_new(tx, avatars_t, {"member_id": member_id, "width": 0, "height": 0, "uploads": 0, "counted_from": now})
    over = c.counted_from <= now - PERIOD
    counted = (
        avatars_t.update()
        .where(c.member_id == member_id, or_(over, c.uploads < MOST_UPLOADS))
        .values(uploads=case((over, 1), else_=c.uploads + 1), counted_from=case((over, now), else_=c.counted_from))
    )
    if not tx.execute(counted).rowcount:
        raise Refused(invalid(("file",), "too_many_uploads", most=MOST_UPLOADS))


def set_avatar(tx: Transaction, member_id: str, avatar: Avatar | None, *, now: datetime) -> str | None:
    """Changes a member's picture, None to take it away, and returns the key of the one before.

    Runs inside the caller's transaction.
    """
    c = avatars_t.c
    values = {"image_key": None, "width": 0, "height": 0, "placeholder": None}
    if avatar is not None:
        values = {
            "image_key": avatar.image_key,
            "width": avatar.width,
            "height": avatar.height,
            "placeholder": avatar.placeholder,
        }
        insert_new(tx, avatars_t, {"member_id": member_id, "width": 0, "height": 0, "uploads": 1, "counted_from": now})
    before = tx.execute(select(c.image_key).where(c.member_id == member_id).with_for_update()).scalar()
    tx.execute(avatars_t.update().where(c.member_id == member_id).values(**values))
    return before


def forget_avatar(tx: Transaction, member_id: str) -> None:
    """Removes what is known of a member's picture, for one who leaves. Runs inside the caller's transaction."""
    tx.execute(avatars_t.delete().where(avatars_t.c.member_id == member_id))


def hand_over_avatar(tx: Transaction, from_member: str, to_member: str) -> None:
    """Gives one account's picture to another account of the same person, which keeps its own where it has one.

    Runs inside the caller's transaction.
    """
    found = avatars_of(tx, [from_member, to_member])
    if from_member in found and to_member not in found:
        row = tx.execute(select(avatars_t.c.counted_from).where(avatars_t.c.member_id == from_member)).scalar_one()
        set_avatar(tx, to_member, found[from_member], now=row)
    forget_avatar(tx, from_member)

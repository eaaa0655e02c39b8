"""What members tell about themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from kernel.database import Transaction, among
from kernel.refusals import Refusals, invalid
from kernel.texts import read_optional_text, read_text
from kernel.unchanged import UNCHANGED, Unchanged
from members.register import members_t
from members.tables import Gender

EARLIEST_BIRTHDAY = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A member's row. The phone is E.164. `left_at`: since then nothing is known of who it was.

    `merged_into`: the member whom this one has been joined to.
    """

    id: str
    number: str
    phone: str | None
    nickname: str
    gender: str
    birthday: date | None
    region: str | None
    occupation: str | None
    joined_at: datetime
    left_at: datetime | None
    merged_into: str | None


MEMBER_COLUMNS = tuple(members_t.c[name] for name in MemberRecord.__slots__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChange:
    """What is to be changed; None takes a value away."""

    nickname: str | Unchanged | None = UNCHANGED
    gender: str | Unchanged | None = UNCHANGED
    birthday: date | Unchanged | None = UNCHANGED
    region: str | Unchanged | None = UNCHANGED
    occupation: str | Unchanged | None = UNCHANGED


def members_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, MemberRecord]:
    rows = conn.execute(select(*MEMBER_COLUMNS).where(among(members_t.c.id, ids)))
    return {row.id: MemberRecord(*row) for row in rows}


def update_profile(tx: Transaction, member_id: str, change: ProfileChange, *, now: datetime, zone: ZoneInfo) -> None:
    """Changes what the member tells. Runs inside the caller's transaction. `zone` says which day it is.

    Raises:
        Refused: a text is too long, the birthday lies in the future or before 1900.
    """
    refusals = Refusals()
    values: dict[str, Any] = {}
    if change.nickname is not UNCHANGED:
        values["nickname"] = read_text(refusals, ("nickname",), change.nickname or "")
    if change.gender is not UNCHANGED:
        values["gender"] = Gender(change.gender or Gender.UNDISCLOSED)
    if change.birthday is not UNCHANGED:
        values["birthday"] = change.birthday
        if change.birthday is not None:
            _check_birthday(refusals, change.birthday, now.astimezone(zone).date())
    for name, text in (("region", change.region), ("occupation", change.occupation)):
        if text is not UNCHANGED:
            values[name] = read_optional_text(refusals, (name,), text)
    refusals.raise_any()
    if values:
        # Not of somebody who has left meanwhile: nothing of who it was comes back.
        stays = (members_t.c.id == member_id) & members_t.c.left_at.is_(None) & members_t.c.merged_into.is_(None)
        tx.execute(members_t.update().where(stays).values(**values))


def _check_birthday(refusals: Refusals, birthday: date, today: date) -> None:
    if birthday > today:
        refusals.add(invalid(("birthday",), "in_the_future"))
    elif birthday < EARLIEST_BIRTHDAY:
        refusals.add(invalid(("birthday",), "too_long_ago", earliest=EARLIEST_BIRTHDAY.isoformat()))

"""Erases what says who a member was. Orders and ledger stay, and belong to nobody that has a name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from kernel.database import Transaction, among
from kernel.outbox import outbox_t
from kernel.sessions import end_sessions_of
from members.addresses import addresses_t
from members.avatars import forget_avatar
from members.gift_cards import cards_t
from members.register import members_t
from members.sign_in import codes_t
from members.sms import SMS_CODE
from members.tables import Gender


def records_of(conn: Connection, member_id: str) -> list[str]:
    """The member first, then all accounts that were joined to it: records of one person."""
    found = [member_id]
    for each in found:
        found.extend(conn.execute(select(members_t.c.id).where(members_t.c.merged_into == each)).scalars())
    return found


def erase_member(tx: Transaction, member_ids: Sequence[str], phone: str | None, *, now: datetime) -> None:
    """Takes away who the member was, and ends all sessions. Runs inside the caller's transaction.

    `member_ids` are all records of the one person. The number stays: it is the shop's own, and names the record
    among orders. Gift cards belong to whoever has the code: they are free to be added by anybody who does.
    """
    for member_id in member_ids:
        tx.execute(
            members_t.update()
            .where(members_t.c.id == member_id)
            .values(
                phone=None,
                openid=None,
                nickname="",
                gender=Gender.UNDISCLOSED.value,
                birthday=None,
                region=None,
                occupation=None,
                left_at=now,
            )
        )
        end_sessions_of(tx, member_id, now=now)
    tx.execute(addresses_t.delete().where(among(addresses_t.c.member_id, member_ids)))
    tx.execute(cards_t.update().where(among(cards_t.c.member_id, member_ids)).values(member_id=None))
    for member_id in member_ids:
        forget_avatar(tx, member_id)
    if phone is not None:
        tx.execute(codes_t.delete().where(codes_t.c.phone == phone))
        _forget_messages(tx, phone)


def _forget_messages(tx: Transaction, phone: str) -> None:
    """Codes on their way to the phone, or set aside: what has been sent is kept without what it said."""
    o = outbox_t.c
    unsent = tx.execute(select(o.id, o.payload).where(o.kind == SMS_CODE, o.done_at.is_(None)))
    ids = [row.id for row in unsent if row.payload.get("phone") == phone]
    if ids:
        tx.execute(outbox_t.delete().where(among(o.id, ids)))

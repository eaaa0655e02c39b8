"""A new member: who it is, an account in the entry tier, and the tier period that begins (R10)."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select

from kernel.database import Transaction, insert_new, table_of
from kernel.ids import new_id
from kernel.locks import hold
from kernel.refusals import Refusals, Refused, invalid
from kernel.texts import read_text
from members.account import accounts_t
from members.phones import e164
from members.tables import Gender, MemberRow, TierChangeReason
from members.tiers.periods import TierPeriod, write_tier_periods
from program.config import Program

members_t = table_of(MemberRow)

# Eight digits to begin with; a shop that has used up most of them goes on with more.
_DIGITS = (8, 8, 8, 10, 12)


def register(
    tx: Transaction,
    phone: str | None,
    nickname: str,
    *,
    program: Program,
    now: datetime,
    number: str | None = None,
    test_mode: bool = False,
) -> str:
    """Registers a member and gives the id. Runs inside the caller's transaction.

    Without `number` the member gets a free one of at least eight digits. Under a test clock phones may be made up.

    Raises:
        Refused: the phone is no phone number or another member's, the nickname is too long, the number is taken.
    """
    refusals = Refusals()
    nickname = read_text(refusals, ("nickname",), nickname)
    called = None
    if phone is not None:
        called = e164(phone, made_up=test_mode)
        if called is None:
            refusals.add(invalid(("phone",), "not_a_phone"))
        else:
            hold_phone(tx, called)
            if member_with_phone(tx, called) is not None:
                refusals.add(invalid(("phone",), "taken"))
    refusals.raise_any()
    return _insert(tx, called, nickname, number, program, now)


def hold_phone(tx: Transaction, phone: str) -> None:
    """Whoever signs in with, or registers, the same phone waits until this transaction ends."""
    hold(tx, f"phone:{phone}")


def member_with_phone(tx: Transaction, phone: str) -> str | None:
    """The member whose phone (E.164) this is."""
    return tx.execute(select(members_t.c.id).where(members_t.c.phone == phone)).scalar()


def _insert(
    tx: Transaction, phone: str | None, nickname: str, number: str | None, program: Program, now: datetime
) -> str:
    member_id = new_id("mem")
    row = {
        "id": member_id,
        "phone": phone,
        "nickname": nickname,
        "gender": Gender.UNDISCLOSED,
        "joined_at": now,
    }
    numbers = [number] if number is not None else map(_random_number, _DIGITS)
    if not any(insert_new(tx, members_t, row | {"number": candidate}) for candidate in numbers):
        raise Refused(invalid(("number",), "taken"))
    entry_tier = program.entry_tier.code
    tx.execute(
        accounts_t.insert().values(
            member_id=member_id,
            balance=0,
            tier_code=entry_tier,
            qualifying_spend=0,
            window=0,
            entries=0,
            orders=0,
        )
    )
    write_tier_periods(tx, [TierPeriod(new_id("tpd"), member_id, entry_tier, now, TierChangeReason.JOINED, None)])
    return member_id


def _random_number(digits: int) -> str:
    return str(10 ** (digits - 1) + secrets.randbelow(9 * 10 ** (digits - 1)))

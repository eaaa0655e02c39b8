"""Which member is who in the mini-program, by WeChat's openid."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from kernel.database import Transaction, TryAgain
from kernel.locks import hold
from members.register import members_t


@dataclass(frozen=True, slots=True)
class Identity:
    """By what a member signs in. `member_id` is the one that an account joined to another has become."""

    member_id: str
    number: str
    phone: str | None
    openid: str | None


def hold_openid(tx: Transaction, openid: str) -> None:
    """Whoever comes with the same openid waits until this transaction ends. Held before a phone, never after."""
    hold(tx, f"openid:{openid}")


def member_with_openid(tx: Transaction, openid: str) -> str | None:
    return tx.execute(select(members_t.c.id).where(members_t.c.openid == openid)).scalar()


def identity_of(tx: Transaction, member_id: str) -> Identity | None:
    """A member as it is by now; None for one who has left."""
    c = members_t.c
    row = tx.execute(
        select(c.number, c.phone, c.openid, c.merged_into, c.left_at).where(c.id == member_id)
    ).one_or_none()
    if row is None or row.left_at is not None:
        return None
    if row.merged_into is not None:
        return identity_of(tx, row.merged_into)
    return Identity(member_id, row.number, row.phone, row.openid)


def give_openid(tx: Transaction, member_id: str, openid: str) -> None:
    """Binds WeChat to a member without any. Runs inside the caller's transaction, which holds the openid."""
    free = (members_t.c.id == member_id) & members_t.c.openid.is_(None) & members_t.c.left_at.is_(None)
    if tx.execute(members_t.update().where(free).values(openid=openid)).rowcount != 1:
        raise TryAgain("the member has changed")


def give_phone(tx: Transaction, member_id: str, phone: str) -> None:
    """Binds a phone (E.164) to a member without any. Runs inside the caller's transaction, which holds the phone."""
    free = (members_t.c.id == member_id) & members_t.c.phone.is_(None)
    free &= members_t.c.left_at.is_(None) & members_t.c.merged_into.is_(None)
    if tx.execute(members_t.update().where(free).values(phone=phone)).rowcount != 1:
        raise TryAgain("the member has changed")

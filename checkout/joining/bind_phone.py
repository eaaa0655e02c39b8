"""Binds a phone to the account of somebody who came without one: the account that has it already, where there is one.

Then both are one person's, and become one account.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from checkout.joining.join_accounts import join_accounts
from checkout.shop import Shop
from checkout.timeline import in_time
from kernel.database import Transaction
from kernel.idempotency import claim, result_of
from kernel.refusals import NotFound, Path, Refusals, Refused, invalid
from members.openids import Identity, give_phone, hold_openid, identity_of
from members.register import hold_phone, member_with_phone
from members.sign_in import Codes, try_code

_MUTATION = "bindPhone"


@dataclass(frozen=True, slots=True)
class PhoneProof:
    """A phone (E.164), and the code that was sent there; without one, WeChat has vouched for it, by `phone_code`."""

    phone: str
    code: str | None = None
    phone_code: str | None = None

    @property
    def path(self) -> Path:
        return ("phoneCode",) if self.code is None else ("phone",)


@in_time
def bind_phone(shop: Shop, codes: Codes, member_id: str, proof: PhoneProof) -> str:
    """Owns its transaction. Returns the id of the member that the person is from now on: sessions go along.

    Bound to this very phone already, nothing changes, and no code is used up.

    Raises:
        Refused: a wrong, used or expired code; the account has another phone; the phone's account has another WeChat.
    """
    now = shop.clock.now()
    with shop.db.write() as tx:
        me = _present(tx, member_id)
        if me.phone == proof.phone:
            return _remembered(tx, me.member_id, proof, now)
        if me.phone is not None:
            raise Refused(invalid(proof.path, "has_another_phone"))
        refusal = None if proof.code is None else try_code(tx, codes, proof.phone, proof.code, now)
        if refusal is None:
            if me.openid is not None:
                hold_openid(tx, me.openid)
            bound_to = take_phone(tx, shop, member_id, proof.phone, proof.path, now)
            return _remembered(tx, bound_to, proof, now)
        me = _present(tx, member_id)
        if me.phone == proof.phone:
            # Sent twice at once: the other call has used the code up.
            return me.member_id
    # Only now, with the try counted and committed.
    raise Refused(refusal)


def bound_already(conn: Connection, member_id: str, phone_code: str) -> bool:
    """Whether this code of WeChat's has bound the member's phone: it answers once, and our own answer may be lost."""
    return result_of(conn, member_id, _MUTATION, _mark(phone_code)) is not None


def _remembered(tx: Transaction, member_id: str, proof: PhoneProof, now: datetime) -> str:
    if proof.phone_code is not None:
        # A mark is always a key.
        claim(tx, Refusals(), member_id, _MUTATION, _mark(proof.phone_code), None, member_id, now)
    return member_id


def _mark(phone_code: str) -> str:
    return hashlib.sha256(phone_code.encode(errors="surrogatepass")).hexdigest()


def take_phone(tx: Transaction, shop: Shop, member_id: str, phone: str, path: Path, now: datetime) -> str:
    """Binds a phone that is known to be the member's. Returns the id of the member that the person is from now on.

    Runs inside the caller's transaction, which holds the member's openid, if any.

    Raises:
        Refused: the account has another phone; the phone's account has another WeChat.
        PaymentMayHaveCome: see `checkout.timeline.in_time`.
    """
    hold_phone(tx, phone)
    me = _present(tx, member_id)
    if me.phone == phone:
        return me.member_id
    if me.phone is not None:
        raise Refused(invalid(path, "has_another_phone"))
    owner = member_with_phone(tx, phone)
    if owner is None:
        give_phone(tx, me.member_id, phone)
        return me.member_id
    other = _present(tx, owner)
    if me.openid is not None and other.openid is not None:
        raise Refused(invalid(path, "phone_has_another_wechat"))
    join_accounts(tx, shop.shelf, into=other, from_=me, now=now)
    return other.member_id


def _present(tx: Transaction, member_id: str) -> Identity:
    found = identity_of(tx, member_id)
    if found is None:
        raise Refused(NotFound(what="member"))
    return found

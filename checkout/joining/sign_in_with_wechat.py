"""Signs in whoever opened the mini-program, and registers whoever is new."""

from __future__ import annotations

from datetime import datetime

from checkout.joining.bind_phone import take_phone
from checkout.shop import Shop
from checkout.timeline import in_time
from kernel.database import Transaction
from kernel.refusals import Refused, invalid
from kernel.sessions import MEMBER_LIFETIME, OpenSession, open_session
from members.openids import give_openid, hold_openid, identity_of, member_with_openid
from members.register import hold_phone, member_with_phone, register
from members.wechat import Visitor

_PATH = ("phoneCode",)


@in_time
def sign_in_with_wechat(shop: Shop, visitor: Visitor) -> OpenSession:
    """Owns its transaction. Known by the openid: that member, who gets the phone where there was none yet.

    On a first visit: the account that has the phone gets the openid; else a new account with what is known.

    Raises:
        Refused: the openid's account has another phone; the phone's account has another openid.
    """
    now = shop.clock.now()
    with shop.db.write() as tx:
        hold_openid(tx, visitor.openid)
        member_id = member_with_openid(tx, visitor.openid)
        if member_id is None:
            member_id = _first_visit(tx, shop, visitor, now)
        elif visitor.phone is not None:
            member_id = take_phone(tx, shop, member_id, visitor.phone, _PATH, now)
        return open_session(tx, member_id, now=now, lifetime=MEMBER_LIFETIME)


def _first_visit(tx: Transaction, shop: Shop, visitor: Visitor, now: datetime) -> str:
    member_id = None
    if visitor.phone is not None:
        hold_phone(tx, visitor.phone)
        member_id = member_with_phone(tx, visitor.phone)
    if member_id is None:
        program = shop.shelf.programs(tx).at(now).program
        member_id = register(tx, visitor.phone, "", program=program, now=now)
    else:
        known = identity_of(tx, member_id)
        if known is not None and known.openid is not None:
            raise Refused(invalid(_PATH, "phone_has_another_wechat"))
    give_openid(tx, member_id, visitor.openid)
    return member_id

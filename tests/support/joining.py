"""People who came by phone and by WeChat, and turn out to be one."""

from __future__ import annotations

from checkout.joining.bind_phone import PhoneProof, bind_phone
from checkout.joining.sign_in_with_wechat import sign_in_with_wechat
from members.addresses import SaveAddress, save_address
from members.openids import give_phone
from members.sign_in import Codes
from members.wechat import Visitor
from tests.support.shop import PlayShop

PHONE = "+8613800138000"
OPENID = "oGZUI0egBJY1zhBYw2KhdUfwVJJE"

CODES = Codes(key=b"k" * 32, sender=None)


def by_phone(shop: PlayShop, name: str = "Ana", phone: str = PHONE, **more: str | int | None) -> str:
    """A member who has always signed in with a phone."""
    member = shop.enrol(name, **more)  # type: ignore[arg-type]
    with shop.db.write() as tx:
        give_phone(tx, member, phone)
    return member


def by_wechat(shop: PlayShop, openid: str = OPENID) -> str:
    """A member who came through the mini-program and has told no phone, with an address."""
    member = sign_in_with_wechat(shop.shop, Visitor(openid, None)).subject_id
    with shop.db.write() as tx:
        address = SaveAddress(recipient="Ana", phone=PHONE, region="上海", line="mini", is_default=True)
        shop.addresses[member] = save_address(tx, member, address)
    return member


def bind(shop: PlayShop, member: str, phone: str = PHONE) -> str:
    """A phone that WeChat vouches for; tells who the member is from now on."""
    return shop.shop.db.retrying(lambda: bind_phone(shop.shop, CODES, member, PhoneProof(phone)))

"""The port to WeChat: who opened the mini-program, and which phone number they let us have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kernel.refusals import Path, Refused, Unavailable
from members.refusals import SignInCodeRefused

API_BASE = "https://api.weixin.qq.com"
MOST_CHARACTERS = 512


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody in the mini-program. `openid` is WeChat's name for them there; `phone`, where they gave it, is E.164."""

    openid: str
    phone: str | None


class Wechat(Protocol):
    """WeChat's servers. Asked outside of transactions; a code answers once.

    Raises:
        Refused: with SignInCodeRefused where the code is wrong, used or old, or (with seconds) WeChat is busy; with
            Unavailable where WeChat does not know this shop.
    """

    def openid_of(self, code: str) -> str:
        """From the code of `wx.login`. What else WeChat tells, the session's key, goes no further."""
        ...

    def phone_of(self, code: str) -> str:
        """From the code of the getPhoneNumber button: a number in E.164."""
        ...


def ask_visitor(wechat: Wechat | None, code: str, phone_code: str | None) -> Visitor:
    """Who is there. Raises as `Wechat` does; Unavailable too where the shop has no mini-program."""
    if wechat is None:
        raise Refused(Unavailable(what="wechat"))
    check_code(code, ("code",))
    if phone_code is not None:
        check_code(phone_code, ("phoneCode",))
    openid = wechat.openid_of(code)
    return Visitor(openid, None if phone_code is None else wechat.phone_of(phone_code))


def ask_phone(wechat: Wechat | None, phone_code: str) -> str:
    """The phone number alone. Raises as `ask_visitor`."""
    if wechat is None:
        raise Refused(Unavailable(path=("phoneCode",), what="wechat"))
    check_code(phone_code, ("phoneCode",))
    return wechat.phone_of(phone_code)


def check_code(code: str, path: Path) -> None:
    """Raises Refused for what cannot be a code of WeChat's: it need not be asked."""
    if not (0 < len(code) <= MOST_CHARACTERS and code.isascii() and code.isprintable()):
        raise Refused(SignInCodeRefused(path=path))

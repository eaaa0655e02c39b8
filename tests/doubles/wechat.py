"""WeChat's servers for mini-programs, as far as the shop calls them: by their documented endpoints and error codes.

`python -m tests.doubles.wechat --port N` runs it on its own. What happens on a member's phone is told to it at
`POST /_device/login` (JSON: openid) and `POST /_device/phone` (JSON: phoneNumber, countryCode), which answer the codes;
trouble at `POST /_config/trouble` (JSON: endpoint, errcode or status or seconds or drop, times).
"""

from __future__ import annotations

import argparse
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.small_server import Answer, Asked, serve

APP_ID = "wx0123456789abcdef"
APP_SECRET = "0123456789abcdef0123456789abcdef"

SESSION, TOKEN, PHONE = "/sns/jscode2session", "/cgi-bin/stable_token", "/wxa/business/getuserphonenumber"

CODE_SECONDS = 300.0
TOKEN_SECONDS = 7200

_MESSAGES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40013: "invalid appid",
    40029: "invalid code",
    40125: "invalid appsecret",
    40163: "code been used",
    41008: "missing code",
    42001: "access_token expired",
    45011: "api minute-quota reach limit, must slower, retry next minute",
}


@dataclass
class Trouble:
    """What happens to the next calls of an endpoint, so many `times`, instead of or before their answer."""

    endpoint: str
    errcode: int | None = None
    status: int | None = None
    seconds: float = 0.0
    drop: bool = False
    times: int = 1


@dataclass
class Given:
    """A code that a device was given: for an openid or a phone."""

    value: dict[str, Any]
    at: float
    used: bool = False


@dataclass
class WechatDouble:
    app_id: str = APP_ID
    secret: str = APP_SECRET
    codes: dict[str, Given] = field(default_factory=dict[str, Given])
    phone_codes: dict[str, Given] = field(default_factory=dict[str, Given])
    tokens: dict[str, float] = field(default_factory=dict[str, float])
    session_keys: list[str] = field(default_factory=list[str])
    calls: Counter[str] = field(default_factory=Counter[str])
    forced: int = 0
    troubles: list[Trouble] = field(default_factory=list[Trouble])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # ------------------------------------------------------------ on a member's phone

    def login(self, openid: str) -> str:
        """The code of `wx.login`."""
        return self._give(self.codes, {"openid": openid})

    def share_phone(self, phone: str, country: str = "86") -> str:
        """The code of the getPhoneNumber button. `phone` without the country's code."""
        return self._give(self.phone_codes, {"purePhoneNumber": phone, "countryCode": country})

    def trouble(self, endpoint: str, **what: Any) -> None:
        with self._lock:
            self.troubles.append(Trouble(endpoint, **what))

    def forget_tokens(self) -> None:
        """As when somebody else has the token renewed by force."""
        with self._lock:
            self.tokens.clear()

    def _give(self, codes: dict[str, Given], value: dict[str, Any]) -> str:
        code = secrets.token_hex(16)
        with self._lock:
            codes[code] = Given(value, time.monotonic())
        return code

    # ------------------------------------------------------------ what it answers

    def answer(self, asked: Asked) -> Answer | None:
        if asked.path.startswith("/_"):
            return self._told(asked)
        with self._lock:
            self.calls[asked.path] += 1
            trouble = self._next_trouble(asked.path)
        if trouble is not None:
            time.sleep(trouble.seconds)
            if trouble.drop:
                return None
            if trouble.status is not None:
                return trouble.status, {}
            if trouble.errcode is not None:
                return _error(trouble.errcode)
        with self._lock:
            if (asked.method, asked.path) == ("GET", SESSION):
                return self._session(asked)
            if (asked.method, asked.path) == ("POST", TOKEN):
                return self._token(asked)
            if (asked.method, asked.path) == ("POST", PHONE):
                return self._phone(asked)
        return 404, {}

    def _next_trouble(self, path: str) -> Trouble | None:
        for trouble in self.troubles:
            if trouble.endpoint == path and trouble.times > 0:
                trouble.times -= 1
                return trouble
        return None

    def _session(self, asked: Asked) -> Answer:
        query = asked.query
        if query.get("appid") != self.app_id:
            return _error(40013)
        if query.get("secret") != self.secret:
            return _error(40125)
        if query.get("grant_type") != "authorization_code":
            return _error(40002)
        if not query.get("js_code"):
            return _error(41008)
        given = self._take(self.codes, query["js_code"])
        if isinstance(given, int):
            return _error(given)
        self.session_keys.append(secrets.token_urlsafe(16))
        return 200, {"session_key": self.session_keys[-1], "openid": given["openid"]}

    def _token(self, asked: Asked) -> Answer:
        body = asked.body if isinstance(asked.body, dict) else {}
        if body.get("appid") != self.app_id:
            return _error(40013)
        if body.get("secret") != self.secret:
            return _error(40125)
        if body.get("grant_type") != "client_credential":
            return _error(40002)
        now = time.monotonic()
        valid = [token for token, until in self.tokens.items() if until > now]
        if body.get("force_refresh"):
            self.forced += 1
            self.tokens.clear()
            valid = []
        token = valid[0] if valid else secrets.token_hex(64)
        until = self.tokens.setdefault(token, now + TOKEN_SECONDS)
        return 200, {"access_token": token, "expires_in": int(until - now)}

    def _phone(self, asked: Asked) -> Answer:
        token = asked.query.get("access_token", "")
        if token not in self.tokens:
            return _error(40001)
        if self.tokens[token] <= time.monotonic():
            return _error(42001)
        code = asked.body.get("code") if isinstance(asked.body, dict) else None
        given = self._take(self.phone_codes, code)
        if isinstance(given, int):
            # There, a used code is as good as none.
            return _error(40029)
        number, country = given["purePhoneNumber"], given["countryCode"]
        return 200, {
            "errcode": 0,
            "errmsg": "ok",
            "phone_info": {
                "phoneNumber": number if country == "86" else f"+{country}{number}",
                "purePhoneNumber": number,
                "countryCode": country,
                "watermark": {"timestamp": int(time.time()), "appid": self.app_id},
            },
        }

    def _take(self, codes: dict[str, Given], code: object) -> dict[str, Any] | int:
        given = codes.get(code) if isinstance(code, str) else None
        if given is None or given.at + CODE_SECONDS < time.monotonic():
            return 40029
        if given.used:
            return 40163
        given.used = True
        return given.value

    def _told(self, asked: Asked) -> Answer:
        body = asked.body if isinstance(asked.body, dict) else {}
        if asked.path == "/_device/login":
            return 200, {"code": self.login(body["openid"])}
        if asked.path == "/_device/phone":
            return 200, {"code": self.share_phone(body["phoneNumber"], str(body.get("countryCode", "86")))}
        if asked.path == "/_config/trouble":
            self.trouble(**body)
            return 200, {}
        if asked.path == "/_config/forget-tokens":
            self.forget_tokens()
            return 200, {}
        return (200, dict(self.calls)) if asked.path == "/_calls" else (404, {})


def _error(errcode: int) -> Answer:
    return 200, {"errcode": errcode, "errmsg": f"{_MESSAGES.get(errcode, 'error')}, rid: {secrets.token_hex(8)}"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.doubles.wechat", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one; the first line printed says which")
    parser.add_argument("--app-id", default=APP_ID, help="JIFEN_WECHAT_APP_ID (%(default)s)")
    parser.add_argument("--app-secret", default=APP_SECRET, help="JIFEN_WECHAT_APP_SECRET (%(default)s)")
    told = parser.parse_args()
    serve(WechatDouble(told.app_id, told.app_secret).answer, told.port)


if __name__ == "__main__":
    main()

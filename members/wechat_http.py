"""WeChat over HTTP, by its own endpoints for mini-programs.

Its answers have status 200 whatever happened; `errcode` says what did. Addresses carry the shop's secret and its access
token, so nothing of a request or of an exception is logged or passed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2
import structlog

from kernel.database import Database
from kernel.refusals import Path, Refused, Unavailable, invalid
from members.phones import e164
from members.refusals import SignInCodeRefused
from members.wechat import API_BASE
from members.wechat_token import FreshToken, SharedToken

TIMEOUT = httpx2.Timeout(5.0, connect=3.0)

# https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/
_WRONG_CODE = {40029, 40163, 41008, 40226}  # not valid, used already, missing; a visitor whom WeChat holds for risky
_WRONG_TOKEN = {40001, 40014, 41001, 42001}
_BUSY, _TOO_OFTEN = -1, 45011
_BUSY_SECONDS, _TOO_OFTEN_SECONDS = 3, 60

Answer = Mapping[str, Any]

log = structlog.get_logger("jifen.wechat")


class HttpWechat:
    """`members.wechat.Wechat` over HTTP. One for the process; its threads share it."""

    def __init__(
        self, db: Database, app_id: str, secret: str, *, base: str = API_BASE, timeout: httpx2.Timeout = TIMEOUT
    ) -> None:
        self._app_id, self._secret, self._base = app_id, secret, base.rstrip("/")
        self._client = httpx2.Client(timeout=timeout, follow_redirects=False)
        self._token = SharedToken(db, app_id, self._fetch_token)

    def close(self) -> None:
        self._client.close()

    def openid_of(self, code: str) -> str:
        path = ("code",)
        answer = self._ask(
            path,
            "GET",
            "/sns/jscode2session",
            params={
                "appid": self._app_id,
                "secret": self._secret,
                "js_code": code,
                "grant_type": "authorization_code",
            },
        )
        self._check(answer, path)
        openid = answer.get("openid")
        if not isinstance(openid, str) or not openid:
            raise _busy(path)
        return openid

    def phone_of(self, code: str) -> str:
        path = ("phoneCode",)
        token = self._token.current()
        answer = self._ask_phone(code, token)
        if _errcode(answer) in _WRONG_TOKEN:
            # Somebody else had it renewed by force. The code has not been looked at: it is asked again, once.
            answer = self._ask_phone(code, self._token.current(refused=token))
        self._check(answer, path)
        return self._phone_in(answer.get("phone_info"), path)

    def _ask_phone(self, code: str, token: str) -> Answer:
        return self._ask(
            ("phoneCode",),
            "POST",
            "/wxa/business/getuserphonenumber",
            params={"access_token": token},
            json={"code": code},
        )

    def _phone_in(self, info: object, path: Path) -> str:
        if not isinstance(info, dict):
            raise _busy(path)
        watermark = info.get("watermark")
        if isinstance(watermark, dict) and watermark.get("appid", self._app_id) != self._app_id:
            raise Refused(SignInCodeRefused(path=path))
        phone = e164(f"+{info.get('countryCode')}{info.get('purePhoneNumber')}")
        if phone is None:
            raise Refused(invalid(path, "not_a_phone"))
        return phone

    def _fetch_token(self, force: bool) -> FreshToken:
        path = ("phoneCode",)
        wanted = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._secret,
            "force_refresh": force,
        }
        answer = self._ask(path, "POST", "/cgi-bin/stable_token", json=wanted)
        self._check(answer, path)
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(seconds, int):
            raise _busy(path)
        return FreshToken(token, seconds)

    def _ask(self, path: Path, method: str, where: str, **request: Any) -> Answer:
        try:
            response = self._client.request(method, self._base + where, **request)
            answer = response.json() if response.status_code == 200 else None
        except (httpx2.RequestError, ValueError) as error:
            log.warning("WeChat did not answer", endpoint=where, problem=type(error).__name__)
            raise _busy(path) from None
        if not isinstance(answer, dict):
            log.warning("WeChat did not answer as it says it does", endpoint=where, status=response.status_code)
            raise _busy(path)
        return answer

    def _check(self, answer: Answer, path: Path) -> None:
        """Raises Refused where WeChat says that something went wrong."""
        errcode = _errcode(answer)
        if errcode == 0:
            return
        if errcode in _WRONG_CODE:
            raise Refused(SignInCodeRefused(path=path))
        if errcode == _BUSY:
            raise _busy(path)
        if errcode == _TOO_OFTEN:
            raise Refused(SignInCodeRefused(path=path, retry_after_seconds=_TOO_OFTEN_SECONDS))
        log.error("WeChat does not take this shop's calls: see JIFEN_WECHAT_APP_ID and _APP_SECRET", errcode=errcode)
        raise Refused(Unavailable(path=path, what="wechat"))


def _errcode(answer: Answer) -> int:
    code = answer.get("errcode", 0)
    return code if isinstance(code, int) else _BUSY


def _busy(path: Path) -> Refused:
    return Refused(SignInCodeRefused(path=path, retry_after_seconds=_BUSY_SECONDS))

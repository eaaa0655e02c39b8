"""What is checked before any of our code sees a request, and said with every answer."""

from __future__ import annotations

from collections.abc import MutableMapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers import problem
from api.uploads import PATH as UPLOAD_PATH
from console.auth import COOKIE as CONSOLE_COOKIE
from console.visit import BASE as CONSOLE
from console.visit import TOO_LARGE
from schema.locale import choose_locale
from schema.messages import REASONS, say

# A basket of far too many lines still gets its typed answer.
BODY_LIMIT = 2 * 2**20
# The largest picture, and the form around it.
UPLOAD_LIMIT = 11 * 2**20
SHEETS_LIMIT = 32 * 2**20
# Several pictures at once, by hand.
PICTURES_LIMIT = 41 * 2**20
# So much of what is too large is taken in and dropped: most clients listen only when they have sent everything. Staff
# at a page may have chosen the wrong file.
DROPPED_LIMIT, STAFFS_DROPPED_LIMIT = 2**24, 2**28
# The same for what members send.
AVATAR_LIMIT = 6 * 2**20


class BodyLimit:
    """Takes the whole body in before it hands the request on, or refuses it as too large.

    Small bodies only, so keeping them in memory is cheap; and a client that sends slowly holds no thread.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = _limit(scope["path"].rstrip("/"), headers)
        told = headers.get("content-length", "")
        if told.isdecimal() and int(told[:20]) > limit:
            await self._refuse(limit, scope, receive, send)
            return
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body = message.get("body", b"")
            parts.append(body)
            size += len(body)
            more = message.get("more_body", False)
            if size > limit:
                await self._refuse(limit, scope, receive, send, more=more)
                return
        await self._app(scope, _replay(b"".join(parts), receive), send)

    async def _refuse(self, limit: int, scope: Scope, receive: Receive, send: Send, *, more: bool = True) -> None:
        headers = Headers(scope=scope)
        staffs = _is_staffs(scope["path"], headers)
        most = STAFFS_DROPPED_LIMIT if staffs else DROPPED_LIMIT
        told = headers.get("content-length", "")
        size = int(told[:20]) if told.isdecimal() and int(told[:20]) > most else 0
        while more and size <= most:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        if more or not staffs:
            await _refuse(limit, scope, receive, send)
            return
        await self._app({**scope, TOO_LARGE: _megabytes(limit)}, _replay(b"", receive), send)


def _is_staffs(path: str, headers: Headers) -> bool:
    """Whether somebody who may be signed in sends this from a page of the console."""
    return path.startswith(f"{CONSOLE}/") and f"{CONSOLE_COOKIE}=" in headers.get("cookie", "")


def _limit(path: str, headers: Headers) -> int:
    form = headers.get("content-type", "").lower().startswith("multipart/form-data")
    # A sheet, and the pictures that it names. Whoever is not signed in has none.
    if path == "/admin/graphql" and form and headers.get("authorization"):
        return SHEETS_LIMIT
    if path == UPLOAD_PATH or (path == "/admin/graphql" and form):
        return UPLOAD_LIMIT
    if form and _is_staffs(path, headers):
        if path == f"{CONSOLE}/sheets":
            # The largest sheet, and the largest ZIP file of its pictures.
            return 51 * 2**20
        if path.endswith("/pictures"):
            return PICTURES_LIMIT
    # Whoever is not signed in has no picture to send.
    if path == "/graphql" and form and headers.get("authorization"):
        return AVATAR_LIMIT
    return BODY_LIMIT


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _megabytes(limit: int) -> int:
    """What people are told: the file without the form around it."""
    return max(1, limit // 2**20 - 1)


async def _refuse(limit: int, scope: Scope, receive: Receive, send: Send) -> None:
    message = f"The body has more than {limit} bytes."
    if limit > BODY_LIMIT:
        # A person chose this file.
        locale = choose_locale(Headers(scope=scope).get("accept-language"))
        message = say(REASONS, "file_too_large", locale, most=_megabytes(limit))
    # The rest is not read; the connection cannot be used again.
    answer = problem(413, message, headers={"Connection": "close"})
    await answer(scope, receive, send)


class SecurityHeaders:
    """Says with every answer that nothing here is to be framed, guessed at, or run as a page."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(message)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _add(self, message: MutableMapping[str, object]) -> None:
        headers = MutableHeaders(scope=message)
        headers["X-Content-Type-Options"] = "nosniff"
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Referrer-Policy", "same-origin")
        if not headers.get("content-type", "").startswith("text/html"):
            # GraphiQL, in development, is the one page there is, and fetches its scripts.
            headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        if self._https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")

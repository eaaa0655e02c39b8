"""The console's front door: language, the guest's cookie, and headers that let a page load nothing but ours."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console import csrf
from console.auth import is_secure
from console.visit import BASE, Visit
from schema.admin.context import AdminContext
from schema.context import Services
from schema.locale import LOCALES, Locale, choose_locale

LANGUAGE_COOKIE = "jifen_console_language"


class Door:
    """Makes the visit that everything behind it asks. Plain ASGI, so that nothing is buffered on its way."""

    def __init__(self, app: ASGIApp, services: Services, templates: Jinja2Templates) -> None:
        self._app = app
        self._services = services
        self._templates = templates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if is_secure(self._services):
            # Behind a proxy that ends https, whoever sets a cookie is to know that this is https.
            scope["scheme"] = "https"
        request = Request(scope, receive)
        guest = request.cookies.get(csrf.GUEST_COOKIE)
        base_url = f"{request.url.scheme}://{request.url.netloc}"
        context = AdminContext(self._services, locale=locale_of(request), base_url=base_url)
        visit = Visit(request, context, self._templates, guest or csrf.new_guest())
        scope.setdefault("state", {})["visit"] = visit

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", policy(visit.nonce))
                # Pages show members' names; after the sign-out nobody finds them by going back.
                headers.setdefault("Cache-Control", "no-store")
                headers["Content-Language"] = visit.locale
                headers.add_vary_header("Cookie")
                headers.add_vary_header("Accept-Language")
                if guest is None:
                    headers.append("Set-Cookie", self._guest_cookie(visit.guest))
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _guest_cookie(self, guest: str) -> str:
        secure = "; Secure" if is_secure(self._services) else ""
        return f"{csrf.GUEST_COOKIE}={guest}; Path={BASE}; HttpOnly; SameSite=Lax{secure}"


def locale_of(request: Request) -> Locale:
    """The language somebody chose here, else the browser's, else zh-CN."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    for locale in LOCALES:
        if locale == chosen:
            return locale
    return choose_locale(request.headers.get("accept-language"))


def policy(nonce: str) -> str:
    """What a page may load: ours, and nothing from elsewhere; scripts and styles by the nonce or from a file.

    Plotly sets styles on single elements of its drawings; whole style sheets it may not add.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src-elem 'self' 'nonce-{nonce}'",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )

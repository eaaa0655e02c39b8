"""The console as a starlette-admin site: its frame, menu and flash messages, around desks of our own.

The library's own pages read and write tables by themselves, so none of them is served here: a desk reads through
queries and does everything through verbs. Every request to a desk comes through `_enter`: nobody can forget to ask
who it is, for the token of a form, or for the permission.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette_admin.base import BaseAdmin
from starlette_admin.views import CustomView

from console import csrf
from console.auth import recognise
from console.desk import OPEN
from console.visit import TOO_LARGE, Visit, url, visit_of

log = structlog.get_logger("jifen.console")


@dataclass(frozen=True)
class Way:
    """One route of a desk, for the test that walks them all."""

    method: str
    path: str
    rule: str


class Console(BaseAdmin):
    """Takes its routes from `console.desk.page` and `deed`. None of the library's model pages exist."""

    ways: list[Way]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.ways = []
        super().__init__(*arguments, **named)

    def _collect_core_routes(self) -> list[Route]:
        # The pages of the library's model views: there are none.
        return []

    def _init_csrf(self) -> None:
        # Ours is tied to the session: see `_enter`.
        return

    def _register_extra_routes(self, custom_view: CustomView) -> None:
        custom_view.templates = self.templates
        found: list[Route] = []
        for name in dir(type(custom_view)):
            told = getattr(getattr(type(custom_view), name, None), "console_route", None)
            if told is not None:
                path, method, rule = told
                whole = (custom_view.path.rstrip("/") + path) or "/"
                handler = getattr(custom_view, name)
                found.append(Route(whole, _enter(handler, rule), methods=[method], name=f"{method} {whole}"))
                self.ways.append(Way(method, whole, rule))
        # What is written out comes before what fits many: /products/new before /products/{id}.
        self.routes.extend(sorted(found, key=lambda route: (route.path.count("{"), -len(route.path))))

    async def _render_error(self, request: Request, exc: Exception = HTTPException(500)) -> Response:  # noqa: B008
        assert isinstance(exc, HTTPException)
        visit = visit_of(request)
        if visit.context.staff is None:
            await recognise(visit)
        return error_page(visit, exc.status_code)


def error_page(visit: Visit, status: int, key: str | None = None, **facts: object) -> Response:
    """What went wrong, in words, with a way on. `facts` fill the blanks of the advice."""
    key = key or (f"error_{status}" if status in (400, 401, 403, 404, 405, 413) else "error_500")
    return visit.page("error.html", status, heading=visit.t(key), advice=visit.t(f"{key}_advice", **facts))


def _enter(handler: Callable[[Visit], Awaitable[Response]], rule: str) -> Callable[[Request], Awaitable[Response]]:
    async def enter(request: Request) -> Response:
        visit = visit_of(request)
        await recognise(visit)
        if rule != OPEN and visit.context.staff is None:
            return _signed_out(visit)
        if TOO_LARGE in request.scope:
            return error_page(visit, 413, most=request.scope[TOO_LARGE])
        if request.method not in csrf.SAFE and not await _is_from_us(visit):
            return error_page(visit, 403, "error_csrf")
        if rule != OPEN and not visit.may(rule):
            return error_page(visit, 403)
        try:
            return await handler(visit)
        except HTTPException:
            raise
        except Exception:
            log.exception("a page of the console failed", path=request.url.path)
            return error_page(visit, 500)
        finally:
            # Files that came with a form.
            await visit.request.close()

    return enter


def _signed_out(visit: Visit) -> Response:
    """A page that was asked for comes after the sign-in. A form was typed by somebody: a page that leaves the way back
    to it. A script that asks is told by the status; it would take any page for its answer."""
    request = visit.request
    asked = request.method in csrf.SAFE and "application/json" not in request.headers.get("accept", "")
    if not asked and request.url.path != url("/sign-out"):
        return visit.page("signed_out.html", 401, title=visit.t("signed_out"))
    query = f"?{request.url.query}" if request.url.query and asked else ""
    return RedirectResponse(f"{url('/sign-in')}?{urlencode({'next': request.url.path + query})}", 303)


async def _is_from_us(visit: Visit) -> bool:
    token = visit.request.headers.get(csrf.HEADER)
    if token is None:
        given = (await visit.form()).get(csrf.FIELD)
        token = given if isinstance(given, str) else ""
    return csrf.is_right(visit.context.services.secret, visit.csrf_holder, token)

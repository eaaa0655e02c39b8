"""A desk: pages of the console and the deeds done there. Each names the admin API's field whose rule it follows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.views import CustomView

from console.visit import Visit, url, visit_of

Handler = Callable[[Any, Visit], Awaitable[Response]]

EVERYBODY = "staff"
"""The field that any member of staff may read."""

OPEN = ""
"""For the way in: no session is needed."""


class Desk(CustomView):
    """`label` names its text in the menu, `sees` the field of the admin API that whoever works here may read.

    The menu shows a desk to those who may. What each page and deed needs is said by its own decorator.
    """

    label: str = ""
    sees: str = EVERYBODY

    def is_accessible(self, request: Request) -> bool:
        return visit_of(request).may(self.sees)

    def is_active(self, request: Request) -> bool:
        here, own = request.url.path, url(self.path)
        return here == own or (self.path != "/" and here.startswith(f"{own}/"))


def page(path: str, sees: str) -> Callable[[Handler], Handler]:
    """A page at a path below its desk's, for whoever may use this field of the admin API's Query or Mutation."""
    return _routed(path, "GET", sees)


def deed(path: str, does: str) -> Callable[[Handler], Handler]:
    """Something done by sending a form, for whoever may use this mutation of the admin API."""
    return _routed(path, "POST", does)


def _routed(path: str, method: str, rule: str) -> Callable[[Handler], Handler]:
    def mark(handler: Handler) -> Handler:
        handler.console_route = (path, method, rule)  # type: ignore[attr-defined]
        return handler

    return mark

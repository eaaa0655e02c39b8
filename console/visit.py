"""One request to the console: who asks, in which language, and everything a page needs to answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.templating import Jinja2Templates
from starlette_admin.flash import flash, get_flashed_messages

from console import assets, csrf
from console.formats import Formats
from console.forms import Errors
from console.texts import text
from kernel.paging import Page, Window
from kernel.refusals import Refused
from program.config import Program, Text
from schema.admin.context import AdminContext
from schema.admin.permissions import RULES, Needs
from schema.codes import CodedError
from schema.connections import Ordering, window_of
from schema.context import Reading
from schema.locale import LOCALES, Locale, in_language
from staff.roles import Permission, may

BASE = "/console"
PAGE_SIZE = 25

MOST_FIELDS = 20_000
"""Of one form. A hundred variants with all their options are 1,200; those that are no longer sold come on top."""

TOO_LARGE = "jifen.too_large"
"""In the scope of a request whose body was left outside: how many megabytes may be sent there."""

Answer = TypeVar("Answer")
Done = TypeVar("Done")


@dataclass(frozen=True)
class Attempt(Generic[Done]):
    """What came of a deed: its result, or what stood in the way, by field."""

    done: Done | None
    errors: Errors

    @property
    def refused(self) -> bool:
        return bool(self.errors)


@dataclass(frozen=True)
class Pager:
    """The addresses of the pages before and after; None where there is none."""

    previous: str | None
    next: str | None


@dataclass
class Visit:
    """`context` is the admin API's own: the same services, the same refusals in the same words."""

    request: Request
    context: AdminContext
    templates: Jinja2Templates
    guest: str
    program: Program | None = None
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    # ------------------------------------------------------------ who and how

    @property
    def locale(self) -> Locale:
        return self.context.locale

    @property
    def zone(self) -> ZoneInfo:
        return self.program.zone if self.program else ZoneInfo("UTC")

    @property
    def formats(self) -> Formats:
        return Formats(self.locale, self.zone)

    @property
    def csrf_holder(self) -> str:
        staff = self.context.staff
        return self.guest if staff is None else staff.session_id

    @property
    def csrf_token(self) -> str:
        return csrf.token_for(self.context.services.secret, self.csrf_holder)

    def t(self, key: str, **facts: object) -> str:
        """A text of the console in the viewer's language. An unknown key raises KeyError: a test finds it."""
        return text(key, self.locale, **facts)

    def named(self, name: Text) -> str:
        """A name of the program's (a tier's, a benefit's) in the viewer's language."""
        return in_language(name, self.locale)

    def allowed(self, permission: Permission) -> bool:
        staff = self.context.staff
        return staff is not None and may(staff.role, permission)

    def may(self, field_name: str) -> bool:
        """Whether the viewer may use a field of the admin API's Query or Mutation: one table decides for both."""
        rule = RULES["Mutation"].get(field_name) or RULES["Query"][field_name]
        return self.allowed(rule.permission) if isinstance(rule, Needs) else self.context.staff is not None

    # ------------------------------------------------------------ reading and doing

    async def run(self, use_case: Callable[[], Answer]) -> Answer:
        """Runs a use case in a worker thread, again where the database asks for that."""
        return await self.context.run(use_case)

    async def read(self, look: Callable[[Reading], Answer]) -> Answer:
        """Reads after everything that is due has happened (R11), in a worker thread."""
        return await self.context.read_today(look)

    async def attempt(self, deed: Callable[[], Done], fields: Collection[str] = ()) -> Attempt[Done]:
        """Does a deed in a worker thread. Refusals become errors beside the form's `fields`, or above the form."""

        def use_case() -> Attempt[Done]:
            try:
                return Attempt(deed(), Errors())
            except Refused as refused:
                return Attempt(None, Errors.of_refusals(self.context.tell(refused.refusals), fields))

        return await self.context.run(use_case)

    async def form(self) -> FormData:
        """The form that was sent; read once, its token has been checked."""
        return await self.request.form(max_fields=MOST_FIELDS)

    def asked(self, name: str, most: int = 200) -> str:
        """What the address asks for; "" where it does not. NUL and half characters are nothing one could find."""
        value = self.request.query_params.get(name, "").strip()[:most]
        return "".join(c for c in value if c != "\x00" and not "\ud800" <= c <= "\udfff")

    # ------------------------------------------------------------ pages of lists

    def window(self, ordering: Ordering[Any], size: int = PAGE_SIZE) -> Window:
        """The window that the address asks for; the first one where it makes no sense."""
        after, before = self.asked("after", 4_000) or None, self.asked("before", 4_000) or None
        try:
            if before is not None:
                return window_of(None, None, size, before, ordering)
            return window_of(size, after, None, None, ordering)
        except CodedError:
            return Window(size)

    def pager(self, page: Page[Any], ordering: Ordering[Any]) -> Pager:
        if not page.items:
            return Pager(None, None)
        first, last = ordering.cursor(page.items[0]), ordering.cursor(page.items[-1])
        return Pager(
            self.same_page(before=first, after=None) if page.has_previous else None,
            self.same_page(after=last, before=None) if page.has_next else None,
        )

    def same_page(self, **changed: str | None) -> str:
        """This page's address with some of its questions changed; None takes one away."""
        kept = [(k, v) for k, v in self.request.query_params.multi_items() if k not in changed]
        kept += [(k, v) for k, v in changed.items() if v is not None]
        path = self.request.url.path
        return f"{path}?{urlencode(kept)}" if kept else path

    # ------------------------------------------------------------ answers

    def page(self, template: str, status: int = 200, /, **context: Any) -> Response:
        """A page. Templates are given `t`, `f` (formats), `visit`, `url` and `asset` beside `context`."""
        return self.templates.TemplateResponse(
            request=self.request, name=template, context={**self._shared(), **context}, status_code=status
        )

    def part(self, template: str, **context: Any) -> str:
        """A part of a page, for those that change as somebody types."""
        return self.templates.get_template(template).render(request=self.request, **self._shared(), **context)

    def go(self, path: str) -> Response:
        """Leads on to another page of the console, after a deed."""
        return RedirectResponse(url(path), status_code=303)

    def tell(self, key: str, kind: str = "success", **facts: object) -> None:
        """A sentence on the next page: what was done."""
        flash(self.request, self.t(key, **facts), kind)

    def say(self, sentence: str, kind: str = "info") -> None:
        """The same with a sentence that is worded already."""
        flash(self.request, sentence, kind)

    def _shared(self) -> dict[str, Any]:
        return {
            "t": self.t,
            "f": self.formats,
            "visit": self,
            "staff": self.context.staff,
            "may": self.may,
            "url": url,
            "asset": assets.address,
            "plotly_styles": assets.plotly_styles,
            "nonce": self.nonce,
            "csrf_token": self.csrf_token,
            "form_key": secrets.token_urlsafe(18),
            "locale": self.locale,
            "locales": LOCALES,
            "messages": get_flashed_messages(self.request),
        }


def url(path: str = "/") -> str:
    """The address of a page of the console."""
    return BASE + path


def visit_of(request: Request) -> Visit:
    return request.state.visit

"""A request to the shop: who asks, brought up to date before anything is read, and what mutations are wrapped in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection
from strawberry.types import Info as StrawberryInfo

from checkout.quote import Quoted
from checkout.refusals import may_be_reserved
from checkout.timeline import bring_everyone_up_to_date, bring_up_to_date
from kernel.refusals import Refusal, Refused
from members.viewer import MemberViewer, authenticate_member
from program.config import Program, Tier
from schema.codes import Unauthenticated
from schema.context import Context, Reading, Services
from schema.errors import UserError
from schema.locale import Locale
from schema.selection import Selection, selection_of

Answer = TypeVar("Answer")
Done = TypeVar("Done")
Payload = TypeVar("Payload")


@dataclass(slots=True)
class View(Reading):
    """What is read for one answer, as one viewer sees it. `kept` holds what several parts of an answer share."""

    context: ShopRequest
    kept: dict[Any, Any] = field(default_factory=dict[Any, Any])

    @property
    def locale(self) -> Locale:
        return self.context.locale

    @property
    def viewer(self) -> MemberViewer | None:
        return self.context.viewer(self.conn)

    @property
    def member_id(self) -> str | None:
        """The viewer's own id; None signed out."""
        return self.context.viewer_id()

    @property
    def tier(self) -> Tier:
        """The tier that prices are shown for: the viewer's, or the entry tier."""
        viewer = self.viewer
        return self.program.entry_tier if viewer is None else self.program.tier(viewer.tier_code)

    def program_number(self, version: int) -> Program:
        return self.programs.number(version).program


class Lacking(Exception):
    """A basket lacks goods or a quota, and nobody has looked yet whether orders that are over hold them."""


class ShopRequest(Context):
    """One request. Who asks is found out once, in the first worker thread that needs it."""

    def __init__(
        self, services: Services, *, locale: Locale = "zh-CN", base_url: str = "", token: str | None = None
    ) -> None:
        super().__init__(services, locale=locale, base_url=base_url, token=token)
        self._viewer: MemberViewer | None = None
        self._session_id: str | None = None
        self._fresh = False
        self._now: datetime | None = None
        self._reserved_no_longer = False

    # ------------------------------------------------------------ in a worker thread

    def viewer(self, conn: Connection | None = None) -> MemberViewer | None:
        """The signed-in member; None without a token. What was due for them has happened.

        With a connection, that one is used to look again after a mutation: a thread that holds one never waits for
        a second, or all of them might wait for each other.

        Raises:
            Unauthenticated: the token is not ours, has expired, or its session is over.
        """
        if not self._anybody:
            return None
        with self._lock:
            if not self._fresh:
                known = self._viewer
                if conn is not None and known is not None:
                    self._viewer = self._look_up(conn, known.session_id) or known
                else:
                    self._viewer = self._authenticate()
                self._fresh = True
            return self._viewer

    @property
    def _anybody(self) -> bool:
        return self.token is not None or self._session_id is not None

    def viewer_id(self) -> str | None:
        """The signed-in member's id. Only signing in and `bindPhone` change it, and say so by `become`."""
        with self._lock:
            known = self._viewer or self.viewer()
        return None if known is None else known.member_id

    def signed_in(self) -> MemberViewer:
        """The signed-in member. Raises Unauthenticated where there is none."""
        viewer = self.viewer()
        if viewer is None:
            raise Unauthenticated
        return viewer

    def now(self) -> datetime:
        """The instant that the answer is about: one for all that is read together."""
        with self._lock:
            if self._now is None:
                self._now = self.services.clock.now()
            return self._now

    def forget(self) -> None:
        """A mutation has changed things: what is read from now on is read anew, and at a new instant."""
        with self._lock:
            self._fresh = False
            self._now = None
            self._reserved_no_longer = False

    @contextmanager
    def reading(self) -> Iterator[View]:
        if self._anybody and self._viewer is None:
            # Before the connection is opened: on SQLite it would not see what falls due here.
            self.viewer()
        now = self.now()
        with self.services.db.read() as conn:
            yield View(conn, now, self.programs(conn), self)

    def become(self, session_id: str) -> None:
        """From here on the request is that of the member who has just signed in."""
        with self._lock:
            self._session_id, self._viewer, self._fresh = session_id, None, False

    def _authenticate(self) -> MemberViewer:
        now = self.now()
        if self._session_id is None and self.token is not None:
            claims = self.services.tokens.read("shop", self.token, now)
            self._session_id = None if claims is None else claims.session_id
        viewer = None if self._session_id is None else self._read_viewer(self._session_id)
        if viewer is None:
            raise Unauthenticated
        if viewer.next_due_at is not None and viewer.next_due_at <= now:
            bring_up_to_date(self.services.shop, viewer.member_id)
            viewer = self._read_viewer(viewer.session_id) or viewer
        return viewer

    def _read_viewer(self, session_id: str) -> MemberViewer | None:
        with self.services.db.read() as conn:
            return self._look_up(conn, session_id)

    def _look_up(self, conn: Connection, session_id: str) -> MemberViewer | None:
        viewer = authenticate_member(conn, session_id)
        if viewer is not None:
            self.programs(conn, viewer.latest_program)
        return viewer

    def program_in_force(self) -> Program:
        """The program at the answer's instant; on a connection of its own only where none has been read yet."""
        if self._programs is None:
            with self.services.db.read() as conn:
                self.programs(conn)
        assert self._programs is not None
        return self._programs.at(self.now()).program

    def priced(self, quoted: Quoted) -> Quoted:
        """A quote that can be told. Raises Lacking where orders that are over may still hold what it lacks."""
        if not self._reserved_no_longer and any(may_be_reserved(refusal) for refusal in quoted.refusals):
            raise Lacking
        return quoted

    # ------------------------------------------------------------ from resolvers

    async def view(self, look: Callable[[View], Answer]) -> Answer:
        """Runs a reading use case in a worker thread."""

        return await self.run(lambda: self.look(look))

    def look(self, look: Callable[[View], Answer]) -> Answer:
        """Reads; once more where a basket lacks what orders that are over still held, so that a quote says what placing
        the order would (R11). In a worker thread.
        """
        try:
            with self.reading() as view:
                return look(view)
        except Lacking:
            bring_everyone_up_to_date(self.services.shop)
            # Only now: what is read beside this, in another thread, would lack the goods still.
            self._reserved_no_longer = True
        with self.reading() as view:
            return look(view)

    async def attempt(
        self,
        info: Info,
        payload: Callable[..., Payload],
        deed: Callable[[], Done],
        show: Callable[[View, Done, Selection], dict[str, Any]] | None = None,
        *,
        told: Mapping[str, Any] | None = None,
        asks_outside: bool = False,
    ) -> Payload:
        """A mutation in one hop: the deed, then the payload's fields as they are now; or the refusals as errors.

        `told`: fields that say no more than that it is done. Nothing is read for them, so no session is needed, and an
        old token that came along does not matter. `asks_outside`: see `run`.
        """
        wanted = selection_of(info)

        def use_case() -> Payload:
            try:
                done = deed()
            except Refused as refused:
                return payload(errors=self.explain(refused.refusals, wanted["errors"]))
            self.forget()
            if show is None:
                return payload(errors=[], **(told or {}))
            build = show
            return payload(errors=[], **self.look(lambda view: build(view, done, wanted)))

        return await self.run(use_case, asks_outside=asks_outside)

    async def change(
        self,
        info: Info,
        payload: Callable[..., Payload],
        deed: Callable[[str], Done],
        show: Callable[[View, Done, Selection], dict[str, Any]] | None = None,
        *,
        asks_outside: bool = False,
    ) -> Payload:
        """As `attempt`, for the signed-in member, whose id the deed is given."""
        return await self.attempt(
            info, payload, lambda: deed(self.signed_in().member_id), show, asks_outside=asks_outside
        )

    def explain(self, refusals: tuple[Refusal, ...], wanted: Selection) -> list[UserError]:
        """Refusals as errors in the viewer's words. `wanted` is what the request wants of them."""
        raise NotImplementedError


Info = StrawberryInfo[ShopRequest, None]

"""What a request knows: the shop's services, who asks, in which language. A use case is one hop to a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from typing import Any, TypeVar

from sqlalchemy import Connection
from strawberry.types import Info as StrawberryInfo

from checkout.payments.gateway import Gateway
from checkout.shop import Shop
from kernel.clock import Clock
from kernel.database import Database
from kernel.outbox import Handler
from kernel.refusals import Refusal, Refused
from kernel.tokens import Tokens
from media.recipes import Format, pick
from media.studio import Studio
from members.sign_in import Codes
from members.wechat import Wechat
from program.config import Program, Programs
from program.versions import ProgramShelf
from schema.errors import SHARED_TELLERS, Tellers, UserError, tell
from schema.locale import Locale

WORKERS = 8

Answer = TypeVar("Answer")
Done = TypeVar("Done")
Payload = TypeVar("Payload")


def new_executor() -> ThreadPoolExecutor:
    """The threads in which use cases run. Few: they take turns with one interpreter, and each more costs all of them
    switches; the rest wait here."""
    return ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="use-case")


@dataclass(frozen=True)
class Services:
    """What the application is wired to; one for the whole process.

    `secret` keys what is stored as a hash (gift-card codes). `media` stores pictures, `avif`
    says whether they are made in AVIF too. `public_url` is where
    the shop is found from outside, without a slash at its end; None: where the request came to. `handlers` do
    what the outbox holds, by kind; `closing` is called at the very end.
    """

    db: Database
    clock: Clock
    shelf: ProgramShelf
    tokens: Tokens
    codes: Codes
    secret: bytes
    gateway: Gateway | None = None
    wechat: Wechat | None = None
    handlers: Mapping[str, Handler] = field(default_factory=dict[str, Handler])
    closing: tuple[Callable[[], None], ...] = ()
    media: Any = None
    avif: bool = False
    public_url: str | None = None
    test_mode: bool = False
    production: bool = False
    executor: ThreadPoolExecutor = field(default_factory=new_executor)

    @cached_property
    def studio(self) -> Studio:
        """Where pictures are taken in."""
        return Studio(self.db, self.media, avif=self.avif)

    @cached_property
    def shop(self) -> Shop:
        """What the verbs of checkout are handed."""
        return Shop(db=self.db, clock=self.clock, shelf=self.shelf, gateway=self.gateway)


@dataclass(slots=True)
class Reading:
    """A connection to read with, and the instant and program that the answer is about."""

    conn: Connection
    now: datetime
    programs: Programs

    @property
    def program(self) -> Program:
        """The program in force."""
        return self.programs.at(self.now).program


class Context:
    """One request. Fields are set up without touching the database; what needs it happens in `run`."""

    tellers: Tellers = SHARED_TELLERS

    def __init__(
        self, services: Services, *, locale: Locale = "zh-CN", base_url: str = "", token: str | None = None
    ) -> None:
        self.services = services
        self.locale: Locale = locale
        self.base_url = services.public_url or base_url
        self.token = token
        self._programs: Programs | None = None
        # Sibling fields run in several threads at once; what they share is read once.
        self._lock = threading.RLock()

    async def begin(self) -> None:
        """Called before anything is resolved."""

    async def run(self, use_case: Callable[[], Answer], *, asks_outside: bool = False) -> Answer:
        """Runs a whole use case in a worker thread, again where the database asks for that.

        `asks_outside`: it waits for somebody outside in between, so it takes a thread that no other use case waits for.
        """
        if asks_outside:
            return await asyncio.to_thread(self.services.db.retrying, use_case)
        context = copy_context()
        return await asyncio.get_running_loop().run_in_executor(
            self.services.executor, lambda: context.run(self.services.db.retrying, use_case)
        )

    async def ask_outside(self, question: Callable[[], Answer]) -> Callable[[], Answer]:
        """Asks somebody outside, in a thread that no use case waits for. The result, called, answers or refuses."""
        try:
            found = await asyncio.to_thread(question)
        except Refused as refused:
            return partial(_refuse, refused)
        return lambda: found

    async def read(self, look: Callable[[Reading], Answer]) -> Answer:
        """Runs a reading use case in a worker thread, on a connection of its own."""

        def use_case() -> Answer:
            with self.reading() as reading:
                return look(reading)

        return await self.run(use_case)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A connection to read with; for use inside of `run`."""
        with self.services.db.read() as conn:
            yield Reading(conn, self.services.clock.now(), self.programs(conn))

    def programs(self, conn: Connection, latest: int | None = None) -> Programs:
        """The program's versions, read once in a request."""
        with self._lock:
            if self._programs is None:
                self._programs = self.services.shelf.programs(conn, latest)
            return self._programs

    def tell(self, refusals: tuple[Refusal, ...]) -> list[UserError]:
        """Refusals in the viewer's words."""
        return tell(refusals, self, self.tellers)

    def picture_url(self, key: str, full_width: int, width: int | None = None, format: Format | None = None) -> str:
        """The absolute address of a picture, whose own width is `full_width`: see `media.recipes.pick`."""
        return f"{self.base_url}/media/{pick(key, full_width, width, format or Format.WEBP)}"


def _refuse(refused: Refused) -> Any:  # noqa: ANN401 - it has no answer of any type
    raise refused


Info = StrawberryInfo[Context, None]


async def answer(
    context: Context,
    payload: Callable[..., Payload],
    deed: Callable[[], Done],
    build: Callable[[Done], dict[str, Any]] | None = None,
) -> Payload:
    """A mutation: the deed, then the payload's fields from what it gave, in one hop; or the refusals as its errors.

    `build` runs in the same thread, after the deed has committed, and reads what is shown.
    """

    def use_case() -> Payload:
        try:
            done = deed()
        except Refused as refused:
            return payload(errors=context.tell(refused.refusals))
        return payload(errors=[], **(build(done) if build else {}))

    return await context.run(use_case)

"""What commands share: the shop that the settings name, what was typed, and how a command fails."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from api.settings import Settings
    from checkout.shop import Shop
    from kernel.database import Database

COMMAND_LINE = "command line"
"""Whom the audit log and program versions name for what was done here."""

PARTLY = 3
"""The exit code of a command that did a part of what it was asked, and said what it left out."""


HOST, PORT = "127.0.0.1", 8000


def address(settings: Settings, host: str, port: int) -> str:
    """The shop's address, as somebody on this machine types it."""
    return settings.public_url or f"http://{f'[{host}]' if ':' in host else host}:{port}"


def settings_now() -> Settings:
    from api.settings import read_settings

    return read_settings()


@contextmanager
def open_shop(settings: Settings | None = None) -> Iterator[Shop]:
    """The shop, its database set up."""
    settings = settings or settings_now()
    from api.logging import set_up_logging

    set_up_logging(production=settings.production)
    with ready_database(settings) as db:
        from api.opening import open_clock
        from checkout.shop import Shop
        from program.versions import ProgramShelf

        gateway = None
        if settings.stripe_api_key is not None:
            from api.payments import open_gateway

            gateway = open_gateway(settings)
        yield Shop(db=db, clock=open_clock(settings, db), shelf=ProgramShelf(), gateway=gateway)


@contextmanager
def ready_database(settings: Settings) -> Iterator[Database]:
    from api.opening import open_database
    from migrations.current import is_current

    make_folders(settings)
    db = open_database(settings)
    try:
        with db.read() as conn:
            if not is_current(conn):
                fail("The database is not set up, or not up to date: run `jifen migrate` first.")
        yield db
    finally:
        db.close()


def make_folders(settings: Settings) -> None:
    from sqlalchemy.engine import make_url

    from media.storage import BUCKET

    if not settings.media_root.startswith(BUCKET):
        Path(settings.media_root).mkdir(parents=True, exist_ok=True)
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def read_json(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        fail(f"{file} is not JSON: {error}.")
    except RecursionError:
        fail(f"{file} is nested too deeply.")
    if not isinstance(document, dict):
        fail(f"{file} holds no JSON object.")
    return document


def read_instant(text: str, option: str, zone: ZoneInfo | None = None) -> datetime:
    """An instant as it was typed. Without an offset it is local time in `zone`, where there is one."""
    from kernel.clock import within_calendar

    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        fail(f"{option}: “{text}” is not an instant like 2026-01-01T09:00:00+08:00.")
    if instant.tzinfo is None and zone is not None:
        instant = instant.replace(tzinfo=zone)
    if instant.tzinfo is None:
        fail(f"{option}: “{text}” needs an offset from UTC, as in 2026-01-01T09:00:00+08:00.")
    if not within_calendar(instant):
        fail(f"{option}: “{text}” lies outside of the years 1000 to 8999.")
    return instant


@contextmanager
def progress(label: str) -> Iterator[Any]:
    """A bar on the terminal; nothing where nobody watches. Gives `advance(done, total)`."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(label, total=None)

        def advance(done: int, total: int | None = None) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def fail(sentence: str) -> NoReturn:
    raise Failed(sentence)


class Failed(Exception):
    """A command could not do what it was asked. Says why, in a sentence."""

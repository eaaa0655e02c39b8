"""Puts the shop together from its settings."""

from __future__ import annotations

from api.settings import Settings
from kernel.clock import Clock, SystemClock
from kernel.database import Database
from kernel.test_clock import start_test_clock
from kernel.tokens import Tokens
from media.storage import open_store
from members.sign_in import Codes
from members.sms import LogSender, SmsSender
from program.versions import ProgramShelf
from schema.context import Services


def open_database(settings: Settings) -> Database:
    return Database(
        settings.database_url,
        read_url=settings.read_database_url,
        behind_pgbouncer=settings.pgbouncer,
    )


def open_clock(settings: Settings, db: Database) -> Clock:
    """The machine's time, or under JIFEN_TEST_CLOCK the one that stands in the database."""
    if settings.test_clock is None:
        return SystemClock()
    return start_test_clock(db, settings.test_clock)


def open_services(settings: Settings) -> Services:
    """The shop for the web server."""
    key = settings.key()
    db = open_database(settings)
    return Services(
        db=db,
        clock=open_clock(settings, db),
        shelf=ProgramShelf(),
        tokens=Tokens(key, expire=not settings.test_mode),
        codes=Codes(key=key, sender=_sms_sender(settings), test_mode=settings.test_mode),
        secret=key,
        media=open_store(settings.media_root),
        public_url=settings.public_url,
        test_mode=settings.test_mode,
        production=settings.production,
    )


def _sms_sender(settings: Settings) -> SmsSender | None:
    # Settings refuse the log in production; there, a shop without a real sender has no way to send codes.
    return None if settings.production else LogSender()

"""Puts the shop together for the web server."""

from __future__ import annotations

from api.opening import open_clock, open_database
from api.settings import Settings
from kernel.tokens import Tokens
from media.storage import open_store
from members.sign_in import Codes
from members.sms import LogSender, SmsSender
from program.versions import ProgramShelf
from schema.context import Services


def open_services(settings: Settings) -> Services:
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

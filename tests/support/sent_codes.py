"""Takes sign-in codes in place of an SMS company, once the outbox has been worked on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from kernel.clock import Clock
from kernel.database import Database
from kernel.outbox import deliver
from members.send_codes import SendCodes
from members.sign_in import Codes
from members.sms import SMS_CODE


def deliver_codes(db: Database, clock: Clock, codes: Codes) -> int:
    """Does what the courier does in a second or two. Says how many attempts it made."""
    return deliver(db, {SMS_CODE: SendCodes(db, clock, codes)}, clock=lambda: datetime.now(UTC))


@dataclass
class SentCodes:
    """Keeps the codes that were sent, by phone, and in the order they came."""

    received: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    locales: list[str] = field(default_factory=list[str])

    def send_code(self, phone: str, code: str, *, locale: str, key: str) -> None:
        self.received.append((phone, code))
        self.locales.append(locale)

    @property
    def codes(self) -> dict[str, str]:
        return dict(self.received)

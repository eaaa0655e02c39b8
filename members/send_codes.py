"""Sends the sign-in codes that wait in the outbox. What would open nothing any more is dropped."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.clock import Clock
from kernel.database import Database
from kernel.outbox import Message
from members.sign_in import Codes, code_of, code_still_wanted


@dataclass(frozen=True, slots=True)
class SendCodes:
    """The outbox's handler of `SMS_CODE`."""

    db: Database
    clock: Clock
    codes: Codes

    def __call__(self, message: Message) -> None:
        """Raises what the sender raises. A shop that has lost its sender drops the code: asking for one is refused."""
        code_id, phone = str(message.payload["code"]), str(message.payload["phone"])
        with self.db.read() as conn:
            wanted = code_still_wanted(conn, code_id, phone, self.clock.now())
        if wanted and self.codes.sender is not None:
            locale = str(message.payload["locale"])
            self.codes.sender.send_code(phone, code_of(self.codes, code_id), locale=locale, key=code_id)

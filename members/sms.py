"""Sending sign-in codes to phones. A shop's real sender is one more class with this one method."""

from __future__ import annotations

from typing import Protocol

import structlog


class SmsSender(Protocol):
    def send_code(self, phone: str, code: str) -> None:
        """Sends a sign-in code to a phone (E.164). Called outside of transactions."""
        ...


class LogSender:
    """Writes the code to the log, for development: whoever reads the log can sign in as anybody."""

    def send_code(self, phone: str, code: str) -> None:
        structlog.get_logger("jifen.sms").info("sign-in code", phone=phone, code=code)

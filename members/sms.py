"""Sending sign-in codes to phones: a message of the outbox for each. A shop's sender is a class with one method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import structlog

SMS_CODE = "sms.code"
"""The kind of the outbox's messages that send a code."""

BLANK = "{code}"
TEMPLATES: Mapping[str, str] = {
    "zh-CN": "您的验证码是 {code}，5 分钟内有效。请勿告诉他人。",
    "en": "Your sign-in code is {code}. It is valid for 5 minutes. Do not share it.",
}


class SmsSender(Protocol):
    def send_code(self, phone: str, code: str, *, locale: str, key: str) -> None:
        """Sends a sign-in code to a phone (E.164), in one of the shop's languages. Called outside of transactions.

        It may be called again with the same `key`, after which the phone should have one message, not two.

        Raises:
            TryLater: it could not be sent now.
            GiveUp: it will never be sent like this.
        """
        ...


class LogSender:
    """Writes the code to the log, for development: whoever reads the log can sign in as anybody."""

    def send_code(self, phone: str, code: str, *, locale: str, key: str) -> None:
        structlog.get_logger("jifen.sms").info("sign-in code", phone=phone, code=code)

"""An SMS company's web address: takes a JSON document for each message, with the shop's key, and keeps what came.

`python -m tests.doubles.sms --port N` runs it on its own. What was sent is at `GET /_sent`; trouble is told at
`POST /_config/trouble` (JSON: status or seconds or drop, times).
"""

from __future__ import annotations

import argparse
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.small_server import Answer, Asked, serve

KEY = "sms-key-for-tests"
SEND = "/send"


@dataclass
class SmsDouble:
    """The same Idempotency-Key twice is one message."""

    key: str = KEY
    sent: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    calls: int = 0
    troubles: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def trouble(self, **what: Any) -> None:
        """`after`: the message is taken all the same."""
        self.troubles.extend([what] * int(what.pop("times", 1)))

    def answer(self, asked: Asked) -> Answer | None:
        if asked.path == "/_sent":
            return 200, list(self.sent.values())
        if asked.path == "/_config/trouble":
            self.trouble(**(asked.body or {}))
            return 200, {}
        with self._lock:
            self.calls += 1
            trouble = self.troubles.pop(0) if self.troubles else {}
        time.sleep(float(trouble.get("seconds", 0)))
        if (asked.method, asked.path) != ("POST", SEND):
            return 404, {"error": "no such address"}
        if asked.headers.get("Authorization") != f"Bearer {self.key}":
            return 401, {"error": "wrong key"}
        key, body = asked.headers.get("Idempotency-Key"), asked.body
        if not key or not isinstance(body, dict) or not body.get("to") or not body.get("text"):
            return 422, {"error": "to, text and Idempotency-Key are needed"}
        if not trouble or trouble.get("after"):
            self.sent.setdefault(key, body)
        if trouble.get("drop"):
            return None
        return int(trouble.get("status", 202)), {}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.doubles.sms", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one; the first line printed says which")
    parser.add_argument("--key", default=KEY, help="JIFEN_SMS_KEY (%(default)s)")
    told = parser.parse_args()
    serve(SmsDouble(told.key).answer, told.port)


if __name__ == "__main__":
    main()

"""Sends codes through an SMS company's web address: one JSON document for each, with the shop's key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

from kernel.outbox import GiveUp, TryLater
from members.sms import BLANK, TEMPLATES

TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
"""Seconds. Within the outbox's claim, so that nobody else begins meanwhile."""


def _client() -> httpx2.Client:
    return httpx2.Client(timeout=TIMEOUT, follow_redirects=False)


@dataclass(frozen=True, slots=True)
class HttpSender:
    """`templates` holds a text with {code} for each language. One client serves all threads."""

    url: str
    key: str = field(repr=False)
    templates: Mapping[str, str] = field(default_factory=lambda: TEMPLATES)
    client: httpx2.Client = field(default_factory=_client, repr=False)

    def close(self) -> None:
        self.client.close()

    def send_code(self, phone: str, code: str, *, locale: str, key: str) -> None:
        """Raises TryLater and GiveUp, as `SmsSender` says."""
        text = self.templates.get(locale, self.templates["zh-CN"]).replace(BLANK, code)
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": key}
        try:
            with self.client.stream("POST", self.url, json={"to": phone, "text": text}, headers=headers) as answer:
                status = answer.status_code
        except httpx2.RequestError:
            # Without the cause: it may show the request, and in it the code.
            raise TryLater("sms_unreachable") from None
        if status == 429 or status >= 500:
            raise TryLater("sms_unreachable")
        if not 200 <= status < 300:
            raise GiveUp("sms_refused")

"""Idempotency keys: the answer to the first request is kept for a day and given again to the same request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.doubles.stripe.errors import Fault

MOST_KEY = 255
KEPT_SECONDS = 24 * 3600


@dataclass
class Answer:
    status: int
    body: dict[str, Any]


@dataclass
class _Use:
    path: str
    values: dict[str, Any]
    request_id: str
    used_at: int
    answer: Answer | None = None


@dataclass
class Keys:
    _uses: dict[str, _Use] = field(default_factory=dict)

    def begin(
        self, key: str, path: str, values: dict[str, Any], request_id: str, now: int
    ) -> tuple[str, Answer] | None:
        """Takes the key for this request; where it was used before, the first request's id and answer.

        Raises:
            Fault: used for another request, or for one that is still being worked on.
        """
        if len(key) > MOST_KEY:
            raise Fault(400, f"Idempotency keys have up to {MOST_KEY} characters.")
        use = self._uses.get(key)
        if use is None or now - use.used_at >= KEPT_SECONDS:
            self._uses[key] = _Use(path, values, request_id, now)
            return None
        if use.path != path:
            raise _misused(f"The idempotency key '{key}' was first used for {use.path}, not for {path}.")
        if use.values != values:
            raise _misused(f"The idempotency key '{key}' was first used with other parameters.")
        if use.answer is None:
            raise Fault(
                409,
                f"Another request with the idempotency key '{key}' is still in progress.",
                type="idempotency_error",
                code="idempotency_key_in_use",
                headers={"Stripe-Should-Retry": "true"},
            )
        return use.request_id, use.answer

    def end(self, key: str, answer: Answer | None) -> None:
        """Keeps the answer. Without one the endpoint never began, and the key is as good as new."""
        if answer is None:
            del self._uses[key]
        else:
            self._uses[key].answer = answer


def _misused(message: str) -> Fault:
    return Fault(400, message, type="idempotency_error")

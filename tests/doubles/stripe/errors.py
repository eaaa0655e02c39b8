"""Errors in the form of Stripe's answers. The sentences are ours; types, codes and statuses are the published ones."""

from __future__ import annotations

from typing import Any


class Fault(Exception):
    """An error answer. `began`: the endpoint had begun to work, so the idempotency key keeps the answer."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        began: bool = False,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.began = began
        self.headers = headers or {}
        about = {"code": code, "message": message, "param": param, "type": type, **more}
        if code:
            about["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        self.body: dict[str, Any] = {"error": {name: value for name, value in about.items() if value is not None}}


def missing(param: str) -> Fault:
    return Fault(400, f"Missing required param: {param}.", code="parameter_missing", param=param)


def unknown_params(names: list[str]) -> Fault:
    return Fault(
        400,
        f"Received unknown parameters, or some that this double does not cover: {', '.join(names)}",
        code="parameter_unknown",
        param=names[0],
    )


def wrong(param: str, message: str, code: str | None = None) -> Fault:
    """A parameter whose value cannot be: found before the endpoint begins, so no key remembers it."""
    return Fault(400, message, code=code, param=param)


def not_there(kind: str, wanted: str, param: str, *, in_path: bool) -> Fault:
    """404 where the path names it, 400 where a parameter does."""
    return Fault(404 if in_path else 400, f"No such {kind}: '{wanted}'", code="resource_missing", param=param)


def unexpected_state(intent: dict[str, Any], message: str) -> Fault:
    return Fault(400, message, code="payment_intent_unexpected_state", began=True, payment_intent=intent)

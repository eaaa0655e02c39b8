"""Why somebody was not signed in."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class SignInCodeRefused(Refusal):
    """A wrong or expired code or refresh token, or too many tries or requests. Seconds where waiting helps."""

    retry_after_seconds: int | None = None

"""Why a member of staff was not signed in."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class SignInRefused(Refusal):
    """A wrong e-mail, password or refresh token; which of them is not told. Seconds where waiting helps."""

    retry_after_seconds: int | None = None

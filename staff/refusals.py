"""Why a member of staff was not signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kernel.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class SignInRefused(Refusal):
    """A wrong e-mail, password or refresh token; which of them is not told. Seconds where waiting helps.

    `factor`: the password was right, and the code of the second factor is needed, or wrong.
    """

    retry_after_seconds: int | None = None
    factor: Literal["needed", "wrong"] | None = None

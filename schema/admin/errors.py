"""The one refusal that the admin API alone has: nobody was signed in."""

from __future__ import annotations

import strawberry

from schema.context import Context
from schema.errors import SHARED_TELLERS, Tellers, UserError
from schema.messages import REFUSALS, say
from staff.refusals import SignInRefused


@strawberry.type
class SignInError(UserError):
    retry_after_seconds: int | None


def _sign_in(refusal: SignInRefused, context: Context) -> UserError:
    seconds = refusal.retry_after_seconds
    key = "sign_in" if seconds is None else "sign_in_wait"
    if refusal.path == ("refreshToken",):
        key = "session_over"
    elif refusal.factor is not None:
        key = "totp_needed" if refusal.factor == "needed" else "totp_wrong"
    return SignInError(
        message=say(REFUSALS, key, context.locale, seconds=seconds),
        path=list(refusal.path),
        retry_after_seconds=seconds,
    )


ADMIN_TELLERS: Tellers = {**SHARED_TELLERS, SignInRefused: _sign_in}

"""Access tokens: short-lived proof of a session, signed with the shop's secret key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import jwt

Audience = Literal["shop", "admin"]

LIFETIME = timedelta(minutes=15)
LEAST_KEY_BYTES = 32

_ALGORITHM = "HS256"
_ISSUER = "jifen"
_CLAIMS = ["iss", "aud", "sub", "sid", "exp", "iat"]


class WeakKey(ValueError):
    """The secret key has fewer than 32 bytes."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Claims:
    """Whose session a token speaks for. Whether the session still stands, the database knows."""

    subject_id: str
    session_id: str


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """Issues and reads access tokens. `expire` is off under a test clock, whose leaps would end every session.

    Raises:
        WeakKey: `key` is too short to sign with.
    """

    key: bytes
    expire: bool = True

    def __post_init__(self) -> None:
        if len(self.key) < LEAST_KEY_BYTES:
            raise WeakKey(f"a secret key has at least {LEAST_KEY_BYTES} bytes")

    def issue(self, audience: Audience, subject_id: str, session_id: str, now: datetime) -> AccessToken:
        # A token says whole seconds; what the client is told must not be later.
        expires_at = (now + LIFETIME).replace(microsecond=0)
        claims = {
            "iss": _ISSUER,
            "aud": audience,
            "sub": subject_id,
            "sid": session_id,
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        return AccessToken(jwt.encode(claims, self.key, algorithm=_ALGORITHM), expires_at)

    def read(self, audience: Audience, token: str, now: datetime) -> Claims | None:
        """What a token claims; None where it is not ours, was meant for the other API, or has expired."""
        try:
            claims = jwt.decode(
                token,
                self.key,
                algorithms=[_ALGORITHM],
                audience=audience,
                issuer=_ISSUER,
                # Times are compared below, with the shop's clock: the library would ask the machine's.
                options={"require": _CLAIMS, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
        except (jwt.PyJWTError, UnicodeEncodeError):
            return None
        expires, subject, session = claims["exp"], claims["sub"], claims["sid"]
        if not (isinstance(expires, int) and isinstance(subject, str) and isinstance(session, str)):
            return None
        if self.expire and expires <= now.timestamp():
            return None
        return Claims(subject, session)

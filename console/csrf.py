"""Proof that a form was sent from a page of ours: a token for each session, checked in one place (`console.site`).

Before somebody is signed in, the token belongs to a random cookie, so that nobody else signs them in either.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

FIELD = "csrf"
HEADER = "X-CSRF-Token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
GUEST_COOKIE = "jifen_console_guest"


def new_guest() -> str:
    return secrets.token_urlsafe(18)


def token_for(secret: bytes, holder: str) -> str:
    """The token of a session (by its id) or of a guest (by the cookie's value)."""
    return hmac.new(secret, b"console form " + holder.encode(), hashlib.sha256).hexdigest()


def is_right(secret: bytes, holder: str, token: str) -> bool:
    return hmac.compare_digest(token_for(secret, holder).encode(), token.encode(errors="replace"))

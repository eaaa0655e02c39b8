"""Who may ask: API keys as Bearer tokens or as the user of Basic authentication."""

from __future__ import annotations

import base64
import binascii
from typing import Literal

from tests.doubles.stripe.errors import Fault

SECRET_KEY = "sk_test_double"
PUBLISHABLE_KEY = "pk_test_double"


def asker(authorization: str | None, secret_key: str, publishable_key: str) -> Literal["shop", "device"]:
    """Raises: Fault: 401, no key or one that is not ours."""
    key = _key(authorization or "")
    if not key:
        raise Fault(401, "You did not provide an API key, as a Bearer token or by Basic authentication.")
    if key == secret_key:
        return "shop"
    if key == publishable_key:
        return "device"
    hidden = key[:8] + "*" * max(0, len(key) - 12) + key[-4:] if len(key) > 16 else "****"
    raise Fault(401, f"Invalid API Key provided: {hidden}")


def _key(authorization: str) -> str:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""

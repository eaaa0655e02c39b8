"""Ids of the forms that Stripe gives."""

from __future__ import annotations

import secrets
import string

_SIGNS = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """Something like `pi_3MtwBwLkdIwHu7ix28a3tqPa`."""
    return f"{prefix}_{_signs(length)}"


def new_request_id() -> str:
    return new_id("req", 14)


def new_client_secret(intent_id: str) -> str:
    return f"{intent_id}_secret_{_signs(25)}"


def _signs(count: int) -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(count))

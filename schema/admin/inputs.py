"""What several inputs of the admin API share."""

from __future__ import annotations

from kernel.idempotency import MAX_KEY
from kernel.refusals import Refusals
from kernel.texts import MAX_TEXT, read_optional_text, read_text
from schema.connections import given


def optional_text(refusals: Refusals, name: str, text: str | None, *, most: int = MAX_TEXT) -> str | None:
    """A text that may be left out; what is wrong with it is noted. Nothing but space is nothing."""
    return read_optional_text(refusals, (name,), given(text), most=most)


def read_key(refusals: Refusals, key: str) -> str:
    """An idempotency key; what is wrong with it is noted."""
    return read_text(refusals, ("idempotencyKey",), key, most=MAX_KEY, needed=True)

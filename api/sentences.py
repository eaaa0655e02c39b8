"""Refusals and broken connections, in words for whoever typed a command."""

from __future__ import annotations

from kernel.refusals import InvalidInput, NotFound, Refusal, Refused
from schema.messages import REASONS, REFUSALS, say, thing


def sentences_of(error: Exception) -> list[str]:
    """One sentence for each refusal, led by where in the input it is."""
    assert isinstance(error, Refused)
    return [_sentence(refusal) for refusal in error.refusals]


def _sentence(refusal: Refusal) -> str:
    if isinstance(refusal, InvalidInput):
        text = say(REASONS, refusal.reason, "en", **dict(refusal.facts))
    elif isinstance(refusal, NotFound):
        text = say(REFUSALS, "not_found", "en", what=thing(refusal.what, "en"))
    else:
        text = type(refusal).__name__
    return f"{'.'.join(refusal.path)}: {text}" if refusal.path else text


def unreachable(error: Exception) -> str:
    """What the database driver says, without the statement and without the password in the address."""
    reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return f"JIFEN_DATABASE_URL: the database cannot be reached: {reason}."

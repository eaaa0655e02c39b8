"""Texts as clients send them, before anything is done with them."""

from __future__ import annotations

from kernel.texts import MAX_NAME, MAX_TEXT
from schema.codes import bad_input


def sought(text: str | None, *, most: int = MAX_NAME) -> str | None:
    """What a query looks for. Raises BAD_USER_INPUT for what nobody would type."""
    if text is None:
        return None
    if len(text) > most or any(character < " " or "\ud800" <= character <= "\udfff" for character in text):
        raise bad_input("This cannot be looked for.")
    return text.strip()


def searched(text: str | None) -> str | None:
    """What somebody types or pastes into a search box, whatever it is: what cannot be looked for counts as space."""
    if text is None:
        return None
    return "".join(" " if each < " " or "\ud800" <= each <= "\udfff" else each for each in text[:MAX_TEXT])

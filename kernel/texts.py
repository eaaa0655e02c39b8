"""Checks that texts of every room share: not empty, not too long, nothing that no person typed."""

from __future__ import annotations

from kernel.refusals import Path, Refusals, invalid

MAX_NAME = 200
MAX_TEXT = 2000


def read_text(refusals: Refusals, path: Path, text: str, *, most: int = MAX_NAME, needed: bool = False) -> str:
    """The text without space around it. What is wrong with it is noted: empty where it is needed, or too long."""
    stripped = text.strip()
    # PostgreSQL stores no NUL, and no text that lacks half a character.
    if "\x00" in stripped or any("\ud800" <= character <= "\udfff" for character in stripped):
        refusals.add(invalid(path, "bad_characters"))
        return ""
    if needed and not stripped:
        refusals.add(invalid(path, "empty"))
    if len(stripped) > most:
        refusals.add(invalid(path, "too_long", most=most))
    return stripped

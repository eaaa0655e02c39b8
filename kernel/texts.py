"""Checks that texts of every room share: not empty, not too long, nothing that no database keeps."""

from __future__ import annotations

import re

from kernel.refusals import Path, Refusals, invalid

MAX_NAME = 200
MAX_TEXT = 2000

# PostgreSQL stores no NUL, and no text that lacks half a character.
_NOT_KEPT = re.compile("[\x00\ud800-\udfff]")


def can_be_kept(text: str) -> bool:
    """Whether both databases can store the text, or compare with it."""
    return _NOT_KEPT.search(text) is None


def read_text(refusals: Refusals, path: Path, text: str, *, most: int = MAX_NAME, needed: bool = False) -> str:
    """The text without space around it.

    What is wrong with it is noted: empty where it is needed, too long, or characters that no database keeps.
    """
    stripped = text.strip()
    if not can_be_kept(stripped):
        refusals.add(invalid(path, "bad_characters"))
        return ""
    if needed and not stripped:
        refusals.add(invalid(path, "empty"))
    if len(stripped) > most:
        refusals.add(invalid(path, "too_long", most=most))
    return stripped


def read_optional_text(refusals: Refusals, path: Path, text: str | None, *, most: int = MAX_NAME) -> str | None:
    """As `read_text`, of a text that may be left out. Nothing but space is nothing."""
    return None if text is None else read_text(refusals, path, text, most=most) or None

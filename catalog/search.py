"""What a search looks into and how: words, folded, anywhere in the names, the slug and the SKUs of a product."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_

MAX_SEARCH = 200


def fold(text: str) -> str:
    """One form for what reads the same: full-width and half-width, upper and lower case."""
    return unicodedata.normalize("NFKC", text).casefold()


def search_text(names: Iterable[str], slug: str, skus: Iterable[str]) -> str:
    """All that a search looks into, a line each, so that no match runs from one into the next."""
    return "\n".join(dict.fromkeys(fold(part) for part in (*names, slug, *skus)))


def finds(column: ColumnElement[str], search: str) -> ColumnElement[bool] | None:
    """Every word is in the text, anywhere; None where nothing is asked for. Only the first 200 characters count."""
    words = dict.fromkeys(fold(search[:MAX_SEARCH].replace("\0", " ")).split())
    if not words:
        return None
    return and_(*(column.contains(word, autoescape=True) for word in words))

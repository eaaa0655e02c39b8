"""Which of our languages a viewer reads: `Accept-Language` decides."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from program.config import Text

Locale = Literal["zh-CN", "en"]

LOCALES: tuple[Locale, ...] = ("zh-CN", "en")
DEFAULT: Locale = "zh-CN"


@lru_cache(maxsize=256)
def choose_locale(accept_language: str | None) -> Locale:
    """The language that the header likes best among ours; zh-CN where it names none of them."""
    best: tuple[float, Locale] = (0.0, DEFAULT)
    for part in (accept_language or "")[:1000].split(","):
        tag, _, parameters = part.strip().partition(";")
        locale = _ours(tag.strip().lower())
        quality = _quality(parameters)
        # Of two that are liked alike, the one named first.
        if locale is not None and quality > best[0]:
            best = (quality, locale)
    return best[1]


def _ours(tag: str) -> Locale | None:
    language = tag.partition("-")[0]
    if language == "zh":
        return "zh-CN"
    return "en" if language == "en" else None


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                quality = float(value)
            except ValueError:
                return 0.0
            return quality if 0 <= quality <= 1 else 0.0
    return 1.0


def in_language(text: Text, locale: Locale) -> str:
    """A program's name or sentence in one language: one for all, or one for each."""
    if isinstance(text, Mapping):
        return text.get(locale) or text.get(DEFAULT) or next(iter(text.values()), "")
    return text

"""Every text of the console in zh-CN and en, by desk. Refusals have their sentences in `schema.messages`."""

from __future__ import annotations

from console.texts import catalogue, common, govern, members, orders, program, selling, sheets, start
from schema.locale import Locale
from schema.messages import Sentences

# One more desk: one more module here. A key belongs to one of them.
TEXTS: Sentences = {
    **common.TEXTS,
    **start.TEXTS,
    **orders.TEXTS,
    **members.TEXTS,
    **catalogue.TEXTS,
    **selling.TEXTS,
    **sheets.TEXTS,
    **program.TEXTS,
    **govern.TEXTS,
}


def text(key: str, locale: Locale, **facts: object) -> str:
    """A text in one language, its blanks filled. Raises KeyError where nobody has written it."""
    pair = TEXTS[key]
    words = pair[0] if locale == "zh-CN" else pair[1]
    return words.format_map(facts) if "{" in words else words


def worded(prefix: str, name: str, locale: Locale, instead: str | None = None) -> str:
    """The text of a word that is kept as it is (a state, a kind). What nobody has put into words yet shows as it is
    kept, or as `instead`: nothing is left out for want of a text.
    """
    key = f"{prefix}{name}"
    return text(key, locale) if key in TEXTS else instead or name

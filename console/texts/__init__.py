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

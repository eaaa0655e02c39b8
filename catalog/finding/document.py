"""What a product is found under: its words, each at the highest level where it stands. Pure.

A product keeps its words as one text as well, level by level (`written`, `read`): saving it again then touches only the
postings of words that have come or gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.finding.terms import KIND, NAME, SKU, TEXT, sku_word
from catalog.finding.words import words_of

FORM = "2"
"""The form of the words. A product whose text begins otherwise is to be indexed anew."""

MAX_WORDS = 1_000
"""Words that are kept of one product, those of the highest levels first."""


@dataclass(frozen=True, slots=True)
class Document:
    """The texts of a product, in all languages. `kinds`: categories above it, options, attributes, its slug."""

    names: Iterable[str]
    skus: Iterable[str] = ()
    kinds: Iterable[str] = ()
    texts: Iterable[str] = ()
    category_ids: Iterable[str] = field(default=())


def levels_of(document: Document) -> dict[str, int]:
    """Every word with its level. Categories are words too, which nobody can type: they narrow a search down."""
    found: dict[str, int] = {}
    skus = list(document.skus)
    for sku in skus:
        found.setdefault(sku_word(sku), SKU)
    for category_id in document.category_ids:
        found.setdefault(category_word(category_id), NAME)
    for level, texts in ((NAME, (*document.names, *skus)), (KIND, document.kinds)):
        for text in texts:
            for word in words_of(text):
                found.setdefault(word, level)
    for text in document.texts:
        # A single character would be in nearly every description.
        for word in words_of(text, singles=False):
            found.setdefault(word, TEXT)
    return dict(list(found.items())[:MAX_WORDS])


def category_word(category_id: str) -> str:
    return "@" + category_id.replace("_", "")


def written(levels: dict[str, int]) -> str:
    """The words as one text: "word word |3 word |2 word |1", a level's words before the sign that it ends."""
    parts = [FORM + "|"]
    for level in (SKU, NAME, KIND, TEXT):
        parts += [word for word, at in levels.items() if at == level]
        parts.append(f"|{level - 1}")
    return " ".join(parts)


def read(text: str) -> dict[str, int]:
    """What `written` has written; nothing of a text in another form."""
    form, _, rest = text.partition("| ")
    if form != FORM:
        return {}
    found: dict[str, int] = {}
    level = SKU
    for word in rest.split(" "):
        if word == f"|{level - 1}":
            level -= 1
        elif word:
            found[word] = level
    return found

"""Looks the words of a search up in the index, in one statement; in two where a pair of characters is no word.

What is read is bounded whatever is searched for: of each whole word a posting for each block and level, and of a word
that is only begun so many postings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, union_all

from catalog.columns import postings_t
from catalog.finding.found import Found, Levels, rank
from catalog.finding.numbers import Numbers, joined
from catalog.finding.postings import unpack
from catalog.finding.terms import ALL_LEVELS, SKU, Search, Term, taken_apart
from kernel.database import among, id_list

MOST_BEGUN = 600
"""So many postings are read of the words that begin as the last one was begun, in the order of the alphabet.

Where there are more, the words so far stand for all: who has typed one letter is not done.
"""

_AFTER_ALL = "\U0010ffff"

_i = postings_t.c
_COLUMNS = (_i.word, _i.level, _i.block, _i.products)


def _statement(begun: bool) -> Any:  # noqa: ANN401 - a select
    whole = select(*_COLUMNS).where(among(_i.word, id_list("words")))
    if not begun:
        return whole
    start, end = (bindparam(name, type_=_i.word.type) for name in ("from", "until"))
    first = select(*_COLUMNS).where(_i.word >= start, _i.word < end).order_by(_i.word, _i.level, _i.block)
    return union_all(whole, select(first.limit(bindparam("most", type_=_i.level.type)).subquery()))


_WHOLE, _BEGUN = _statement(False), _statement(True)


def look_up(conn: Connection, search: Search, narrowing: str | None = None) -> Found:
    """`narrowing`: a word that has to be there as well, and says nothing about the rank."""
    begun = next((term for term in search.terms if term.prefix is not None), None)
    words = [term.word for term in search.terms]
    postings = _Postings()
    postings.read(conn, [*words, search.sku, *([] if narrowing is None else [narrowing])], begun)
    terms = search.terms
    missing = {term for term in terms if not postings.levels(term)}
    if len(terms) > 1:
        terms = taken_apart(terms, missing)
        postings.read(conn, [term.word for term in terms if term not in search.terms])
    return rank(
        [postings.levels(term) for term in terms],
        postings.numbers(search.sku, (SKU,)),
        None if narrowing is None else postings.numbers(narrowing, ALL_LEVELS),
    )


class _Postings:
    """What has been read of the index: for each word and level the blocks."""

    def __init__(self) -> None:
        self._blocks: dict[str, dict[int, dict[int, Numbers]]] = {}

    def read(self, conn: Connection, words: Sequence[str], begun: Term | None = None) -> None:
        if not words:
            return
        values: dict[str, Any] = {"words": words}
        if begun is not None and begun.prefix is not None:
            values |= {"from": begun.prefix, "until": begun.prefix + _AFTER_ALL, "most": MOST_BEGUN}
        rows: Iterable[Any] = conn.execute(_WHOLE if begun is None else _BEGUN, values)
        for word, level, block, products in rows:
            self._blocks.setdefault(word, {}).setdefault(level, {})[block] = unpack(products)

    def levels(self, term: Term) -> Levels:
        """Where the products stand that have a term; no level without any."""
        words = [term.word]
        if term.prefix is not None:
            words += [word for word in self._blocks if word != term.word and word.startswith(term.prefix)]
        found = {level: self._joined(words, (level,)) for level in ALL_LEVELS}
        return {level: numbers for level, numbers in found.items() if numbers}

    def numbers(self, word: str, levels: Sequence[int]) -> Numbers:
        return self._joined([word], levels)

    def _joined(self, words: Sequence[str], levels: Sequence[int]) -> Numbers:
        blocks: dict[int, Numbers] = {}
        for word in words:
            there = self._blocks.get(word, {})
            for level in levels:
                for block, numbers in there.get(level, {}).items():
                    blocks[block] = blocks.get(block, 0) | numbers
        return joined(blocks)

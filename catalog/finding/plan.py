"""Decides how a search is run: which of its terms is rarest, and whether that one is rare enough to look at all of it.

One statement, or two where the last word is only begun and much begins so. Its cost is bounded whatever is searched
for: entries are counted up to a limit that all terms share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from catalog.finding.statements import BEGINNING_WITH, BEGINNINGS, FEW, all_words, counts, shape_of, values_of
from catalog.finding.terms import NAME, Search, Term, taken_apart
from catalog.finding.words import stem

RARE = 500
"""So many entries, or fewer, are looked at one by one."""

_COUNTED = 3_000
_MOST_WORDS = 5
_AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Plan:
    """How to find what `terms` ask for. `driver` is the rarest of them; None: nothing can be found by words.

    `words` are those that the driver stands for where it is common; empty where it is rare. `sku_ids` are the
    products whose whole SKU was typed, `sku` the word for it. `ids`: no other products can be what is searched for.
    `best`: but for the SKU, no product has a higher rank.
    """

    terms: tuple[Term, ...]
    driver: Term | None
    words: tuple[str, ...]
    sku_ids: tuple[str, ...]
    sku: str
    ids: tuple[str, ...] | None = None
    best: int = NAME

    @property
    def others(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term is not self.driver)


def plan_search(conn: Connection, search: Search, narrowing: tuple[Term, ...] = ()) -> Plan:
    """`narrowing` are terms that have to be found as well, and say nothing about the rank."""
    terms = (*search.terms, *narrowing)
    counted = _count(conn, search, terms)
    missing = {term for term, number in zip(search.terms, counted.numbers, strict=False) if not number}
    apart = taken_apart(search.terms, missing)
    if len(search.terms) > 1 and apart != search.terms:
        terms = (*apart, *narrowing)
        counted = _count(conn, search, terms)
    sku_ids = counted.sku_ids
    if not search.terms or not all(counted.numbers):
        return Plan((), None, (), sku_ids, search.sku)
    driver, number = min(zip(terms, counted.numbers, strict=True), key=lambda each: each[1])
    if number <= RARE:
        return Plan(terms, driver, (), sku_ids, search.sku)
    # Which whole words are with it, the index alone can tell; so a word that was only begun leads the way.
    driver = next((term for term in terms if term.prefix is not None), driver)
    words = (driver.word,)
    if driver.prefix is not None:
        words, are_all = _beginning_with(conn, driver)
        if are_all and len(words) == 1:
            # Nothing else begins so: it is a whole word.
            whole = Term(words[0], None)
            terms = tuple(whole if term is driver else term for term in terms)
            driver = whole
    plan = Plan(terms, driver, words, sku_ids, search.sku, best=counted.best)
    return replace(plan, ids=_together(conn, plan)) if plan.others else plan


@dataclass(slots=True)
class _Counted:
    """How many entries each term has, up to a limit; the products of the SKU; the best rank that there can be."""

    numbers: list[int]
    sku_ids: tuple[str, ...]
    best: int


def _count(conn: Connection, search: Search, terms: tuple[Term, ...]) -> _Counted:
    values: dict[str, Any] = {"sku": search.sku, "most": max(RARE, _COUNTED // max(len(terms), 1)) + 1}
    for i, term in enumerate(terms):
        values.update(values_of(i, term))
    counted = _Counted([0] * len(terms), (), NAME)
    rows: Sequence[Any] = conn.execute(counts(tuple(shape_of(term) for term in terms)), values).all()
    for i, number, best, product_id in rows:
        if i < 0:
            counted.sku_ids += (product_id,)
        else:
            counted.numbers[i] = number
            counted.best = min(counted.best, best or NAME)
    return counted


def _together(conn: Connection, plan: Plan) -> tuple[str, ...] | None:
    """The products that have all words, where they are few; None where they are many, and soon found one by one."""
    values = {f"word{i}": term.word for i, term in enumerate(plan.others)}
    ids = conn.execute(all_words(len(plan.others)), {**values, "words": plan.words}).scalars().all()
    return tuple(ids) if len(ids) <= FEW else None


def _beginning_with(conn: Connection, term: Term) -> tuple[tuple[str, ...], bool]:
    """The commonest of the first words that begin as a word was begun, and whether there are no others.

    From one to the next is a step in the index. A plural goes without saying: where it stands, its stem stands too.
    """
    prefix = term.prefix or ""
    rows: Sequence[Any] = conn.execute(BEGINNING_WITH, {"from": prefix, "until": prefix + _AFTER_ALL}).all()
    words: dict[str, int] = dict(rows)
    are_all = len(words) < BEGINNINGS
    if not term.word.startswith(prefix):
        words.setdefault(term.word, 0)
    words = {word: n for word, n in words.items() if stem(word) == word or stem(word) not in words}
    # The word as it stands comes first.
    by_count = sorted(words, key=lambda word: (word not in (term.word, prefix), -words[word], word))
    return tuple(by_count[:_MOST_WORDS]), are_all and len(by_count) <= _MOST_WORDS

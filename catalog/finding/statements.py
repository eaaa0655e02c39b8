"""The statements that a search is planned with, put together once for each shape of a search: that takes longer than to
run them. Each looks at a bounded number of entries."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    and_,
    bindparam,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from catalog.columns import entries_t
from catalog.finding.terms import ALL_LEVELS, NAME, SKU, Term
from kernel.database import among, id_list

BEGINNINGS = 30
"""So many words are looked at that begin as a word was begun."""

FEW = 60
"""So many products, or fewer, that have all words are all looked at."""

_WEIGHED = 100
_MOST_SKUS = 10
_AFTER_ALL = "\U0010ffff"

_e = entries_t.c
_LEVELS = [literal_column(str(level)) for level in ALL_LEVELS]


class Shape(Enum):
    """What a term looks for."""

    WHOLE = "a whole word"
    BEGUN = "whatever begins so"
    EITHER = "a word, or whatever begins as another"


def stands_for(term: Term) -> ColumnElement[bool]:
    """The entries of a term."""
    if term.prefix is None:
        return _e.word == term.word
    begins = and_(_e.word >= term.prefix, _e.word < term.prefix + _AFTER_ALL)
    return begins if term.word.startswith(term.prefix) else or_(begins, _e.word == term.word)


@lru_cache(maxsize=256)
def counts(shapes: tuple[Shape, ...]) -> Any:  # noqa: ANN401 - a select
    """The number of each term, its entries up to `most`, its best level; and under -1 the products of `sku`."""
    sku: Any = (
        select(literal_column("-1").label("term"), literal_column("0").label("n"), literal_column("0").label("best"))
        .add_columns(_e.product_id)
        .where(_e.word == bindparam("sku", type_=_e.word.type), _e.level == literal_column(str(SKU)))
        .limit(literal_column(str(_MOST_SKUS)))
    )
    parts: list[Any] = [select(sku.subquery())]
    for i, shape in enumerate(shapes):
        found = _is_of(shape, i)
        some = select(literal_column("1").label("one")).where(found).limit(bindparam("most", type_=Integer()))
        # The highest level at which a word stands is one step in the index; of a beginning it would be many.
        best = literal_column(str(NAME))
        if shape is Shape.WHOLE:
            highest = entries_t.alias().c
            best = select(func.max(highest.level)).where(highest.word == _word(i)).scalar_subquery()
        parts.append(select(literal_column(str(i)), func.count(), best, null()).select_from(some.subquery()))
    return union_all(*parts)


def shape_of(term: Term) -> Shape:
    if term.prefix is None:
        return Shape.WHOLE
    return Shape.BEGUN if term.word.startswith(term.prefix) else Shape.EITHER


def values_of(i: int, term: Term) -> dict[str, str]:
    """What `counts` is to be given of a term."""
    values = {f"word{i}": term.word}
    if term.prefix is not None:
        values |= {f"from{i}": term.prefix, f"until{i}": term.prefix + _AFTER_ALL}
        if shape_of(term) is Shape.BEGUN:
            del values[f"word{i}"]
    return values


def _is_of(shape: Shape, i: int) -> ColumnElement[bool]:
    if shape is Shape.WHOLE:
        return _e.word == _word(i)
    start, end = (bindparam(f"{name}{i}", type_=_e.word.type) for name in ("from", "until"))
    begins = and_(_e.word >= start, _e.word < end)
    return begins if shape is Shape.BEGUN else or_(begins, _e.word == _word(i))


def _word(i: int) -> BindParameter[str]:
    return bindparam(f"word{i}", type_=_e.word.type)


@lru_cache(maxsize=64)
def all_words(number: int) -> Any:  # noqa: ANN401 - a select
    """The first products that have one of `words` and so many other words, each at any level but the SKU's."""
    statement = select(_e.product_id).where(among(_e.word, id_list("words")))
    for i in range(number):
        other = entries_t.alias().c
        there = select(other.level).where(
            other.word == _word(i), other.level.in_(_LEVELS), other.product_id == _e.product_id
        )
        # As a value, not as EXISTS, which PostgreSQL turns into a join of all that either word has.
        one = there.limit(literal_column("1")).correlate(entries_t).scalar_subquery()
        statement = statement.where(one.is_not(None))
    return statement.limit(literal_column(str(FEW + 1)))


def _stepping() -> Any:  # noqa: ANN401 - a select
    """The first words between two, each with how many entries it has, up to a hundred."""
    start, end = (bindparam(name, type_=_e.word.type) for name in ("from", "until"))
    first = select(func.min(_e.word).label("word"), literal_column("1").label("n"))
    found = first.where(_e.word >= start, _e.word < end).cte("found", recursive=True)
    following = select(func.min(_e.word)).where(_e.word > found.c.word, _e.word < end).correlate(found)
    found = found.union_all(
        select(following.scalar_subquery(), found.c.n + literal_column("1")).where(
            found.c.word.is_not(None), found.c.n < literal_column(str(BEGINNINGS))
        )
    )
    some = select(literal_column("1").label("one")).where(_e.word == found.c.word)
    some = some.limit(literal_column(str(_WEIGHED))).correlate(found).subquery()
    count = select(func.count()).select_from(some).scalar_subquery()
    return select(found.c.word, count).where(found.c.word.is_not(None))


BEGINNING_WITH = _stepping()

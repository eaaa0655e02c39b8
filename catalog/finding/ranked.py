"""Products in the order of how well they fit a search: the whole SKU, then name, then kind, then description; among
equals those that were added last come first.

A rare term is looked at whole. Where all terms are common, the index is walked level by level, best first, and the walk
ends when the page is full: so the commonest word costs no more than a rare one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    and_,
    case,
    literal_column,
    or_,
    select,
    true,
    union,
    union_all,
)

from catalog.columns import entries_t, products_t
from catalog.finding.plan import Plan
from catalog.finding.statements import stands_for
from catalog.finding.terms import ALL_LEVELS, NAME, SKU, TEXT, Term
from kernel.database import among
from kernel.paging import Page, Window, keyset, take_page

_e, _p = entries_t.c, products_t.c

Columns = Sequence[ColumnElement[Any]]
Conditions = Sequence[ColumnElement[bool]]


def stand_in(terms: Sequence[Term], least: int = TEXT) -> ColumnElement[bool]:
    """All terms are among a product's words, at this level or above."""
    return and_(true(), *(or_(*(_p.search_text.like(pattern) for pattern in term.patterns(least))) for term in terms))


def matches(plan: Plan, *, few: bool = False) -> Conditions:
    """What is found, as conditions for a list in another order. `few`: from the index even where much is found."""
    if plan.driver is None:
        return [among(_p.id, plan.sku_ids)]
    if plan.ids is not None:
        return [among(_p.id, (*plan.ids, *plan.sku_ids)), _or_sku(plan, stand_in(plan.terms))]
    if plan.words and not few:
        return [_or_sku(plan, stand_in(plan.terms))]
    found = select(_e.product_id).where(among(_e.word, plan.words) if plan.words else stands_for(plan.driver))
    if not plan.sku_ids:
        return [_p.id.in_(found), *([stand_in(plan.others)] if plan.others else [])]
    whole = select(_e.product_id).where(_e.word == plan.sku, _e.level == literal_column(str(SKU)))
    return [_p.id.in_(found.union_all(whole)), _or_sku(plan, stand_in(plan.terms))]


def _or_sku(plan: Plan, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(condition, among(_p.id, plan.sku_ids)) if plan.sku_ids else condition


def ranked_page(
    conn: Connection, window: Window, plan: Plan, columns: Columns, source: FromClause, conditions: Conditions
) -> Page[Any]:
    """A page of rows: `columns` of `source`, where `conditions` hold, each followed by its rank and its id."""
    if plan.words and plan.ids is None:
        return _walked(conn, window, plan, columns, source, conditions)
    rank = _rank(plan)
    statement = select(*columns, rank, _p.id).select_from(source).where(*matches(plan), *conditions)
    return take_page(conn.execute(keyset(statement, window, [(rank, True), (_p.id, True)])).all(), window)


def _rank(plan: Plan) -> ColumnElement[int]:
    levels = [(stand_in(plan.terms, level), literal_column(str(level))) for level in ALL_LEVELS[:-1]]
    if plan.sku_ids:
        levels.insert(0, (among(_p.id, plan.sku_ids), literal_column(str(SKU))))
    if not plan.terms:
        return literal_column(str(SKU))
    return case(*levels, else_=literal_column(str(TEXT)))


# ---------------------------------------------------------------- walking the index


def _walked(
    conn: Connection, window: Window, plan: Plan, columns: Columns, source: FromClause, conditions: Conditions
) -> Page[Any]:
    ranks = [*((SKU,) if plan.sku_ids else ()), *(level for level in ALL_LEVELS if level <= plan.best)]
    rows: list[Any] = []
    # Of several terms, what is below a full page may take long to find; of one it is at hand.
    steps = [[rank] for rank in ranks] if plan.others else [ranks]
    for step in reversed(steps) if window.backwards else steps:
        missing = window.size + 1 - len(rows)
        bounds = {rank: bounds for rank in step if (bounds := _bounds(window, rank)) is not None}
        if not bounds or missing <= 0:
            continue
        limit = literal_column(str(missing))
        found = union_all(
            *(
                select(literal_column(str(rank)).label("rank"), walk.c.id)
                for rank in bounds
                for walk in [_ids_of(plan, rank, conditions, bounds[rank], limit, window.backwards).subquery()]
            )
        ).subquery()
        statement = select(*columns, found.c.rank, _p.id).select_from(source).join(found, found.c.id == _p.id)
        order = (column.asc() if window.backwards else column.desc() for column in (found.c.rank, _p.id))
        rows += conn.execute(statement.order_by(*order).limit(limit)).all()
    return take_page(rows, window)


def _bounds(window: Window, rank: int) -> list[tuple[str, str]] | None:
    """Between which ids a rank's part of the window lies; None where no part of it does."""
    bounds: list[tuple[str, str]] = []
    for key, sign, outside in ((window.after, "<", 1), (window.before, ">", -1)):
        if key is None:
            continue
        if (rank - key[0]) * outside > 0:
            return None
        if rank == key[0]:
            bounds.append((sign, key[1]))
    return bounds


def _ids_of(
    plan: Plan,
    rank: int,
    conditions: Conditions,
    bounds: Sequence[tuple[str, str]],
    limit: ColumnElement[int],
    backwards: bool,
) -> Any:  # noqa: ANN401 - a select of ids
    """The first ids of one rank, as a subquery: a short walk for each word and level that may lead there."""
    if rank == SKU:
        return select(_p.id.label("id")).where(among(_p.id, plan.sku_ids), *conditions, *_within(_p.id, bounds))
    assert plan.driver is not None
    walks: list[Any] = []
    for word in plan.words:
        for level in ALL_LEVELS:
            if level < rank or (level > rank and not plan.others):
                continue
            # Looked up one by one, as a value: of a join PostgreSQL would think that it has to be made whole.
            fits = select(literal_column("1")).where(_p.id == _e.product_id, *conditions, *_exactly(plan, rank))
            if plan.sku_ids:
                fits = fits.where(~among(_p.id, plan.sku_ids))
            one = fits.limit(literal_column("1")).correlate(entries_t).scalar_subquery()
            walk = select(_e.product_id.label("id")).where(
                _e.word == word,
                _e.level == literal_column(str(level)),
                *_within(_e.product_id, bounds),
                one.is_not(None),
            )
            order = _e.product_id.asc() if backwards else _e.product_id.desc()
            walks.append(select(walk.order_by(order).limit(limit).subquery().c.id))
    return walks[0] if len(walks) == 1 else union(*walks)


def _exactly(plan: Plan, rank: int) -> Conditions:
    """The weakest of the terms decides the rank. Of one whole word the index itself says it."""
    if not plan.others and len(plan.words) == 1:
        return []
    above = [] if rank == NAME else [~stand_in(plan.terms, rank + 1)]
    return [stand_in(plan.terms, rank), *above]


def _within(column: ColumnElement[str], bounds: Sequence[tuple[str, str]]) -> Conditions:
    return [column < key if sign == "<" else column > key for sign, key in bounds]

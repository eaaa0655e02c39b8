"""Lists of what a search has found: a page of it best first, and a condition for lists in another order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, literal_column, select

from catalog.columns import products_t
from catalog.finding.found import Found
from catalog.finding.numbers import highest_first
from kernel.number_lists import has_bit, listed
from kernel.paging import Page, Window, take_page

FIRST, GROWTH = 3, 12
"""Candidates that are looked at first, for each row of the page; and how many times more each time it is not full."""

FEW = 500
"""So many products, or fewer, are named one by one."""

_p = products_t.c

Columns = Sequence[ColumnElement[Any]]
Conditions = Sequence[ColumnElement[bool]]


def matches(found: Found) -> ColumnElement[bool]:
    """What is found, as a condition for a list in another order."""
    numbers = found.numbers
    if numbers.bit_count() <= FEW:
        return _p.search_number.in_(select(listed(list(highest_first(numbers))).c.value))
    return has_bit(numbers, _p.search_number)


def ranked_page(
    conn: Connection, window: Window, found: Found, columns: Columns, source: FromClause, conditions: Conditions
) -> Page[Any]:
    """A page of rows: `columns` of `source`, where `conditions` hold, each followed by its rank and its number.

    Of what is found, so much is looked at as fills the page: once where the conditions hold for most of it.
    """
    candidates = found.within(window)
    rows: list[Any] = []
    most = FIRST * (window.size + 1)
    while len(rows) <= window.size and (ranks := dict(islice(candidates, most))):
        places = listed(list(ranks))
        statement = (
            select(*columns, _p.search_number)
            .select_from(source.join(places, places.c.value == _p.search_number))
            .where(*conditions)
            .order_by(places.c.place)
            .limit(literal_column(str(window.size + 1 - len(rows))))
        )
        rows += [(*row[:-1], ranks[row[-1]], row[-1]) for row in conn.execute(statement)]
        most *= GROWTH
    return take_page(rows, window)

"""Pages by keyset: a page begins after or before the sort values of a row, so it costs the same however deep it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Select, and_, literal_column, or_

Item = TypeVar("Item")

Key = tuple[Any, ...]
"""The sort values of one row, the last of them unique."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows are wanted: `size` of them between two keys, counted from the end where `backwards`."""

    size: int = 20
    after: Key | None = None
    before: Key | None = None
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    items: list[Item]
    has_next: bool
    has_previous: bool


Sort = Sequence[tuple[ColumnElement[Any], bool]]
"""Columns in order of weight, each with whether it descends."""


Rows: TypeAlias = Select[*tuple[Any, ...]]


def keyset(statement: Rows, window: Window, sort: Sort) -> Rows:
    """Narrows and orders a statement to one window; it asks for one row more, to know whether there are others."""
    if window.after is not None:
        statement = statement.where(_beyond(sort, window.after, forwards=True))
    if window.before is not None:
        statement = statement.where(_beyond(sort, window.before, forwards=False))
    order = [column.desc() if descends != window.backwards else column.asc() for column, descends in sort]
    # Written out, not a parameter: PostgreSQL keeps a plan only where it knows how few rows are wanted.
    return statement.order_by(*order).limit(literal_column(str(window.size + 1)))


def take_page(rows: Sequence[Item], window: Window) -> Page[Item]:
    """The page that the rows of a `keyset` statement make, in the list's own order."""
    more = len(rows) > window.size
    items = list(rows[: window.size])
    if window.backwards:
        items.reverse()
        return Page(items, has_next=window.before is not None, has_previous=more)
    return Page(items, has_next=more, has_previous=window.after is not None)


def _beyond(sort: Sort, key: Key, *, forwards: bool) -> ColumnElement[bool]:
    """Rows that come later (or sooner) than a key. The first column is also bounded alone, for the index's sake."""
    alternatives: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for (column, descends), value in zip(sort, key, strict=True):
        step = column < value if descends == forwards else column > value
        alternatives.append(and_(*equal, step))
        equal.append(column == value)
    first, descends = sort[0]
    bound = first <= key[0] if descends == forwards else first >= key[0]
    return and_(bound, or_(*alternatives))

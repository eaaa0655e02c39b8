"""Connections: pages by keyset, both ways, with cursors that say where a row stands in one ordering of a list."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import orjson
import strawberry

from kernel.paging import Key, Page, Window
from schema.codes import bad_input

DEFAULT_SIZE = 20
MAX_SIZE = 100
MAX_CURSOR = 4_000

Row = TypeVar("Row")
Value = TypeVar("Value")
Connection = TypeVar("Connection")

PageArguments = tuple[int | None, str | None, int | None, str | None]
"""first, after, last, before: as a connection is given them."""


@strawberry.type
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class Ordering(Generic[Row]):
    """One way in which a list is ordered. Cursors of another ordering do not fit it.

    `shape` are the types of the sort values: str, int or datetime; `key` reads them from a row.
    """

    name: str
    shape: tuple[type, ...]
    key: Callable[[Row], Key]

    def cursor(self, row: Row) -> str:
        values = [value.isoformat() if isinstance(value, datetime) else value for value in self.key(row)]
        return urlsafe_b64encode(orjson.dumps([self.name, *values])).rstrip(b"=").decode()

    def key_of(self, cursor: str) -> Key:
        """The sort values that a cursor of ours holds. Raises BAD_USER_INPUT for anything else."""
        try:
            return self._read(cursor)
        except (ValueError, OverflowError, binascii.Error) as error:
            raise bad_input("This is not a cursor of this list.") from error

    def _read(self, cursor: str) -> Key:
        if len(cursor) > MAX_CURSOR or not cursor.isascii():
            raise ValueError("not of ours")
        text = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        values = orjson.loads(text)
        if not isinstance(values, list) or len(values) != len(self.shape) + 1 or values[0] != self.name:
            raise ValueError("of another list")
        return tuple(_typed(value, type_) for value, type_ in zip(values[1:], self.shape, strict=True))


def _typed(value: object, type_: type) -> Any:  # noqa: ANN401 - one of the types of sort values
    if type_ is datetime:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
        if instant is None or instant.tzinfo is None:
            raise ValueError("no instant")
        return instant.astimezone(UTC)
    if type_ is int:
        if type(value) is not int or abs(value) >= 2**63:
            raise ValueError("no whole number")
        return value
    if type(value) is not str or "\x00" in value:
        raise ValueError("no text")
    return value


def given(value: Value | None) -> Value | None:
    """An argument's value; None where it is absent."""
    return None if value is strawberry.UNSET else value


def window_of(
    first: int | None, after: str | None, last: int | None, before: str | None, ordering: Ordering[Any]
) -> Window:
    """The page that a connection's arguments ask for, UNSET or None where they are absent.

    Raises BAD_USER_INPUT where they make no sense.
    """
    first, after, last, before = given(first), given(after), given(last), given(before)
    if first is not None and last is not None:
        raise bad_input("Give first or last, not both.")
    for size in (first, last):
        if size is not None and not 1 <= size <= MAX_SIZE:
            raise bad_input(f"first and last are between 1 and {MAX_SIZE}.")
    return Window(
        size=first or last or DEFAULT_SIZE,
        after=None if after is None else ordering.key_of(after),
        before=None if before is None else ordering.key_of(before),
        backwards=last is not None,
    )


def connect(
    connection: Callable[..., Connection],
    edge: Callable[..., Any],
    page: Page[Row],
    nodes: Sequence[Any],
    ordering: Ordering[Row],
    total: int = 0,
) -> Connection:
    """A connection over a page. `nodes` are the types of the page's rows, in the same order; `total` is the
    number of rows in the whole list, where it was asked for."""
    cursors = [ordering.cursor(row) for row in page.items]
    return connection(
        edges=[edge(cursor=cursor, node=node) for cursor, node in zip(cursors, nodes, strict=True)],
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        ),
        total_count=total,
    )

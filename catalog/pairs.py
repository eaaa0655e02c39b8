"""Ids with a whole number each as ONE parameter of a statement, so that it stays the same for any number of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Boolean, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import InternalTraversal

_PARTS = [("column", InternalTraversal.dp_clauseelement), ("pairs", InternalTraversal.dp_clauseelement)]


def pairs_parameter(name: str, pairs: Mapping[str, int] | None = None) -> BindParameter[Any]:
    """The parameter; its value is given here, or as `as_value` when the statement runs."""
    if pairs is None:
        return bindparam(name, type_=Text())
    return bindparam(name, as_value(pairs), type_=Text(), unique=True)


def as_value(pairs: Mapping[str, int]) -> str:
    return json.dumps(dict(pairs))


class named_in(ColumnElement[bool]):  # noqa: N801 - reads as part of a statement
    """`column` is one of the ids."""

    inherit_cache = True
    type = Boolean()
    _traverse_internals = _PARTS

    def __init__(self, column: ColumnElement[str], pairs: BindParameter[Any]) -> None:
        self.column, self.pairs = column, pairs

    def self_group(self, against: Any = None) -> Any:  # noqa: ANN401 - SQLAlchemy's signature
        # Otherwise SQLite, which has no booleans, is told "... = 1", and looks at every row instead of an index.
        return self


class number_of(ColumnElement[int]):  # noqa: N801 - reads as part of a statement
    """The number that goes with the id in `column`; NULL where there is none."""

    inherit_cache = True
    type = BigInteger()
    _traverse_internals = _PARTS

    def __init__(self, column: ColumnElement[str], pairs: BindParameter[Any]) -> None:
        self.column, self.pairs = column, pairs


def _both(element: named_in | number_of, compiler: Any, kw: dict[str, Any]) -> tuple[str, str]:  # noqa: ANN401
    return compiler.process(element.column, **kw), compiler.process(element.pairs, **kw)


@compiles(named_in, "postgresql")
def _named_on_postgresql(element: named_in, compiler: Any, **kw: Any) -> str:  # noqa: ANN401
    column, pairs = _both(element, compiler, kw)
    # As an array, which the planner takes for a short list; of a set of rows it expects a hundred, and scans the table.
    return f"{column} = ANY(ARRAY(SELECT json_object_keys(CAST({pairs} AS json))))"


@compiles(named_in, "sqlite")
def _named_on_sqlite(element: named_in, compiler: Any, **kw: Any) -> str:  # noqa: ANN401
    column, pairs = _both(element, compiler, kw)
    return f"{column} IN (SELECT key FROM json_each({pairs}))"  # noqa: S608 - of parts that SQLAlchemy compiled


@compiles(number_of, "postgresql")
def _number_on_postgresql(element: number_of, compiler: Any, **kw: Any) -> str:  # noqa: ANN401
    column, pairs = _both(element, compiler, kw)
    return f"CAST(CAST({pairs} AS json) ->> {column} AS BIGINT)"


@compiles(number_of, "sqlite")
def _number_on_sqlite(element: number_of, compiler: Any, **kw: Any) -> str:  # noqa: ANN401
    column, pairs = _both(element, compiler, kw)
    return f"CAST(json_extract({pairs}, '$.\"' || {column} || '\"') AS BIGINT)"

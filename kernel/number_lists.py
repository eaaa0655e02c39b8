"""Many whole numbers as one parameter: a list that keeps its order, or a set of which each number is one bit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, FromClause, Integer, LargeBinary, Text, bindparam, types
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import InternalTraversal


class _NumberList(types.TypeDecorator[Sequence[int]]):
    """An array on PostgreSQL, a JSON text on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own
        return dialect.type_descriptor(ARRAY(Integer()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[int] | None, dialect: Any) -> Any:  # noqa: ANN401 - either of both
        return json.dumps(value) if value is not None and dialect.name == "sqlite" else value


class _listed(FunctionElement[Any]):  # noqa: N801 - a function of SQL
    inherit_cache = True


def listed(numbers: Sequence[int]) -> FromClause:
    """A table of the numbers: `value`, and `place`, which grows along the list."""
    return _listed(bindparam(None, numbers, type_=_NumberList(), unique=True)).table_valued("value", "place").alias()


@compiles(_listed, "postgresql")
def _listed_postgresql(element: _listed, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    numbers = compiler.process(element.clauses, **kw)
    return f"(SELECT value, place FROM unnest({numbers}) WITH ORDINALITY AS one(value, place))"  # noqa: S608 - no values


@compiles(_listed, "sqlite")
def _listed_sqlite(element: _listed, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    numbers = compiler.process(element.clauses, **kw)
    return f"(SELECT value, key AS place FROM json_each({numbers}))"  # noqa: S608 - no values


class _Bits(types.TypeDecorator[int]):
    """Bit after bit on PostgreSQL; on SQLite, which looks into no byte, a byte for each."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own
        if value is None:
            return None
        if dialect.name == "postgresql":
            return value.to_bytes((value.bit_length() + 7) // 8, "little")
        return f"{value:b}"[::-1].encode()


class has_bit(ColumnElement[bool]):  # noqa: N801 - reads as part of a statement, like `among`
    """Whether the bit that `column` names is set in `bits`."""

    inherit_cache = True
    type = types.Boolean()
    _traverse_internals = [  # noqa: RUF012 - SQLAlchemy's own way to say what a construct is made of
        ("bits", InternalTraversal.dp_clauseelement),
        ("column", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, bits: int, column: ColumnElement[Any]) -> None:
        self.bits = bindparam(None, bits, type_=_Bits(), unique=True)
        self.column = column

    def self_group(self, against: Any = None) -> Any:  # noqa: ANN401 - SQLAlchemy's own
        # Otherwise SQLite is told "... = 1".
        return self


@compiles(has_bit, "postgresql")
def _has_bit_postgresql(element: has_bit, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    bits, column = compiler.process(element.bits, **kw), compiler.process(element.column, **kw)
    # Beyond the last bit there is an error, not a zero.
    return f"CASE WHEN {column} < 8 * length({bits}) THEN get_bit({bits}, {column}) = 1 ELSE FALSE END"


@compiles(has_bit, "sqlite")
def _has_bit_sqlite(element: has_bit, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    bits, column = compiler.process(element.bits, **kw), compiler.process(element.column, **kw)
    return f"substr({bits}, {column} + 1, 1) = x'31'"

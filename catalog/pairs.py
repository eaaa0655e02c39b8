"""Ids with a whole number each as ONE parameter of a statement, so that it stays the same for any number of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Text, bindparam, cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TableValuedAlias


class _JsonEach(FunctionElement[Any]):
    inherit_cache = True
    name = "json_each"


@compiles(_JsonEach, "postgresql")
def _on_postgresql(element: _JsonEach, compiler: Any, **kw: Any) -> str:  # noqa: ANN401
    return f"json_each_text(CAST({compiler.process(element.clauses, **kw)} AS json))"


@compiles(_JsonEach, "sqlite")
def _on_sqlite(element: _JsonEach, compiler: Any, **kw: Any) -> str:  # noqa: ANN401
    return f"json_each({compiler.process(element.clauses, **kw)})"


class Pairs:
    """`id` and `number` of each pair, as columns of a table. The pairs come with the parameter `name`."""

    def __init__(self, name: str, value: str | None = None) -> None:
        # A parameter with a value of its own is given when the statement is made, else when it runs.
        parameter = bindparam(name, value, type_=Text, unique=value is not None, required=value is None)
        self.table: TableValuedAlias = _JsonEach(parameter).table_valued("key", "value", name=name)

    @property
    def id(self) -> ColumnElement[str]:
        return self.table.c.key

    @property
    def number(self) -> ColumnElement[int]:
        return cast(self.table.c.value, BigInteger)


def as_parameter(pairs: Mapping[str, int]) -> str:
    return json.dumps(dict(pairs))

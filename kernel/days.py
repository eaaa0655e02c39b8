"""Sums by local day: the database sums by quarters of an hour, and these are put together by the days of a zone.

Every zone's days begin at a full quarter of an hour, so the sums are exact; and no database needs to know of zones.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import types
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import InternalTraversal

QUARTER_SECONDS = 15 * 60


class quarter_of(ColumnElement[int]):  # noqa: N801 - reads as part of a statement, like select()
    """The quarter of an hour that an instant lies in, counted from 1970."""

    inherit_cache = True
    type = types.Integer()
    _traverse_internals = [("column", InternalTraversal.dp_clauseelement)]  # noqa: RUF012 - SQLAlchemy's own way

    def __init__(self, column: ColumnElement[datetime]) -> None:
        self.column = column


@compiles(quarter_of, "postgresql")
def _quarter_postgresql(element: quarter_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.column, **kw)}) / {QUARTER_SECONDS}) AS integer)"


@compiles(quarter_of, "sqlite")
def _quarter_sqlite(element: quarter_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(CAST(strftime('%s', {compiler.process(element.column, **kw)}) AS INTEGER) / {QUARTER_SECONDS})"


def day_of_quarter(quarter: int, zone: ZoneInfo) -> date:
    """The local day of a quarter of an hour."""
    return datetime.fromtimestamp(quarter * QUARTER_SECONDS, UTC).astimezone(zone).date()

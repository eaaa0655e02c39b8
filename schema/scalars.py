"""Scalars of both APIs: exact decimals, instants, points, dates. What does not fit is BAD_USER_INPUT."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from graphql import ValueNode
from graphql.utilities import value_from_ast_untyped
from strawberry.file_uploads import Upload
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition, scalar

from kernel.money import Points
from schema.codes import bad_input

__all__ = ["JSON", "SCALARS", "Points", "Upload"]

Read = Callable[[object], object]

# Far more than any amount has: what is too large is the verbs' to refuse, by its path. Longer ones nobody means.
_MAX_DIGITS = 100
_DECIMAL = re.compile(rf"-?\d{{1,{_MAX_DIGITS}}}(\.\d{{1,{_MAX_DIGITS}}})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})",
)


def _read_decimal(value: object) -> Decimal:
    # A JSON number has been a float already.
    if not isinstance(value, str) or not value.isascii() or not _DECIMAL.fullmatch(value):
        raise bad_input('Decimal takes a plain decimal number as a string, such as "195.02".')
    return Decimal(value)


def _write_decimal(value: Decimal | str) -> str:
    return value if type(value) is str else f"{value:f}"


def _read_instant(value: object) -> datetime:
    if isinstance(value, str) and value.isascii() and _INSTANT.fullmatch(value):
        text = re.sub(r"(\.\d{6})\d+", r"\1", value.upper())
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise bad_input("DateTime takes ISO 8601 with an offset, such as 2026-01-31T10:00:00+08:00.")


def _write_instant(value: datetime) -> str:
    return value.isoformat()


def _read_date(value: object) -> date:
    if isinstance(value, str) and value.isascii() and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise bad_input("Date takes an ISO 8601 calendar date, such as 1990-02-28.")


def _write_date(value: date) -> str:
    return value.isoformat()


def _read_points(value: object) -> int:
    # More points than anybody may have are the verbs' to refuse, by their path.
    if isinstance(value, float) and 2**63 <= abs(value) < math.inf:
        # A JSON reader gives whole numbers of more than 64 bits as floats.
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 10**_MAX_DIGITS:
        raise bad_input("Points takes a whole number.")
    return value


def _write_points(value: int) -> int:
    # No member has more than POINTS_LIMIT; all of them together may.
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        raise ValueError("points out of range")
    return value


def _literal(read: Read) -> Callable[..., object]:
    """Reads a value written in the document itself. A fraction there arrives as a float, so it is refused alike."""

    def parse(node: ValueNode, variables: dict[str, Any] | None = None) -> object:
        return read(value_from_ast_untyped(node, variables))

    return parse


def _scalar(name: str, description: str, read: Read, write: Callable[[Any], object]) -> ScalarDefinition:
    return scalar(name=name, description=description, serialize=write, parse_value=read, parse_literal=_literal(read))


def _same(value: object) -> object:
    return value


def _read_upload(value: object) -> object:
    if isinstance(value, str | int | float | list | dict):
        raise bad_input("Upload takes a file, by the GraphQL multipart request specification.")
    return value


SCALARS: dict[object, ScalarDefinition] = {
    Decimal: _scalar(
        "Decimal", "An exact decimal number, sent as a string. Never a float.", _read_decimal, _write_decimal
    ),
    datetime: _scalar("DateTime", "ISO 8601 with offset.", _read_instant, _write_instant),
    Points: _scalar(
        "Points",
        "A whole number of points, sent as a JSON number. May exceed 32 bits.",
        _read_points,
        _write_points,
    ),
    date: _scalar("Date", "ISO 8601 calendar date.", _read_date, _write_date),
    JSON: _scalar("JSON", "Any JSON value.", _same, _same),
    Upload: _scalar("Upload", "A file, by the GraphQL multipart request specification.", _read_upload, _same),
}

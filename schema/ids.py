"""Ids as clients send them: malformed ones are the client's mistake, unknown ones are simply not found."""

from __future__ import annotations

from kernel.ids import kind_of
from schema.codes import bad_input


def checked_id(value: str) -> str:
    """The same id. Raises BAD_USER_INPUT where it has not the form of one."""
    if kind_of(value) is None:
        raise bad_input("This is not an id.")
    return value


def checked_optional_id(value: str | None) -> str | None:
    return None if value is None else checked_id(value)

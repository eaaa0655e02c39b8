"""Ids: a short word for what the thing is, and a UUIDv7. The same in both APIs and in the database."""

from __future__ import annotations

import re
import secrets

import uuid_utils

_SHAPE = re.compile(r"[a-z]{2,4}_[0-9a-f]{32}")

# No 0/O, 1/I/L: numbers are read aloud on the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_id(kind: str) -> str:
    """A new id of a kind ("ord"), later ids of one process sorting after earlier ones."""
    return f"{kind}_{uuid_utils.uuid7().hex}"


def kind_of(id_: str) -> str | None:
    """The kind that an id names; None where the text has not the form of an id."""
    return id_.partition("_")[0] if _SHAPE.fullmatch(id_) else None


def readable_code(length: int) -> str:
    """A random code for people to read and type."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))

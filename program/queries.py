"""Reads of the published versions as they were published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from kernel.database import among
from program.versions import versions_t


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """`document` is the text of the program, letter for letter; `published_by` an e-mail or a command's name."""

    id: str
    version: int
    effective_at: datetime
    document: dict[str, Any]
    published_by: str


_COLUMNS = tuple(versions_t.c[name] for name in VersionRecord.__slots__)


def version_records(conn: Connection) -> list[VersionRecord]:
    """Every version, in the order of publication."""
    rows = conn.execute(select(*_COLUMNS).order_by(versions_t.c.version))
    return [VersionRecord(*row) for row in rows]


def version_by_number(conn: Connection, version: int) -> VersionRecord:
    row = conn.execute(select(*_COLUMNS).where(versions_t.c.version == version)).one()
    return VersionRecord(*row)


def versions_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, VersionRecord]:
    rows = conn.execute(select(*_COLUMNS).where(among(versions_t.c.id, ids)))
    return {row.id: VersionRecord(*row) for row in rows}

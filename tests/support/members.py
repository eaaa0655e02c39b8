"""Members and a program for tests that begin below checkout."""

from __future__ import annotations

from datetime import UTC, datetime

from kernel.database import Database
from members.register import register
from program.document import read_document
from program.versions import publish_reference, reference_document

NOON = datetime(2026, 1, 15, 4, tzinfo=UTC)
PROGRAM = read_document(reference_document())


def open_program(db: Database, at: datetime = NOON) -> None:
    """Publishes the reference program."""
    with db.write() as tx:
        publish_reference(tx, at)


def enrol(db: Database, phone: str | None = "+8613800138000", at: datetime = NOON) -> str:
    """A new member, in the entry tier."""
    with db.write() as tx:
        return register(tx, phone, "", program=PROGRAM, now=at)

"""The published versions: which there are, which is in force, how a new one is added (R15)."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, ScalarSelect, func, select

from kernel.database import Transaction, table_of
from kernel.ids import new_id
from kernel.locks import hold
from kernel.refusals import Refusals, Refused, invalid
from program.config import Program, Programs, ProgramVersion
from program.document import read_document
from program.size import is_too_large
from program.succession import check_succession
from program.tables import ProgramVersionRow

versions_t = table_of(ProgramVersionRow)


class ProgramShelf:
    """Keeps the parsed versions of one database. A version is never changed, so only new ones are read.

    One import may move the first version's start (R14); it ends in a version of its own, which is noticed.
    """

    def __init__(self) -> None:
        self._programs: Programs | None = None
        self._lock = threading.Lock()

    def programs(self, connection: Connection, latest: int | None = None) -> Programs:
        """All versions. `latest` is the newest version's number, where the caller has read it already."""
        if latest is None:
            latest = connection.execute(_LATEST).scalar()
        if latest is None:
            raise NoProgram
        known = self._programs
        if known is None or known.latest != latest:
            with self._lock:
                known = self._programs = read_versions(connection)
        return known

    def reload(self, connection: Connection) -> Programs:
        """All versions, read again: after a version's start has moved."""
        with self._lock:
            self._programs = read_versions(connection)
        return self._programs


def latest_version() -> ScalarSelect[int]:
    """The newest version's number, to be read along with something else."""
    return select(func.max(versions_t.c.version)).scalar_subquery()


_LATEST = select(latest_version())


class NoProgram(RuntimeError):
    """No program has been published: the database has not been set up (`jifen migrate`)."""


def read_versions(connection: Connection) -> Programs:
    """Every version, first to take effect first; of two that start together, the later one counts."""
    rows = connection.execute(
        select(versions_t.c.id, versions_t.c.version, versions_t.c.effective_at, versions_t.c.document).order_by(
            versions_t.c.effective_at, versions_t.c.version
        )
    ).all()
    if not rows:
        raise NoProgram
    return Programs(tuple(ProgramVersion(r.id, r.version, r.effective_at, read_document(r.document)) for r in rows))


def publish(
    tx: Transaction,
    document: Mapping[str, Any],
    *,
    effective_at: datetime | None,
    now: datetime,
    published_by: str,
    tiers_in_use: Collection[str],
    orders_exist: bool,
    follows: int | None = None,
) -> ProgramVersion:
    """Adds a version, in force from `effective_at` on (absent: from now). Runs inside the caller's transaction.

    `follows`: the newest version that whoever publishes has seen; absent where that does not matter.

    Raises:
        Refused: the document is wrong, lacks a tier in use, changes currency or time zone although there
            are orders, or would take effect in the past (R15); or another version has been published since.
    """
    hold_versions(tx)
    programs = read_versions(tx)
    start = now if effective_at is None else effective_at
    program = _checked(programs, document, start, now, tiers_in_use, orders_exist=orders_exist, follows=follows)
    return add_version(tx, document, program, start, now, published_by)


def check_publication(
    conn: Connection,
    document: Mapping[str, Any],
    *,
    effective_at: datetime | None,
    now: datetime,
    tiers_in_use: Collection[str],
    orders_exist: bool,
) -> Program:
    """The program that would be published, checked as `publish` does. Nothing is written.

    Raises:
        Refused: as `publish`.
    """
    start = now if effective_at is None else effective_at
    return _checked(read_versions(conn), document, start, now, tiers_in_use, orders_exist=orders_exist)


def _checked(
    programs: Programs,
    document: Mapping[str, Any],
    start: datetime,
    now: datetime,
    tiers_in_use: Collection[str],
    *,
    orders_exist: bool,
    follows: int | None = None,
) -> Program:
    refusals = Refusals()
    if follows is not None and programs.latest != follows:
        refusals.add(invalid((), "published_meanwhile", version=programs.latest))
    if start < now:
        refusals.add(invalid(("effectiveAt",), "in_the_past"))
    with refusals.told_too():
        program = _read(document)
    refusals.extend(check_succession(programs, program, start, now, tiers_in_use, orders_exist=orders_exist))
    refusals.raise_any()
    return program


def _read(document: Mapping[str, Any]) -> Program:
    if is_too_large(document):
        raise Refused(invalid(("document",), "document_too_large"))
    try:
        return read_document(document)
    except Refused as refused:
        raise Refused(*(refusal.under("document") for refusal in refused.refusals)) from None


def hold_versions(tx: Transaction) -> None:
    """Whoever else wants to add a version waits until this transaction ends."""
    hold(tx, "program versions")


def add_version(
    tx: Transaction,
    document: Mapping[str, Any],
    program: Program,
    effective_at: datetime,
    now: datetime,
    published_by: str,
) -> ProgramVersion:
    """Stores a checked document as the next version. Runs inside the caller's transaction, which holds the versions."""
    number = (tx.execute(_LATEST).scalar() or 0) + 1
    version = ProgramVersion(new_id("prg"), number, effective_at, program)
    tx.execute(
        versions_t.insert().values(
            id=version.id,
            version=number,
            effective_at=effective_at,
            document=dict(document),
            published_by=published_by,
            published_at=now,
        )
    )
    return version


def begin_first_version(tx: Transaction, first_day: datetime) -> None:
    """Lets the first version begin earlier: history is imported from that day on (R15)."""
    tx.execute(
        versions_t.update()
        .where(versions_t.c.version == 1, versions_t.c.effective_at > first_day)
        .values(effective_at=first_day)
    )


def reference_document() -> dict[str, Any]:
    """The program that a new installation starts with: `vancl`."""
    return json.loads(files("program").joinpath("vancl.json").read_text())


def publish_reference(tx: Transaction, now: datetime) -> None:
    """Publishes the reference program as version 1 where there is no program yet. Inside the caller's transaction."""
    hold_versions(tx)
    if tx.execute(select(func.count()).select_from(versions_t)).scalar():
        return
    document = reference_document()
    add_version(tx, document, read_document(document), now, now, "jifen")

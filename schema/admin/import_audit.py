"""What the audit log says of an import of the catalogue: which file, and how much of what it changed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from catalog.imports.report import ImportReport, Subject, Tally
from kernel.database import Transaction
from kernel.ids import new_id
from staff import audit

ACTION = "importCatalog"


def note_import(
    tx: Transaction,
    report: ImportReport,
    data: bytes,
    *,
    actor: str,
    at: datetime,
    name: str = "",
    import_id: str | None = None,
) -> None:
    """Adds the entry, in the transaction of the import. `name` is that of the file. Runs inside the caller's."""
    after = {
        "file": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "format": str(report.format),
        "encoding": report.encoding,
        "rows": report.rows,
        "brokenRows": report.broken_rows,
        **{subject.value: counts(report.tally(subject)) for subject in Subject},
    }
    audit.record(tx, at=at, actor=actor, action=ACTION, subject_id=import_id or new_id("imp"), after=after)


def counts(tally: Tally) -> dict[str, int]:
    return {"added": tally.added, "changed": tally.changed, "unchanged": tally.unchanged}


def report_from(after: dict[str, Any]) -> ImportReport:
    """The report of an import that was done before, as far as the entry tells it."""
    report = ImportReport(format=after["format"], encoding=after["encoding"], rows=after["rows"])
    for subject in Subject:
        tally, told = report.tally(subject), after[subject.value]
        tally.added, tally.changed, tally.unchanged = told["added"], told["changed"], told["unchanged"]
    return report

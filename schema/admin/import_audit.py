"""What the audit log says of an import of the catalogue: which file, and how much of what it changed; and of each
product, SKU, exchange offer and category that it changed, what it was before and what it is now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from catalog.imports.report import Effect, ImportReport, Subject, Tally
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
    """Adds the entries, in the transaction of the import. `name` is that of the file. Runs inside the caller's.

    The entry of the import itself comes last, so that it stands above those of what it changed, which name it.
    """
    import_id = import_id or new_id("imp")
    audit.record_changes(tx, _changed(report, import_id), at=at, actor=actor, action=ACTION)
    after = {
        "file": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "format": str(report.format),
        "encoding": report.encoding,
        "rows": report.rows,
        "brokenRows": report.broken_rows,
        **{subject.value: counts(report.tally(subject)) for subject in Subject},
    }
    audit.record(tx, at=at, actor=actor, action=ACTION, subject_id=import_id, after=after)


_WITHIN = {Subject.SPECIAL_PRICE: "specialPrices", Subject.PICTURE: "images"}
"""What has no entry of its own: a SKU's special prices, a product's pictures."""

_NAMED_BY = {Subject.PICTURE: "file", Subject.PRODUCT: "slug", Subject.CATEGORY: "slug"}


def _changed(report: ImportReport, import_id: str) -> Iterator[audit.Change]:
    """An entry for each thing, with its fields as the sheet's columns are called."""
    found: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    new: set[str] = set()
    for change in report.changes:
        if change.effect is Effect.UNCHANGED:
            continue
        before, after = found.setdefault(change.id, ({}, {}))
        was: dict[str, Any] = {field.field: field.before for field in change.fields}
        now: dict[str, Any] = {field.field: field.after for field in change.fields}
        if change.effect is Effect.NEW:
            was, now = {}, {_NAMED_BY.get(change.subject, "sku"): change.key, **now}
        if change.subject in _WITHIN:
            before.setdefault(_WITHIN[change.subject], []).append(was)
            after.setdefault(_WITHIN[change.subject], []).append(now)
            continue
        before.update(was)
        after.update(now)
        if change.effect is Effect.NEW:
            new.add(change.id)
    for id_, (before, after) in found.items():
        # A product of which only SKUs change has nothing to tell of itself.
        if after:
            yield audit.Change(id_, None if id_ in new else before, {**after, "importId": import_id})


def counts(tally: Tally) -> dict[str, int]:
    return {"added": tally.added, "changed": tally.changed, "unchanged": tally.unchanged}


def report_from(after: dict[str, Any]) -> ImportReport:
    """The report of an import that was done before, as far as the entry tells it."""
    report = ImportReport(format=after["format"], encoding=after["encoding"], rows=after["rows"])
    for subject in Subject:
        tally, told = report.tally(subject), after[subject.value]
        tally.added, tally.changed, tally.unchanged = told["added"], told["changed"], told["unchanged"]
    return report

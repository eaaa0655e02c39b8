"""Sheets of goods, brought in and written by staff: for the API, its REST routes and the console alike."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path

from catalog.exports.catalog_rows import export_catalog
from catalog.exports.write import together, write_sheets
from catalog.imports.import_catalog import ImportCatalog, SheetFormat, import_catalog
from catalog.imports.picture_files import StoredPicture, ZipOfPictures
from catalog.imports.report import ImportReport
from catalog.product_list import EVERYTHING, ProductFilter
from checkout.imported_pictures import imported_pictures
from checkout.timeline import bring_everyone_up_to_date
from kernel.database import Transaction
from kernel.idempotency import claim, read_key
from kernel.ids import new_id
from kernel.paging import Window
from kernel.refusals import Refusals, invalid
from schema.admin.context import AdminContext
from schema.admin.import_audit import ACTION, note_import, report_from
from schema.codes import Code, CodedError
from schema.context import Services
from staff import audit

_turn = threading.Lock()


@dataclass(frozen=True, slots=True)
class SentSheet:
    """`name` is that of the file, `pictures` the bytes of a ZIP file. A dry run needs no key."""

    data: bytes
    name: str = ""
    format: SheetFormat = SheetFormat.AUTO
    dry_run: bool = False
    skip_broken: bool = False
    idempotency_key: str = ""
    pictures: bytes | None = None


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """`repeated`: this very import was done before, and `report` has what it counted then."""

    report: ImportReport
    repeated: bool = False


class _Repeated(Exception):
    """Takes the transaction back: the key has been used for the same import. Carries the import's id."""

    def __init__(self, import_id: str) -> None:
        super().__init__(import_id)
        self.import_id = import_id


def importing(
    context: AdminContext, sheet: SentSheet, progress: Callable[[int, int], None] = lambda done, total: None
) -> Callable[[], SheetOutcome]:
    """To be run in a thread that no use case waits for (`Context.ask_outside`): it may take a minute.

    Owns its transactions; import and audit entry are one. What is wrong with rows is in the report; it raises Refused
    for what is wrong with the request, and CodedError (RATE_LIMITED) where another import is running in this process.
    """
    services, viewer = context.services, context.viewer

    def use_case() -> SheetOutcome:
        refusals = Refusals()
        if not sheet.data:
            refusals.add(invalid(("file",), "empty_file"))
        if not sheet.dry_run:
            read_key(refusals, sheet.idempotency_key)
        files = None
        try:
            files = None if sheet.pictures is None else ZipOfPictures(sheet.pictures)
        except ValueError:
            refusals.add(invalid(("pictures",), "not_a_zip"))
        refusals.raise_any()
        if not _turn.acquire(blocking=False):
            raise CodedError(Code.RATE_LIMITED, "Another import is running. Try again when it has ended.")
        try:
            return _import(services, sheet, files, viewer.id, viewer.email, progress)
        finally:
            _turn.release()

    return use_case


def _import(
    services: Services,
    sheet: SentSheet,
    files: ZipOfPictures | None,
    staff_id: str,
    actor: str,
    progress: Callable[[int, int], None],
) -> SheetOutcome:
    # Goods that are reserved for orders that are over can be counted away (R11).
    bring_everyone_up_to_date(services.shop)
    now = services.clock.now()
    pictures = None
    if files is not None:
        pictures = imported_pictures(services.studio, files, now, dry_run=sheet.dry_run)
        pictures = replace(pictures, check=_told(pictures.check, len(files), progress))
    with services.db.read() as conn:
        program = services.shelf.programs(conn).at(now).program
    import_id = new_id("imp")

    def first(tx: Transaction) -> None:
        refusals = Refusals()
        done = claim(tx, refusals, staff_id, ACTION, sheet.idempotency_key, _mark(sheet), import_id, now)
        refusals.raise_any()
        if done is not None:
            raise _Repeated(done)

    def also(tx: Transaction, report: ImportReport) -> None:
        note_import(tx, report, sheet.data, actor=actor, at=now, name=sheet.name, import_id=import_id)

    command = ImportCatalog(sheet.data, sheet.format, sheet.dry_run, sheet.skip_broken, actor)
    try:
        report = import_catalog(
            services.db, services.clock, program, command, pictures, progress=progress, first=first, also=also
        )
    except _Repeated as repeated:
        with services.db.read() as conn:
            (entry,) = audit.audit_page(conn, Window(1), repeated.import_id).items
        return SheetOutcome(report_from(entry.after or {}), repeated=True)
    return SheetOutcome(report)


def _told(
    check: Callable[[bytes], StoredPicture], total: int, progress: Callable[[int, int], None]
) -> Callable[[bytes], StoredPicture]:
    """Tells how many pictures have been looked at: of a season's goods they take longest."""
    done = count(1)

    def checked(data: bytes) -> StoredPicture:
        progress(min(next(done), total), total)
        return check(data)

    return checked


def _mark(sheet: SentSheet) -> list[str]:
    """What a second import has to have in common with the first to be the same one."""
    pictures = "" if sheet.pictures is None else hashlib.sha256(sheet.pictures).hexdigest()
    return [hashlib.sha256(sheet.data).hexdigest(), pictures, str(sheet.format), str(sheet.skip_broken)]


def exporting(
    services: Services,
    folder: Path,
    name: str,
    *,
    workbook: bool,
    filter: ProductFilter = EVERYTHING,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Callable[[], Path]:
    """To be run apart (`schema.admin.export_line`): gives the sheet, or the ZIP file of numbered sheets where one would
    be more than an import takes. `name` is that of the file, without its end."""

    def use_case() -> Path:
        now: datetime = services.clock.now()
        with services.db.read() as conn:
            program = services.shelf.programs(conn).at(now).program
            export = export_catalog(conn, at=now, program=program, filter=filter, progress=progress)
            path = folder / f"{name}.{'xlsx' if workbook else 'csv'}"
            return together(write_sheets(path, export, workbook=workbook))

    return use_case

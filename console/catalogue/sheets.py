"""Sheets: bringing goods in by steps – choose, look, apply – and writing them out.

Everything about files happens in worker threads: a report may have megabytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from catalog import queries
from catalog.imports import limits
from catalog.imports.formats import read_drafts
from catalog.imports.import_catalog import SheetFormat
from catalog.imports.report import Change, ImportReport, Problem, Subject
from console.catalogue import sheet_runs
from console.catalogue.goods import branches, category_choices
from console.catalogue.sheet_downloads import SheetDownloads
from console.catalogue.sheet_jobs import found_job, latest_jobs, page_of, progress_of, spool_of
from console.catalogue.sheet_reports import SHOWN, ReportHead
from console.catalogue.sheet_spool import Kind, SheetJob, Step, new_job_id
from console.column_names import column_name
from console.desk import Desk, deed, page
from console.forms import Errors, text_of
from console.visit import Visit
from schema.messages import REASONS, say

MOST_PICTURES = 30 * 2**20
"""Bytes of the ZIP file of pictures."""


SEEN_AT_ONCE = 2**20
"""Bytes of a sheet that are read while the form waits: what is no sheet of goods is told beside the file. Of a larger
one the dry run tells the same."""

_MOST_TOLD = 3


class SheetsDesk(SheetDownloads, Desk):
    path = "/sheets"
    label = "nav_sheets"
    icon = "fa-file-excel"
    sees = "products"

    @page("", "products")
    async def show(self, visit: Visit) -> Response:
        return await _choose(visit, Errors())

    @deed("", "importCatalog")
    async def send(self, visit: Visit) -> Response:
        form, errors = await visit.form(), Errors()
        name, data = await _file(form, "file", limits.MOST_BYTES)
        pictures_name, pictures = await _file(form, "pictures", MOST_PICTURES)
        if not data:
            errors.add("file", say(REASONS, "empty_file", visit.locale) if name else visit.t("sheet_no_file"))
        for field, given, most in (("file", data, limits.MOST_BYTES), ("pictures", pictures, MOST_PICTURES)):
            if len(given) > most:
                errors.add(field, say(REASONS, "file_too_large", visit.locale, most=most // 2**20))
        format = text_of(form, "format")
        if format not in {each.value for each in SheetFormat}:
            format = SheetFormat.AUTO.value
        if not errors and len(data) <= SEEN_AT_ONCE:
            for sentence in await visit.run(lambda: _no_goods(visit, data, SheetFormat(format))):
                errors.add("file", sentence)
        if errors:
            return await _choose(visit, errors, format)
        spool, context = spool_of(visit), visit.context
        job = SheetJob(
            new_job_id(),
            context.viewer.id,
            name,
            format,
            pictures_name,
            begun=context.services.clock.now().isoformat(),
        )

        def begin() -> None:
            sheet_runs.start(context, spool, spool.new(job, data, pictures or None), Step.LOOKING)

        await visit.run(begin)
        return visit.go(page_of(job))

    @page("/{job}", "importCatalog")
    async def look(self, visit: Visit) -> Response:
        return await _job_page(visit)

    @deed("/{job}", "importCatalog")
    async def apply(self, visit: Visit) -> Response:
        form, spool = await visit.form(), spool_of(visit)

        def go_on() -> SheetJob:
            job = found_job(visit, Kind.IMPORT)
            if job.step in (Step.FAILED, Step.STOPPED) and not spool.has_report(job.id):
                # It never came to an end of looking: nobody has seen yet what would change.
                sheet_runs.start(visit.context, spool, job, Step.LOOKING)
            elif job.step in (Step.FAILED, Step.STOPPED):
                sheet_runs.start(visit.context, spool, job, Step.APPLYING)
            elif job.step is Step.LOOKED:
                job = replace(job, skip_broken=text_of(form, "skipBroken") == "yes")
                sheet_runs.start(visit.context, spool, job, Step.APPLYING)
            return job

        job = await visit.run(go_on)
        return visit.go(page_of(job))

    @page("/{job}/progress", "importCatalog")
    async def progress(self, visit: Visit) -> Response:
        return await progress_of(visit, Kind.IMPORT)


def _no_goods(visit: Visit, data: bytes, format: SheetFormat) -> list[str]:
    """Why a file is no sheet of goods at all; nothing where only rows may be wrong."""
    problems: list[Problem] = []
    if read_drafts(data, format, visit.zone, problems).usable:
        return []
    told = [f"{each.column}: {_sentence(visit, each)}" if each.column else _sentence(visit, each) for each in problems]
    return list(dict.fromkeys(told))[:_MOST_TOLD]


async def _file(form: FormData, name: str, most: int) -> tuple[str, bytes]:
    """A file's name and bytes, one more than there may be at most; nothing where none was chosen."""
    file = form.get(name)
    if not isinstance(file, UploadFile) or not file.filename:
        return "", b""
    return file.filename[-200:], await file.read(most + 1)


async def _choose(visit: Visit, errors: Errors, format: str = "") -> Response:
    tree = await visit.read(lambda reading: branches(queries.categories(reading.conn, visit.locale)))
    latest = await visit.run(lambda: latest_jobs(visit))
    return visit.page(
        "sheets.html",
        422 if errors else 200,
        title=visit.t("nav_sheets"),
        errors=errors,
        format=format or SheetFormat.AUTO.value,
        formats=[(each.value, visit.t(f"sheet_format_{each.value}")) for each in SheetFormat],
        categories=category_choices(tree),
        latest=latest,
        most_rows=limits.MOST_ROWS,
        most_megabytes=limits.MOST_BYTES // 2**20,
        most_pictures=MOST_PICTURES // 2**20,
        most_bytes=limits.MOST_BYTES + MOST_PICTURES,
    )


@dataclass(frozen=True)
class _Seen:
    """An import as its page shows it: of the report, one page of its rows."""

    job: SheetJob
    head: ReportHead | None = None
    shown: str = ""
    number: int = 0
    problems: Sequence[Problem] = ()
    changes: Sequence[Change] = ()

    @property
    def count(self) -> int:
        if self.head is None:
            return 0
        return self.head.problems if self.shown == "problems" else self.head.changes


def _seen(visit: Visit) -> _Seen:
    job = found_job(visit, Kind.IMPORT)
    kept = None if job.step.runs else spool_of(visit).report(job.id)
    if kept is None:
        return _Seen(job)
    with kept:
        shown = visit.asked("show")
        if shown not in ("problems", "changes"):
            shown = "problems" if kept.head.problems else "changes"
        seen = _Seen(job, kept.head, shown)
        number = _page_number(visit, seen.count)
        if shown == "problems":
            return replace(seen, number=number, problems=kept.problems(number))
        return replace(seen, number=number, changes=kept.changes(number))


async def _job_page(visit: Visit) -> Response:
    seen = await visit.run(lambda: _seen(visit))
    job, head, number = seen.job, seen.head, seen.number
    return visit.page(
        "sheet.html",
        title=job.name,
        job=job,
        report=head.report if head else None,
        broken=head is not None and head.broken,
        broken_rows=head.broken_rows if head else 0,
        tallies=_tallies(visit, head.report) if head else [],
        shown=seen.shown,
        problems=[(each, _sentence(visit, each)) for each in seen.problems],
        changes=seen.changes,
        problem_count=head.problems if head else 0,
        change_count=head.changes if head else 0,
        column=lambda name: column_name(visit, name),
        previous=visit.same_page(page=str(number)) if number else None,
        next=visit.same_page(page=str(number + 2)) if (number + 1) * SHOWN < seen.count else None,
        failed=job.problem.get(visit.locale) or visit.t("sheet_failed_unknown"),
    )


def _page_number(visit: Visit, count: int) -> int:
    """From 0; of a page that there is."""
    asked = visit.asked("page")
    number = int(asked) - 1 if asked.isdecimal() and len(asked) < 6 else 0
    return min(max(number, 0), max(0, (count - 1) // SHOWN))


def _tallies(visit: Visit, report: ImportReport) -> list[tuple[str, int, int, int]]:
    found: list[tuple[str, int, int, int]] = []
    for subject in Subject:
        tally = report.tally(subject)
        if tally.added or tally.changed or tally.unchanged:
            found.append((visit.t(f"sheet_{subject.value}"), tally.added, tally.changed, tally.unchanged))
    return found


def _sentence(visit: Visit, problem: Problem) -> str:
    facts: Mapping[str, str] = dict(problem.facts)
    return say(REASONS, problem.reason, visit.locale, **facts)

"""Sheets: bringing goods in by steps – choose, look, apply – and writing them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from catalog import queries
from catalog.imports import limits
from catalog.imports.import_catalog import SheetFormat
from catalog.imports.report import Effect, ImportReport, Problem, Subject
from catalog.sheet_columns import BY_NAME
from console.catalogue import sheet_runs
from console.catalogue.goods import branches, category_choices
from console.catalogue.sheet_downloads import SheetDownloads
from console.catalogue.sheet_spool import SheetJob, Spool, Step, new_job_id
from console.desk import Desk, deed, page
from console.forms import Errors, text_of
from console.visit import Visit, url
from schema.messages import REASONS, say

MOST_PICTURES = 30 * 2**20
"""Bytes of the ZIP file of pictures."""

SHOWN = 100
"""So many rows stand on one page."""


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
        if errors:
            return await _choose(visit, errors, format)
        job = SheetJob(
            new_job_id(),
            visit.context.viewer.id,
            name,
            format if format in {each.value for each in SheetFormat} else SheetFormat.AUTO,
            pictures_name,
        )
        spool = _spool(visit)
        await visit.run(lambda: spool.new(job, data, pictures or None))
        sheet_runs.start(visit.context, spool, job, Step.LOOKING)
        return visit.go(f"/sheets/{job.id}")

    @page("/{job}", "importCatalog")
    async def look(self, visit: Visit) -> Response:
        return _job_page(visit, _find(visit))

    @deed("/{job}", "importCatalog")
    async def apply(self, visit: Visit) -> Response:
        job, form = _find(visit), await visit.form()
        if job.step is Step.STOPPED and _spool(visit).report(job.id) is None:
            # It never came to an end of looking.
            sheet_runs.start(visit.context, _spool(visit), job, Step.LOOKING)
        elif job.step in (Step.LOOKED, Step.STOPPED, Step.FAILED):
            job = replace(job, skip_broken=text_of(form, "skipBroken") == "yes")
            sheet_runs.start(visit.context, _spool(visit), job, Step.APPLYING)
        return visit.go(f"/sheets/{job.id}")

    @page("/{job}/progress", "importCatalog")
    async def progress(self, visit: Visit) -> Response:
        job = _find(visit)
        told: dict[str, object] = {"done": job.done, "total": job.total}
        if not job.step.runs:
            told["next"] = url(f"/sheets/{job.id}")
        return JSONResponse(told)


def _spool(visit: Visit) -> Spool:
    return Spool(visit.context.services.secret)


def _find(visit: Visit) -> SheetJob:
    job = sheet_runs.as_it_stands(_spool(visit), str(visit.request.path_params["job"]))
    if job is None:
        raise HTTPException(404)
    return job


async def _file(form: FormData, name: str, most: int) -> tuple[str, bytes]:
    """A file's name and bytes, one more than there may be at most; nothing where none was chosen."""
    file = form.get(name)
    if not isinstance(file, UploadFile) or not file.filename:
        return "", b""
    return file.filename[-200:], await file.read(most + 1)


async def _choose(visit: Visit, errors: Errors, format: str = "") -> Response:
    tree = await visit.read(lambda reading: branches(queries.categories(reading.conn, visit.locale)))
    return visit.page(
        "sheets.html",
        422 if errors else 200,
        title=visit.t("nav_sheets"),
        errors=errors,
        format=format or SheetFormat.AUTO.value,
        formats=[(each.value, visit.t(f"sheet_format_{each.value}")) for each in SheetFormat],
        categories=category_choices(tree),
        most_rows=limits.MOST_ROWS,
        most_megabytes=limits.MOST_BYTES // 2**20,
        most_pictures=MOST_PICTURES // 2**20,
        most_bytes=limits.MOST_BYTES + MOST_PICTURES,
    )


def _job_page(visit: Visit, job: SheetJob) -> Response:
    report = _spool(visit).report(job.id) if not job.step.runs else None
    shown = visit.asked("show")
    if report is not None and shown not in ("problems", "changes"):
        shown = "problems" if report.problems else "changes"
    changes = [each for each in report.changes if each.effect is not Effect.UNCHANGED] if report else []
    problems = report.problems if report else []
    listed = problems if shown == "problems" else changes
    number = _page_number(visit, len(listed))
    return visit.page(
        "sheet.html",
        title=job.name,
        job=job,
        report=report,
        tallies=_tallies(visit, report) if report else [],
        shown=shown,
        problems=[(each, sentence(visit, each)) for each in problems[number * SHOWN : (number + 1) * SHOWN]],
        changes=changes[number * SHOWN : (number + 1) * SHOWN],
        problem_count=len(problems),
        change_count=len(changes),
        column=lambda name: column_name(visit, name),
        previous=visit.same_page(page=str(number)) if number else None,
        next=visit.same_page(page=str(number + 2)) if (number + 1) * SHOWN < len(listed) else None,
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


def sentence(visit: Visit, problem: Problem) -> str:
    facts: Mapping[str, str] = dict(problem.facts)
    return say(REASONS, problem.reason, visit.locale, **facts)


def column_name(visit: Visit, name: str) -> str:
    """A column of our own form as people of the viewer's language call it."""
    own, sign, locale = name.partition(":")
    column = BY_NAME.get(own)
    if column is None or visit.locale != "zh-CN":
        return name
    return f"{column.chinese}{sign}{locale}"

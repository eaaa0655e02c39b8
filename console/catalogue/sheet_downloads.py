"""Sheets to take along: the catalogue as CSV or XLSX, its pictures, an example to fill in, what was wrong."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import Callable
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from catalog.exports.catalog_rows import export_catalog
from catalog.exports.csv_sheet import csv_parts
from catalog.exports.template import template_csv, template_xlsx
from catalog.imports.report import Problem
from catalog.queries import ProductFilter
from checkout.tables import PriceClass
from console.catalogue import sheet_runs
from console.catalogue.sheet_jobs import found_job, page_of, progress_of, spool_of
from console.catalogue.sheet_spool import Kind, SheetJob, Step, new_job_id
from console.desk import page
from console.forms import amount_asked
from console.visit import Visit
from media.storage import read_image
from schema.admin.export_line import ExportsBusy
from schema.admin.sheet_deeds import exporting
from schema.context import Services
from schema.messages import REASONS, say

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
_YES_NO = {"yes": True, "no": False}


def asked_filter(visit: Visit) -> ProductFilter:
    """What the list of products asks for, so that what is seen can be exported."""
    class_ = visit.asked("class")
    currency = visit.program.currency if visit.program else ""
    return ProductFilter(
        search=visit.asked("search") or None,
        category_slug=visit.asked("category") or None,
        published=_YES_NO.get(visit.asked("published")),
        in_stock=_YES_NO.get(visit.asked("stock")),
        price_class=class_ if class_ in PriceClass.__members__ else None,
        min_price=amount_asked(visit.asked("min"), currency),
        max_price=amount_asked(visit.asked("max"), currency),
    )


class SheetDownloads:
    """Mixed into the desk of sheets. An export runs by itself; its page shows how far it is, and then the file."""

    @page("/catalogue.csv", "products")
    async def catalogue_csv(self, visit: Visit) -> Response:
        return await _begin_catalogue(visit, "csv")

    @page("/catalogue.xlsx", "products")
    async def catalogue_xlsx(self, visit: Visit) -> Response:
        return await _begin_catalogue(visit, "xlsx")

    @page("/pictures.zip", "products")
    async def pictures(self, visit: Visit) -> Response:
        services, wanted = visit.context.services, asked_filter(visit)
        name = _dated(visit, "pictures")

        def write(folder: Path, progress: sheet_runs.Progress) -> Path:
            return _zip_pictures(services, folder / f"{name}.zip", wanted, progress)

        return await _begin(visit, name, "zip", write)

    @page("/exports/{job}", "products")
    async def export(self, visit: Visit) -> Response:
        job = await visit.run(lambda: found_job(visit, Kind.EXPORT))
        return visit.page("sheet_export.html", title=visit.t(f"sheet_export_{_what(job)}"), job=job)

    @page("/exports/{job}/progress", "products")
    async def export_progress(self, visit: Visit) -> Response:
        return await progress_of(visit, Kind.EXPORT)

    @page("/exports/{job}/file", "products")
    async def export_file(self, visit: Visit) -> Response:
        def look() -> tuple[SheetJob, Path]:
            job = found_job(visit, Kind.EXPORT)
            return job, spool_of(visit).file(job)

        job, path = await visit.run(look)
        if job.step is not Step.DONE:
            raise HTTPException(404)
        return FileResponse(path, media_type=TYPES[job.format], filename=job.name)

    @page("/template.csv", "products")
    async def empty_csv(self, visit: Visit) -> Response:
        data = await asyncio.to_thread(template_csv, chinese=visit.locale == "zh-CN")
        return _attached(data, "template.csv", "csv")

    @page("/template.xlsx", "products")
    async def empty_xlsx(self, visit: Visit) -> Response:
        data = await asyncio.to_thread(template_xlsx, chinese=visit.locale == "zh-CN")
        return _attached(data, "template.xlsx", "xlsx")

    @page("/{job}/problems.csv", "importCatalog")
    async def problems(self, visit: Visit) -> Response:
        """Every row that is wrong, to be mended in the sheet beside it."""
        data = await visit.run(lambda: _problems_csv(visit))
        return _attached(data, "problems.csv", "csv")


def _problems_csv(visit: Visit) -> bytes:
    kept = spool_of(visit).report(found_job(visit, Kind.IMPORT).id)
    if kept is None:
        raise HTTPException(404)
    names = [visit.t(key) for key in ("sheet_line", "sheet_column", "reason")]
    with kept:
        rows = (
            dict(zip(names, (str(each.line), each.column or "", _sentence(visit, each)), strict=True))
            for each in kept.all_problems()
        )
        return b"".join(csv_parts(names, rows))


def _sentence(visit: Visit, problem: Problem) -> str:
    return say(REASONS, problem.reason, visit.locale, **dict(problem.facts))


async def _begin_catalogue(visit: Visit, kind: str) -> Response:
    services, wanted = visit.context.services, asked_filter(visit)
    name = _dated(visit, "catalogue")

    def write(folder: Path, progress: sheet_runs.Progress) -> Path:
        return exporting(services, folder, name, workbook=kind == "xlsx", filter=wanted, progress=progress)()

    return await _begin(visit, name, kind, write)


async def _begin(visit: Visit, name: str, kind: str, write: Callable[[Path, sheet_runs.Progress], Path]) -> Response:
    context = visit.context
    job = SheetJob(
        new_job_id(),
        context.viewer.id,
        f"{name}.{kind}",
        kind,
        kind=Kind.EXPORT,
        begun=context.services.clock.now().isoformat(),
    )
    try:
        await visit.run(lambda: sheet_runs.start_export(spool_of(visit), job, write))
    except ExportsBusy:
        visit.say(say(REASONS, "exports_busy", visit.locale), "warning")
        return visit.go("/sheets")
    return visit.go(page_of(job))


def _dated(visit: Visit, name: str) -> str:
    return f"{name}-{visit.context.services.clock.now().astimezone(visit.zone):%Y-%m-%d}"


def _what(job: SheetJob) -> str:
    return "pictures" if job.name.startswith("pictures-") else "catalogue"


def _zip_pictures(services: Services, path: Path, wanted: ProductFilter, progress: sheet_runs.Progress) -> Path:
    """The pictures by the names that the sheet gives them. They are packed already: put in as they are."""
    now = services.clock.now()
    with services.db.read() as conn:
        program = services.shelf.programs(conn).at(now).program
        export = export_catalog(conn, at=now, program=program, filter=wanted)
        for _ in export.rows:
            pass
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for number, picture in enumerate(export.pictures, start=1):
            data = read_image(services.media, picture.key)
            if data is not None:
                file.writestr(picture.name, data)
            progress(number, len(export.pictures))
    return path


def _attached(data: bytes, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, headers=headers, media_type=TYPES[kind])

"""Sheets to take along: the catalogue as CSV or XLSX, its pictures, an example to fill in, what was wrong."""

from __future__ import annotations

import asyncio
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from catalog.exports.catalog_rows import export_catalog
from catalog.exports.csv_sheet import csv_parts
from catalog.exports.template import template_csv, template_xlsx
from catalog.imports.report import Problem
from catalog.queries import ProductFilter
from checkout.tables import PriceClass
from console.catalogue.sheet_spool import Spool
from console.desk import page
from console.visit import Visit
from media.storage import read_image
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
    return ProductFilter(
        search=visit.asked("search") or None,
        category_slug=visit.asked("category") or None,
        published=_YES_NO.get(visit.asked("published")),
        in_stock=_YES_NO.get(visit.asked("stock")),
        price_class=class_ if class_ in PriceClass.__members__ else None,
    )


class SheetDownloads:
    """Mixed into the desk of sheets."""

    @page("/catalogue.csv", "products")
    async def catalogue_csv(self, visit: Visit) -> Response:
        return await _catalogue(visit, "csv")

    @page("/catalogue.xlsx", "products")
    async def catalogue_xlsx(self, visit: Visit) -> Response:
        return await _catalogue(visit, "xlsx")

    @page("/pictures.zip", "products")
    async def pictures(self, visit: Visit) -> Response:
        services, wanted = visit.context.services, asked_filter(visit)
        return await _written(visit, "pictures", "zip", lambda path: _zip_pictures(services, path, wanted))

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
        spool, job_id = Spool(visit.context.services.secret), str(visit.request.path_params["job"])
        report = spool.report(job_id) if spool.find(job_id) else None
        if report is None:
            raise HTTPException(404)
        names = [visit.t(key) for key in ("sheet_line", "sheet_column", "reason")]
        rows = (
            dict(zip(names, (str(each.line), each.column or "", _sentence(visit, each)), strict=True))
            for each in report.problems
        )
        return _attached(b"".join(csv_parts(names, rows)), "problems.csv", "csv")


def _sentence(visit: Visit, problem: Problem) -> str:
    return say(REASONS, problem.reason, visit.locale, **dict(problem.facts))


async def _catalogue(visit: Visit, kind: str) -> Response:
    services, wanted = visit.context.services, asked_filter(visit)
    return await _written(
        visit,
        "catalogue",
        kind,
        lambda path: exporting(services, path, workbook=kind == "xlsx", filter=wanted)(),
    )


async def _written(visit: Visit, name: str, kind: str, write: Callable[[Path], object]) -> Response:
    """A file that is made in a thread that no use case waits for, and is gone once it was sent."""
    path = await asyncio.to_thread(_made, write, kind)
    now = visit.context.services.clock.now().astimezone(visit.zone)
    return FileResponse(
        path,
        media_type=TYPES[kind],
        filename=f"{name}-{now:%Y-%m-%d}.{kind}",
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


def _made(write: Callable[[Path], object], kind: str) -> Path:
    handle, made = tempfile.mkstemp(prefix="jifen-export-", suffix=f".{kind}")
    os.close(handle)
    path = Path(made)
    try:
        write(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _zip_pictures(services: Services, path: Path, wanted: ProductFilter) -> None:
    """The pictures by the names that the sheet gives them. They are packed already: put in as they are."""
    now = services.clock.now()
    with services.db.read() as conn:
        program = services.shelf.programs(conn).at(now).program
        export = export_catalog(conn, at=now, program=program, filter=wanted)
        for _ in export.rows:
            pass
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for picture in export.pictures:
            data = read_image(services.media, picture.key)
            if data is not None:
                file.writestr(picture.name, data)


def _attached(data: bytes, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, headers=headers, media_type=TYPES[kind])

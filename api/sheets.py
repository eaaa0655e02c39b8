"""Sheets of goods without GraphQL:

    GET /admin/export/catalogue.csv|.xlsx       the catalogue, or what ?search, categorySlug, published, inStock,
                                                priceClass, minPrice and maxPrice leave of it; where that is more
                                                than one import takes, a ZIP file of numbered sheets
    GET /admin/export/template.csv|.xlsx        an example to fill in, in the language of Accept-Language

with the access token of a member of staff who may read the catalogue.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from api import answers
from api.doors import admin_context
from catalog.exports.template import template_csv, template_xlsx
from catalog.product_list import ProductFilter
from kernel.money import Money, NotAnAmount
from schema.admin.context import AdminContext
from schema.admin.export_line import ExportsBusy, apart
from schema.admin.guard import allowed
from schema.admin.sheet_deeds import exporting
from schema.codes import CodedError
from schema.context import Services
from schema.messages import REASONS, say
from schema.texts import searched, sought
from staff.roles import Permission

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
_KINDS = ("csv", "xlsx")
_TRUTH = {"true": True, "false": False, "1": True, "0": False}
_CLASSES = ("REGULAR", "SALE", "GROUP_BUY", "EXCHANGE")


def sheet_routes(services: Services) -> list[Route]:
    routes: list[Route] = []
    for kind in _KINDS:
        routes.append(Route(f"/admin/export/catalogue.{kind}", _behind(services, _catalogue, kind)))
        routes.append(Route(f"/admin/export/template.{kind}", _behind(services, _template, kind)))
    return routes


Handler = Callable[[Request, AdminContext, str], Awaitable[Response]]


def _behind(services: Services, handler: Handler, kind: str) -> Callable[[Request], Awaitable[Response]]:
    """The handler, for staff who may read the catalogue."""

    async def handle(request: Request) -> Response:
        context = admin_context(services, request)
        await context.begin()
        if context.staff is None:
            return answers.problem(401, "Sign in first.", headers={"WWW-Authenticate": "Bearer"})
        if not allowed(context, Permission.READ_CATALOGUE):
            return answers.problem(403, "Your role does not allow this.")
        return await handler(request, context, kind)

    return handle


async def _catalogue(request: Request, context: AdminContext, kind: str) -> Response:
    try:
        wanted = _filter(request, await context.read(lambda reading: reading.program.currency))
    except (CodedError, ValueError) as error:
        return answers.problem(400, str(getattr(error, "message", error)))
    try:
        written = apart(lambda: _written(context.services, kind, wanted))
    except ExportsBusy:
        message = say(REASONS, "exports_busy", context.locale)
        return answers.problem(429, message, headers={"Retry-After": "10"})
    path = await asyncio.wrap_future(written)
    return FileResponse(
        path,
        headers={"Cache-Control": "no-store"},
        media_type=TYPES[path.suffix[1:]],
        filename=path.name,
        background=BackgroundTask(shutil.rmtree, path.parent, ignore_errors=True),
    )


def _written(services: Services, kind: str, wanted: ProductFilter) -> Path:
    """A file in a folder of its own, so that a slow client holds no connection to the database."""
    folder = Path(tempfile.mkdtemp(prefix="jifen-export-"))
    name = f"catalogue-{services.clock.now():%Y-%m-%d}"
    try:
        return exporting(services, folder, name, workbook=kind == "xlsx", filter=wanted)()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


async def _template(_request: Request, context: AdminContext, kind: str) -> Response:
    make = template_xlsx if kind == "xlsx" else template_csv
    data = await asyncio.to_thread(make, chinese=context.locale == "zh-CN")
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="template.{kind}"'}
    return Response(data, headers=headers, media_type=TYPES[kind])


def _filter(request: Request, currency: str) -> ProductFilter:
    """Raises ValueError or CodedError for a parameter that says nothing."""
    asked = request.query_params
    price_class = asked.get("priceClass") or None
    if price_class is not None and price_class not in _CLASSES:
        raise ValueError(f"priceClass is one of {', '.join(_CLASSES)}.")
    return ProductFilter(
        search=searched(asked.get("search") or None),
        category_slug=sought(asked.get("categorySlug") or None),
        published=_truth(asked.get("published"), "published"),
        in_stock=_truth(asked.get("inStock"), "inStock"),
        price_class=price_class,
        min_price=_amount(asked.get("minPrice"), "minPrice", currency),
        max_price=_amount(asked.get("maxPrice"), "maxPrice", currency),
    )


def _amount(text: str | None, name: str, currency: str) -> int | None:
    if not text:
        return None
    try:
        return Money.parse(text, currency).minor
    except NotAnAmount:
        raise ValueError(f"{name} is an amount in {currency}.") from None


def _truth(text: str | None, name: str) -> bool | None:
    if not text:
        return None
    if text not in _TRUTH:
        raise ValueError(f"{name} is true or false.")
    return _TRUTH[text]

"""Sending a picture without GraphQL: the file as the body, or in a form.

    POST /admin/media?productId=prd_…&alt=…     the file as the body, or a form with the fields file, productId, alt

with the access token of a member of staff who may write the catalogue. It answers what was stored, or, with status
422, what a person can mend, in the viewer's language: the same errors as `uploadProductImage` has.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import answers
from api.doors import admin_context
from kernel.refusals import Refused
from media.images import StoredImage
from media.recipes import RECIPES, Format, widths_made
from schema.admin.context import AdminContext
from schema.admin.guard import allowed
from schema.admin.picture_deeds import uploading
from schema.codes import CodedError
from schema.context import Services
from schema.errors import UserError
from schema.ids import checked_optional_id
from schema.uploads import MOST_BYTES
from staff.roles import Permission

PATH = "/admin/media"

_STATUS = {"RATE_LIMITED": 429}


@dataclass(frozen=True, slots=True)
class _Sent:
    data: bytes
    product_id: str | None
    alt: str


def upload_route(services: Services) -> Route:
    async def upload(request: Request) -> Response:
        context = admin_context(services, request)
        await context.begin()
        if context.staff is None:
            return answers.problem(401, "Sign in first.", headers={"WWW-Authenticate": "Bearer"})
        if not allowed(context, Permission.WRITE_CATALOGUE):
            return answers.problem(403, "Your role does not allow this.")
        try:
            return await _upload(context, await _read(request))
        except CodedError as error:
            headers = {"Retry-After": "5"} if error.code == "RATE_LIMITED" else {}
            status = _STATUS.get(error.code, 400)
            return answers.problem(status, error.message, code=error.code, headers=headers)

    return Route(PATH, upload, methods=["POST"])


async def _upload(context: AdminContext, sent: _Sent) -> Response:
    deed = await uploading(context, sent.data, sent.product_id, sent.alt)

    def use_case() -> tuple[StoredImage, str | None] | list[UserError]:
        try:
            return deed()
        except Refused as refused:
            return context.tell(refused.refusals)

    done = await context.run(use_case)
    headers = {"Content-Language": context.locale}
    if isinstance(done, list):
        errors = [{"type": type(error).__name__, "message": error.message, "path": error.path} for error in done]
        return answers.json({"image": None, "errors": errors}, 422, headers)
    image, product_id = done
    return answers.json({"image": _told(context, image, product_id), "errors": []}, 201, headers)


def _told(context: AdminContext, image: StoredImage, product_id: str | None) -> dict[str, object]:
    recipe = RECIPES[image.key.rpartition(".")[0].partition("-")[2]]
    formats = [Format.WEBP, Format.JPEG, *([Format.AVIF] if recipe.avif else [])]
    return {
        "key": image.key,
        "url": context.picture_url(image.key, image.width),
        "width": image.width,
        "height": image.height,
        "placeholder": image.placeholder,
        "renditions": [
            {"width": width, "format": format, "url": context.picture_url(image.key, image.width, width, format)}
            for width in widths_made(recipe, image.width)
            for format in formats
        ],
        "productId": product_id,
    }


async def _read(request: Request) -> _Sent:
    query = request.query_params
    if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        async with request.form(max_files=1, max_fields=10) as form:
            file = form.get("file")
            fields = {**query, **{name: value for name, value in form.items() if isinstance(value, str)}}
            data = await file.read(MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
    else:
        fields, data = dict(query), await request.body()
    return _Sent(data, checked_optional_id(fields.get("productId") or None), fields.get("alt", ""))

"""A product's pictures: several at once, their order, what they show, taking them away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.responses import JSONResponse, Response

from catalog.attach_picture import MAX_PICTURES, content_of
from console.catalogue.product_view import ProductView, find_product
from console.desk import deed, page
from console.forms import Errors, text_of
from console.visit import Visit
from kernel.refusals import Refused
from media.images import StoredImage, content_hash
from media.studio import AT_ONCE
from schema.admin.picture_deeds import PictureInPlace, arranging, uploading
from schema.codes import CodedError
from schema.uploads import MOST_BYTES

MOST_AT_ONCE = 40 * 2**20
"""Bytes of one form's files. A script sends a few files at a time, and as many as a product may have."""


@dataclass(frozen=True)
class PictureRow:
    """A picture's row in the form: where it is to stand, what it shows, whether it goes."""

    key: str
    place: str
    alt: str
    removed: bool = False


class PictureDeeds:
    """Mixed into the desk of products."""

    @page("/{id}/pictures", "uploadProductImage")
    async def ask_pictures(self, visit: Visit) -> Response:
        return _form(visit, await find_product(visit), Errors(), Errors())

    @deed("/{id}/pictures", "uploadProductImage")
    async def upload(self, visit: Visit) -> Response:
        """Those that can be used are kept, in their order; the others are told by their names.

        A script sends a few at a time, and is told in its own form.
        """
        view, form = await find_product(visit), await visit.form()
        files = [file for file in form.getlist("files") if isinstance(file, UploadFile) and file.filename]
        alt = text_of(form, "alt")
        errors, kept = await _take_in(visit, view, files[: MAX_PICTURES + 1], alt)
        if not files:
            errors.add("files", visit.t("pictures_no_file"))
        if "application/json" in visit.request.headers.get("accept", ""):
            return JSONResponse({"kept": kept, "errors": errors.by_field})
        if kept:
            visit.tell("pictures_told_added", n=kept)
        if errors:
            return _form(visit, await find_product(visit), errors, Errors(), alt=alt)
        return visit.go(f"{view.path}/pictures")

    @deed("/{id}/pictures/arrange", "arrangeProductImages")
    async def arrange(self, visit: Visit) -> Response:
        view, form = await find_product(visit), await visit.form()
        rows = _sent(form)
        wanted = [PictureInPlace(row.key, row.alt) for row in in_order(rows, text_of(form, "move"))]
        kept = [row for row in rows if not row.removed]
        attempt = await visit.attempt(
            arranging(visit.context, view.product.id, wanted), [f"images.{i}.alt" for i in range(len(kept))]
        )
        if attempt.refused:
            return _form(visit, view, Errors(), attempt.errors, rows)
        visit.tell("pictures_told_arranged")
        return visit.go(f"{view.path}/pictures")


Taken = Callable[[], tuple[StoredImage, str | None]]


async def _take_in(visit: Visit, view: ProductView, files: Sequence[UploadFile], alt: str) -> tuple[Errors, int]:
    """As many are made at once as the studio makes; they are put in place one after the other, in their order."""
    at_once, errors, kept = asyncio.Semaphore(AT_ONCE), Errors(), 0
    there = {content_of(each.key) for each in view.pictures}

    async def made(file: UploadFile) -> Taken:
        async with at_once:
            data = await file.read(MOST_BYTES + 1)
            # Sent again without a word, a picture keeps those it has.
            words = alt or ("" if content_hash(data) in there else view.name)
            return await uploading(visit.context, data, view.product.id, words)

    tasks = [asyncio.create_task(made(file)) for file in files]
    try:
        for file, making in zip(files, tasks, strict=True):
            told = await _put_in_place(visit, making)
            for field, sentence in told:
                if field == "files":
                    errors.add(field, f"{file.filename}: {sentence}")
                elif sentence not in errors.of(field):
                    errors.add(field, sentence)
            kept += not told
    finally:
        for task in tasks:
            task.cancel()
    return errors, kept


async def _put_in_place(visit: Visit, making: Awaitable[Taken]) -> list[tuple[str, str]]:
    """What is wrong with a file, or with its words: by the form's field."""
    try:
        await visit.run(await making)
    except Refused as refused:
        told = visit.context.tell(refused.refusals)
        return [("alt" if error.path == ["alt"] else "files", error.message) for error in told]
    except CodedError:
        return [("files", visit.t("pictures_busy"))]
    return []


def _sent(form: FormData) -> list[PictureRow]:
    rows: list[PictureRow] = []
    while (key := text_of(form, f"images.{len(rows)}.key")) and len(rows) <= MAX_PICTURES:
        at = f"images.{len(rows)}"
        removed = text_of(form, f"{at}.removed") == "yes"
        rows.append(PictureRow(key, text_of(form, f"{at}.place"), text_of(form, f"{at}.alt"), removed))
    return rows


def in_order(rows: Sequence[PictureRow], move: str = "") -> list[PictureRow]:
    """By the places that were written, those with the same or none in their old order; then `move` ("key:-1")."""
    staying = [row for row in rows if not row.removed]
    places = {row.key: int(row.place) if row.place.isdecimal() else i + 1 for i, row in enumerate(staying)}
    found = sorted(staying, key=lambda row: places[row.key])
    key, _, step = move.rpartition(":")
    at = next((i for i, row in enumerate(found) if row.key == key), None)
    if at is not None and step in ("-1", "1"):
        to = min(max(at + int(step), 0), len(found) - 1)
        found.insert(to, found.pop(at))
    return found


def _form(
    visit: Visit,
    view: ProductView,
    sending: Errors,
    arranging_: Errors,
    rows: Sequence[PictureRow] | None = None,
    alt: str = "",
) -> Response:
    if rows is None:
        rows = [PictureRow(each.key, str(i), each.alt) for i, each in enumerate(view.pictures, start=1)]
    return visit.page(
        "product_pictures.html",
        422 if sending or arranging_ else 200,
        title=visit.t("pictures_title"),
        view=view,
        rows=rows,
        pictures={each.key: each for each in view.pictures},
        sending=sending,
        arranging=arranging_,
        alt=alt,
        most=MAX_PICTURES,
        most_bytes=MOST_BYTES,
        at_once=AT_ONCE,
        most_at_once=MOST_AT_ONCE // 2**20,
    )

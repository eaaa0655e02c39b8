"""A product's pictures: several at once, their order, what they show, taking them away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from catalog.attach_picture import MAX_PICTURES
from console.catalogue.product_view import ProductView, find_product
from console.desk import deed, page
from console.forms import Errors, text_of
from console.visit import Visit
from kernel.refusals import Refused
from schema.admin.picture_deeds import PictureInPlace, arranging, uploading
from schema.codes import CodedError
from schema.uploads import MOST_BYTES


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
        """One after the other: those that can be used are kept, the others are told by their names."""
        view, form = await find_product(visit), await visit.form()
        files = [file for file in form.getlist("files") if isinstance(file, UploadFile) and file.filename]
        errors, kept = Errors(), 0
        if not files:
            errors.add("files", visit.t("pictures_no_file"))
        for file in files[: MAX_PICTURES + 1]:
            told = await _upload_one(visit, view, file, text_of(form, "alt"))
            for sentence in told:
                errors.add("files", f"{file.filename}: {sentence}")
            kept += not told
        if kept:
            visit.tell("pictures_told_added", n=kept)
        if errors:
            return _form(visit, await find_product(visit), errors, Errors())
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


async def _upload_one(visit: Visit, view: ProductView, file: UploadFile, alt: str) -> list[str]:
    """Takes one file in; gives what is wrong with it."""
    data = await file.read(MOST_BYTES + 1)
    try:
        upload = await uploading(visit.context, data, view.product.id, alt or view.name)
        await visit.run(upload)
    except Refused as refused:
        return [error.message for error in visit.context.tell(refused.refusals)]
    except CodedError:
        return [visit.t("pictures_busy")]
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
    visit: Visit, view: ProductView, sending: Errors, arranging_: Errors, rows: Sequence[PictureRow] | None = None
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
        most=MAX_PICTURES,
        most_megabytes=MOST_BYTES // 2**20,
    )

"""Says which pictures a product has, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from catalog.attach_picture import MAX_PICTURES
from catalog.columns import pictures_t, products_t
from kernel.database import Transaction
from kernel.ids import new_id
from kernel.refusals import NotFound, Refusals, Refused, invalid
from kernel.texts import MAX_NAME, read_text


@dataclass(frozen=True, slots=True)
class ArrangedPicture:
    """A stored picture in its place. `alt`: None leaves it as it is."""

    image_key: str
    width: int
    height: int
    placeholder: str | None = None
    alt: str | None = None


def arrange_pictures(tx: Transaction, product_id: str, pictures: Sequence[ArrangedPicture]) -> str:
    """The product has these pictures from now on, the first one first; those left out are taken away.

    Returns the product's id. Runs inside the caller's transaction.

    Raises:
        Refused: unknown product, more than 20 pictures, one twice, or an alt text that is too long.
    """
    held = select(products_t.c.id).where(products_t.c.id == product_id).with_for_update(key_share=True)
    if tx.execute(held).one_or_none() is None:
        raise Refused(NotFound(path=("productId",), what="product"))
    c = pictures_t.c
    there = {
        row.image_key: row for row in tx.execute(select(c.id, c.image_key, c.alt).where(c.product_id == product_id))
    }
    refusals = Refusals()
    if len(pictures) > MAX_PICTURES:
        refusals.add(invalid(("images",), "too_many", most=MAX_PICTURES))
    rows: dict[str, dict[str, object]] = {}
    for position, picture in enumerate(pictures):
        path = ("images", str(position))
        if picture.image_key in rows:
            refusals.add(invalid((*path, "key"), "repeated"))
        before = there.get(picture.image_key)
        alt = before.alt if before is not None else ""
        if picture.alt is not None:
            alt = read_text(refusals, (*path, "alt"), picture.alt, most=MAX_NAME)
        rows[picture.image_key] = {
            "id": before.id if before is not None else new_id("pim"),
            "product_id": product_id,
            "position": position,
            "image_key": picture.image_key,
            "width": picture.width,
            "height": picture.height,
            "placeholder": picture.placeholder,
            "alt": alt,
        }
    refusals.raise_any()
    tx.execute(pictures_t.delete().where(c.product_id == product_id))
    if rows:
        tx.execute(pictures_t.insert(), list(rows.values()))
    return product_id

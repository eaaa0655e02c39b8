"""Adds a picture to a product."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from catalog.columns import pictures_t, products_t
from kernel.database import Transaction
from kernel.ids import new_id
from kernel.refusals import NotFound, Refusals, Refused, invalid
from kernel.texts import MAX_NAME, read_text

MAX_PICTURES = 20


@dataclass(frozen=True, slots=True)
class AttachPicture:
    """A picture that has been stored: its key and facts. `alt` says what it shows."""

    product_id: str
    image_key: str
    width: int
    height: int
    placeholder: str | None = None
    alt: str = ""


def attach_picture(tx: Transaction, command: AttachPicture) -> str:
    """Adds the picture after the others and returns the product's id. Runs inside the caller's transaction.

    A picture that the product has already stays where it is; a new `alt` replaces its old one.

    Raises:
        Refused: unknown product, 20 pictures already, or an alt text that is too long.
    """
    held = select(products_t.c.id).where(products_t.c.id == command.product_id).with_for_update(key_share=True)
    if tx.execute(held).one_or_none() is None:
        raise Refused(NotFound(path=("productId",), what="product"))
    refusals = Refusals()
    alt = read_text(refusals, ("alt",), command.alt, most=MAX_NAME)
    c = pictures_t.c
    there = {
        row.image_key: row
        for row in tx.execute(select(c.id, c.image_key, c.position, c.alt).where(c.product_id == command.product_id))
    }
    same = there.get(command.image_key)
    if same is None and len(there) >= MAX_PICTURES:
        refusals.add(invalid(("file",), "too_many", most=MAX_PICTURES))
    refusals.raise_any()
    if same is None:
        tx.execute(
            pictures_t.insert().values(
                id=new_id("pim"),
                product_id=command.product_id,
                position=1 + max((row.position for row in there.values()), default=-1),
                image_key=command.image_key,
                width=command.width,
                height=command.height,
                placeholder=command.placeholder,
                alt=alt,
            )
        )
    elif alt and alt != same.alt:
        tx.execute(pictures_t.update().where(c.id == same.id).values(alt=alt))
    return command.product_id

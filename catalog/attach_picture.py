"""Adds a picture to a product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, select

from catalog.columns import pictures_t, products_t
from kernel.database import Transaction
from kernel.ids import new_id
from kernel.refusals import NotFound, Refusals, invalid
from kernel.texts import MAX_NAME, read_text

MAX_PICTURES = 20

_HASH = 64


@dataclass(frozen=True, slots=True)
class AttachPicture:
    """A picture that has been stored: its key and facts. `alt` says what it shows."""

    product_id: str
    image_key: str
    width: int
    height: int
    placeholder: str | None = None
    alt: str = ""


class _Attached(NamedTuple):
    id: str
    image_key: str
    position: int
    alt: str


def content_of(image_key: str) -> str:
    """What a key says about the file that was sent: all that was ever made of the same file is the same picture."""
    return image_key[:_HASH]


def check_attachment(conn: Connection, product_id: str, image_key: str, alt: str) -> None:
    """What `attach_picture` would refuse, to be asked before a picture is made; its hash will do as a key.

    Raises:
        Refused: see there.
    """
    found = conn.execute(select(products_t.c.id).where(products_t.c.id == product_id)).one_or_none()
    there = _pictures(conn, product_id)
    _checked_alt(there, alt, new=content_of(image_key) not in there, exists=found is not None)


def attach_picture(tx: Transaction, command: AttachPicture) -> str:
    """Adds the picture after the others and returns the product's id. Runs inside the caller's transaction.

    A picture that the product has already stays where it is; a new `alt` replaces its old one. The same file, stored
    in another way since, takes the place of the one before.

    Raises:
        Refused: unknown product, 20 pictures already, or an alt text that is too long.
    """
    held = select(products_t.c.id).where(products_t.c.id == command.product_id).with_for_update(key_share=True)
    exists = tx.execute(held).one_or_none() is not None
    c = pictures_t.c
    there = _pictures(tx, command.product_id)
    same = there.get(content_of(command.image_key))
    alt = _checked_alt(there, command.alt, new=same is None, exists=exists)
    facts = {
        "image_key": command.image_key,
        "width": command.width,
        "height": command.height,
        "placeholder": command.placeholder,
    }
    if same is None:
        position = 1 + max((row.position for row in there.values()), default=-1)
        row = {"id": new_id("pim"), "product_id": command.product_id, "position": position, "alt": alt, **facts}
        tx.execute(pictures_t.insert().values(row))
    elif same.image_key != command.image_key or (alt and alt != same.alt):
        tx.execute(pictures_t.update().where(c.id == same.id).values(**facts, alt=alt or same.alt))
    return command.product_id


def _pictures(conn: Connection, product_id: str) -> dict[str, _Attached]:
    c = pictures_t.c
    rows = conn.execute(select(c.id, c.image_key, c.position, c.alt).where(c.product_id == product_id))
    return {content_of(row.image_key): _Attached(*row) for row in rows}


def _checked_alt(there: Mapping[str, _Attached], alt: str, *, new: bool, exists: bool) -> str:
    refusals = Refusals()
    if not exists:
        refusals.add(NotFound(path=("productId",), what="product"))
    text = read_text(refusals, ("alt",), alt, most=MAX_NAME)
    if new and len(there) >= MAX_PICTURES:
        refusals.add(invalid(("file",), "too_many", most=MAX_PICTURES))
    refusals.raise_any()
    return text

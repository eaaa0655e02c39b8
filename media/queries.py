"""Reads of the pictures that are stored."""

from __future__ import annotations

from dataclasses import fields

from sqlalchemy import Connection, select

from kernel.database import table_of
from media.images import StoredImage
from media.recipes import Recipe, is_image_key
from media.tables import ImageRow

images_t = table_of(ImageRow)

IMAGE_COLUMNS = tuple(images_t.c[field.name] for field in fields(StoredImage))


def image_by_key(conn: Connection, key: str) -> StoredImage | None:
    """The picture of this name, stored and staying; None where there is none, or where it is no such name."""
    return _stored(conn, key) if is_image_key(key) else None


def image_of_content(conn: Connection, content_hash: str, recipe: Recipe) -> StoredImage | None:
    """The picture that was made of the file with this hash; None where there is none."""
    stem = f"{content_hash}-{recipe.name}"
    return _stored(conn, f"{stem}.jpg", f"{stem}.png")


def _stored(conn: Connection, *keys: str) -> StoredImage | None:
    c = images_t.c
    there = select(*IMAGE_COLUMNS).where(c.key.in_(keys), c.arriving_since.is_(None), c.leaving_since.is_(None))
    row = conn.execute(there).first()
    return None if row is None else StoredImage(*row)

"""Reads of the pictures that are stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from kernel.database import table_of
from media.storage import is_image_key
from media.tables import ImageRow

images_t = table_of(ImageRow)


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """`key` is made of the content, so it serves as an entity tag, and what it names never changes."""

    key: str
    content_type: str
    width: int
    height: int
    size: int
    placeholder: str | None
    created_at: datetime


def image_by_key(conn: Connection, key: str) -> ImageRecord | None:
    """The picture of this name; None where there is none, or where it is no such name."""
    if not is_image_key(key):
        return None
    c = images_t.c
    row = conn.execute(
        select(c.key, c.content_type, c.width, c.height, c.size, c.placeholder, c.created_at).where(c.key == key)
    ).one_or_none()
    return None if row is None else ImageRecord(*row)

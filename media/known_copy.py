"""Whether a file is a picture that we keep, byte for byte: what was exported comes back as what it was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from kernel.database import Database
from media.images import StoredImage
from media.queries import IMAGE_COLUMNS, images_t
from media.recipes import Recipe
from media.storage import Store, read_image


def known_copy(db: Database, store: Store, data: bytes, recipe: Recipe, now: datetime | None) -> StoredImage | None:
    """The picture whose clean copy this is; None where it is no copy of ours.

    `now`: it counts as brought again, so that it is not swept before somebody shows it. None: it is only looked for.
    """
    c = images_t.c
    staying = (c.arriving_since.is_(None), c.leaving_since.is_(None))
    as_large = select(*IMAGE_COLUMNS).where(c.size == len(data), *staying)
    with db.read() as conn:
        images = [StoredImage(*row) for row in conn.execute(as_large)]
    ours = (image for image in images if image.key.rpartition(".")[0].endswith(f"-{recipe.name}"))
    found = next((image for image in ours if read_image(store, image.key) == data), None)
    if found is None or now is None:
        return found
    with db.write() as tx:
        brought = images_t.update().where(c.key == found.key, *staying).values(unused_since=now)
        return found if tx.execute(brought).rowcount else None

"""Stores a picture that has been made, and takes hold of a stored one for whoever is going to show it."""

from __future__ import annotations

import time
from dataclasses import fields
from datetime import datetime

from kernel.database import Database, Transaction, TryAgain, insert_new
from kernel.refusals import NotFound, Refused
from media.images import MadeImage, StoredImage
from media.queries import image_by_key, image_of_content, images_t
from media.recipes import Recipe, is_image_key
from media.storage import Store, write_image

PATIENCE_SECONDS = 5.0
_PAUSE_SECONDS = 0.1


def keep_image(db: Database, store: Store, image: MadeImage, now: datetime) -> StoredImage:
    """Stores a picture's files and its row; the same picture again is the same one. Owns its transactions.

    The row comes before the files, so that whatever happens in between, the files have one, and are swept with it.
    Nothing shows the picture yet: see `take_image`.

    Raises:
        TryAgain: the same picture is being removed, and that takes long.
    """
    facts = StoredImage(**{field.name: getattr(image, field.name) for field in fields(StoredImage)})
    if not _announce(db, facts, now):
        return facts
    for key, data in image.files.items():
        write_image(store, key, data)
    with db.write() as tx:
        tx.execute(images_t.update().where(images_t.c.key == image.key).values(arriving_since=None))
    return facts


def _announce(db: Database, image: StoredImage, now: datetime) -> bool:
    """Writes the row, and says whether files are needed. Counts as unused from now on: there is time to show it."""
    c = images_t.c
    row = {field.name: getattr(image, field.name) for field in fields(StoredImage)}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        with db.write() as tx:
            if insert_new(tx, images_t, {**row, "created_at": now, "arriving_since": now, "unused_since": now}):
                return True
            staying = images_t.update().where(c.key == image.key, c.leaving_since.is_(None))
            found = tx.execute(staying.values(unused_since=now).returning(c.arriving_since)).one_or_none()
            if found is not None:
                # Still arriving: whoever brought it may have stopped halfway.
                return found.arriving_since is not None
        if time.monotonic() > deadline:
            raise TryAgain
        time.sleep(_PAUSE_SECONDS)


def is_kept(db: Database, content_hash: str, recipe: Recipe, now: datetime) -> StoredImage | None:
    """The picture that was made of this file before, counted as brought again; None where it is to be made."""
    with db.read() as conn:
        image = image_of_content(conn, content_hash, recipe)
    if image is None:
        return None
    c = images_t.c
    with db.write() as tx:
        there = images_t.update().where(c.key == image.key, c.leaving_since.is_(None)).values(unused_since=now)
        return image if tx.execute(there).rowcount else None


def take_image(tx: Transaction, key: str, now: datetime) -> StoredImage:
    """A stored picture, held until the transaction ends: it is not swept while it is being put to use.

    Runs inside the caller's transaction.

    Raises:
        Refused: there is no such picture, or it is going; path `key`.
    """
    c = images_t.c
    staying = images_t.update().where(c.key == key, c.arriving_since.is_(None), c.leaving_since.is_(None))
    # What is no name of ours is not looked for: it may hold what a database does not take.
    known = is_image_key(key) and tx.execute(staying.values(unused_since=None)).rowcount
    image = image_by_key(tx, key) if known else None
    if image is None:
        raise Refused(NotFound(path=("key",), what="image"))
    return image

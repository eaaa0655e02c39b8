"""A file that was exported is the picture that it was written from, as long as that is kept."""

from __future__ import annotations

from datetime import timedelta

from obstore.store import MemoryStore
from sqlalchemy import select

from checkout.imported_pictures import imported_pictures
from media.known_copy import known_copy
from media.queries import images_t
from media.recipes import Use, recipe_for
from media.storage import read_image
from media.studio import Studio
from tests.support.catalog import picture
from tests.support.members import NOON

PRODUCT = recipe_for(Use.PRODUCT, avif=False)


class NoFiles:
    def read(self, name: str) -> bytes:
        raise ValueError(name)


def test_the_clean_copy_of_a_picture_is_that_picture(db):
    store = MemoryStore()
    studio = Studio(db, store)
    sent = picture("red", format="JPEG")
    stored = studio.take_in(sent, Use.PRODUCT, NOON)
    copy = read_image(store, stored.key)
    assert copy is not None
    assert copy != sent
    later = NOON + timedelta(days=3)
    assert imported_pictures(studio, NoFiles(), later, dry_run=True).check(copy) == stored
    with db.read() as conn:
        assert conn.execute(select(images_t.c.unused_since)).scalar_one() == NOON
    assert imported_pictures(studio, NoFiles(), later).check(copy) == stored
    with db.read() as conn:
        assert conn.execute(select(images_t.c.unused_since)).scalar_one() == later


def test_any_other_file_is_none_of_ours(db):
    store = MemoryStore()
    studio = Studio(db, store)
    stored = studio.take_in(picture("red"), Use.PRODUCT, NOON)
    copy = read_image(store, stored.key) or b""
    assert known_copy(db, store, copy[:-1] + b"x", PRODUCT, NOON) is None
    assert known_copy(db, store, picture("blue"), PRODUCT, NOON) is None

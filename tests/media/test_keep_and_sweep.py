"""Pictures come, are shown, and go when nothing has shown them for a while."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from obstore.store import MemoryStore
from sqlalchemy import select

from catalog.attach_picture import AttachPicture, attach_picture
from catalog.columns import pictures_t
from catalog.queries import product_by_slug
from checkout.pictures_in_use import PICTURES_IN_USE
from kernel.database import TryAgain
from kernel.refusals import Refused
from media import keep_image as keeping
from media import sweep as sweeping
from media.images import make_image
from media.keep_image import keep_image, take_image
from media.queries import image_by_key, images_t
from media.recipes import Use
from media.storage import read_image
from media.studio import AT_ONCE, MOST_WAITING, Busy, Studio
from media.sweep import GRACE, remove_image, sweep_images
from migrations.tables import METADATA
from tests.support.catalog import picture, stock_goods
from tests.support.members import NOON
from tests.support.pictures import BAD

LATER = NOON + GRACE + timedelta(hours=1)
SMALL = {"format": "PNG", "size": (40, 30)}


class Broken(Exception):
    """The store or the process gave up."""


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def studio(db, store):
    studio = Studio(db, store)
    yield studio
    studio.close()


def files(store):
    return {entry["path"] for batch in store.list() for entry in batch}


def rows(db):
    with db.read() as conn:
        return set(conn.execute(select(images_t.c.key)).scalars())


def show(db, image, slug="hat", now=NOON):
    """Puts a picture to use, as a product's."""
    with db.read() as conn:
        there = product_by_slug(conn, slug, None)
    if there is None:
        stock_goods(db, slug.upper(), slug=slug)
    with db.write() as tx:
        take_image(tx, image.key, now)
        attach_picture(tx, AttachPicture(product_by_slug(tx, slug, None).id, image.key, image.width, image.height))


def hide(db):
    with db.write() as tx:
        tx.execute(pictures_t.delete())


def sweep(db, store, now):
    return sweep_images(db, store, PICTURES_IN_USE, now=now)


def test_a_picture_is_stored_with_all_its_files_and_the_same_one_once(db, store, studio):
    image = studio.take_in(picture(), Use.PRODUCT, NOON)
    assert files(store) == set(make_image(picture()).files)
    assert studio.take_in(picture(), Use.PRODUCT, NOON) == image
    assert rows(db) == {image.key}
    with db.read() as conn:
        assert image_by_key(conn, image.key) == image


def test_the_same_picture_is_not_made_twice(db, store, studio, monkeypatch):
    studio.take_in(picture(), Use.PRODUCT, NOON)
    monkeypatch.setattr("media.studio.make_image", lambda *_, **__: pytest.fail("made again"))
    studio.take_in(picture(), Use.PRODUCT, NOON)


def test_the_same_picture_brought_by_many_at_once_is_one(db, store, studio):
    barrier = threading.Barrier(4)
    found = []

    def bring():
        barrier.wait()
        found.append(Studio(db, store).take_in(picture(), Use.PRODUCT, NOON))

    threads = [threading.Thread(target=bring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == len(found) / 4 == 1
    assert rows(db) == {found[0].key}


def test_of_a_bad_file_nothing_is_stored(db, store, studio):
    for data, _ in BAD.values():
        with pytest.raises(Refused):
            studio.take_in(data, Use.PRODUCT, NOON)
        assert (files(store), rows(db)) == (set(), set())


def test_looking_at_a_file_stores_nothing(db, store, studio):
    assert studio.check(picture(), Use.PRODUCT).width == 40
    assert (files(store), rows(db)) == (set(), set())


def test_a_picture_whose_files_were_not_all_written_is_written_again_and_not_shown_before(db, store, monkeypatch):
    made = make_image(picture())
    write = keeping.write_image
    written = []

    def fail(store, key, data):
        written.append(key)
        if len(written) == 2:
            raise Broken
        write(store, key, data)

    monkeypatch.setattr(keeping, "write_image", fail)
    with pytest.raises(Broken):
        keep_image(db, store, made, NOON)
    with pytest.raises(Refused), db.write() as tx:
        take_image(tx, made.key, NOON)
    keep_image(db, store, made, NOON)
    assert files(store) == set(made.files)
    with db.write() as tx:
        assert take_image(tx, made.key, NOON).key == made.key


def test_what_was_left_halfway_is_swept_too(db, store, monkeypatch):
    monkeypatch.setattr(keeping, "write_image", lambda *_: (_ for _ in ()).throw(Broken))
    with pytest.raises(Broken):
        keep_image(db, store, make_image(picture()), NOON)
    assert sweep(db, store, LATER) == 1
    assert rows(db) == set()


# ---------------------------------------------------------------- sweeping


def test_a_picture_that_nothing_shows_goes_after_a_while(db, store, studio):
    studio.take_in(picture(), Use.PRODUCT, NOON)
    assert sweep(db, store, NOON + GRACE - timedelta(seconds=1)) == 0
    assert len(rows(db)) == 1
    assert sweep(db, store, NOON + GRACE) == 1
    assert (files(store), rows(db)) == (set(), set())


def test_a_picture_that_is_shown_stays(db, store, studio):
    image = studio.take_in(picture(), Use.PRODUCT, NOON)
    show(db, image)
    for days in range(0, 400, 50):
        assert sweep(db, store, NOON + timedelta(days=days)) == 0
    assert read_image(store, image.key) is not None


def test_the_while_begins_when_it_is_no_longer_shown(db, store, studio):
    image = studio.take_in(picture(), Use.PRODUCT, NOON)
    show(db, image)
    hide(db)
    year = NOON + timedelta(days=365)
    assert sweep(db, store, year) == 0
    assert sweep(db, store, year + GRACE - timedelta(seconds=1)) == 0
    assert sweep(db, store, year + GRACE) == 1


def test_a_picture_that_is_shown_again_in_time_stays(db, store, studio):
    image = studio.take_in(picture(), Use.PRODUCT, NOON)
    assert sweep(db, store, NOON + timedelta(days=6)) == 0
    show(db, image, now=NOON + timedelta(days=6))
    assert sweep(db, store, LATER) == 0
    hide(db)
    assert sweep(db, store, LATER) == 0
    studio.take_in(picture(), Use.PRODUCT, LATER + GRACE)
    assert sweep(db, store, LATER + GRACE) == 0


def test_a_picture_from_before_there_were_renditions_goes_too(db, store):
    key = "ab" * 32 + ".png"
    store.put(key, b"old")
    with db.write() as tx:
        tx.execute(
            images_t.insert().values(key=key, content_type="image/png", width=9, height=9, size=3, created_at=NOON)
        )
    assert sweep(db, store, NOON) == 0
    assert sweep(db, store, LATER) == 1
    assert files(store) == set()


def test_a_sweep_that_stopped_halfway_is_finished_by_the_next(db, store, studio, monkeypatch):
    studio.take_in(picture(), Use.PRODUCT, NOON)

    def stop(*_):
        raise Broken

    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "remove_images", stop)
        with pytest.raises(Broken):
            sweep(db, store, LATER)
    assert len(rows(db)) == 1
    assert sweep(db, store, LATER + timedelta(minutes=1)) == 0
    assert sweep(db, store, LATER + timedelta(minutes=11)) == 1
    assert (files(store), rows(db)) == (set(), set())


def test_whoever_brings_a_picture_while_it_goes_waits_until_it_is_gone(db, store, studio, monkeypatch):
    image = studio.take_in(picture(), Use.PRODUCT, NOON)
    remove = sweeping.remove_images
    brought = []

    def bring():
        brought.append(Studio(db, store).take_in(picture(), Use.PRODUCT, LATER))

    bringer = threading.Thread(target=bring)

    def slowly(store, keys):
        bringer.start()
        bringer.join(0.3)
        assert not brought
        remove(store, keys)

    monkeypatch.setattr(sweeping, "remove_images", slowly)
    assert sweep(db, store, LATER) == 1
    bringer.join()
    assert brought == [image]
    assert files(store) == set(make_image(picture()).files)
    show(db, image, now=LATER)


def test_whoever_has_waited_too_long_is_told_to_come_again(db, store, studio, monkeypatch):
    image = studio.take_in(picture(), Use.PRODUCT, NOON)
    monkeypatch.setattr(keeping, "PATIENCE_SECONDS", 0)
    with db.write() as tx:
        tx.execute(images_t.update().values(leaving_since=NOON))
    with pytest.raises(TryAgain):
        keep_image(db, store, make_image(picture()), NOON)
    with pytest.raises(Refused), db.write() as tx:
        take_image(tx, image.key, NOON)


def test_a_picture_that_is_being_put_to_use_is_not_swept(db, store, studio):
    """The sweep looks while the transaction that shows the picture is still open, and waits for it."""
    image = studio.take_in(picture(), Use.PRODUCT, NOON)
    stock_goods(db, "HAT", slug="hat")
    swept = []
    sweeper = threading.Thread(target=lambda: swept.append(sweep(db, store, LATER)))
    with db.write() as tx:
        take_image(tx, image.key, LATER)
        sweeper.start()
        sweeper.join(0.3)
        attach_picture(tx, AttachPicture(product_by_slug(tx, "hat", None).id, image.key, 40, 30))
    sweeper.join()
    assert swept == [0]
    assert read_image(store, image.key) is not None


def test_one_picture_can_go_at_once_unless_it_is_shown_or_somebody_is_about_to(db, store, studio):
    image = studio.take_in(picture(), Use.PRODUCT, NOON)
    assert not remove_image(db, store, image.key, PICTURES_IN_USE, now=NOON)
    show(db, image)
    assert not remove_image(db, store, image.key, PICTURES_IN_USE, now=NOON)
    hide(db)
    assert remove_image(db, store, image.key, PICTURES_IN_USE, now=NOON)
    assert (files(store), rows(db)) == (set(), set())
    assert not remove_image(db, store, image.key, PICTURES_IN_USE, now=NOON)


def test_the_sweep_is_told_of_every_column_that_names_a_picture():
    named = {
        column for table in METADATA.tables.values() for column in table.columns if column.name.endswith("image_key")
    }
    assert named == set(PICTURES_IN_USE)


# ---------------------------------------------------------------- the studio


def test_a_few_pictures_at_a_time_and_a_queue_with_an_end(db, store, studio, monkeypatch):
    go, begun, busy, most = threading.Event(), threading.Semaphore(0), [], []

    def slowly(data, use, *, avif):
        busy.append(1)
        most.append(len(busy))
        begun.release()
        go.wait(10)
        busy.pop()
        return make_image(picture())

    monkeypatch.setattr("media.studio.make_image", slowly)
    waiting = [studio.hand_in(bytes([n]), Use.PRODUCT, NOON) for n in range(AT_ONCE + MOST_WAITING)]
    with pytest.raises(Busy):
        studio.hand_in(b"one more", Use.PRODUCT, NOON)
    assert all(begun.acquire(timeout=10) for _ in range(AT_ONCE))
    go.set()
    for future in waiting:
        future.result(timeout=10)
    assert max(most) == AT_ONCE
    assert studio.hand_in(b"later", Use.PRODUCT, NOON).result(timeout=10)

"""What is taken for a picture, and what becomes of it."""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256
from io import BytesIO

import pytest
from obstore.store import MemoryStore
from PIL import Image

from media import images
from media.images import check_image, keep_image
from media.queries import image_by_key
from media.storage import is_image_key, open_store, read_image
from tests.support.catalog import picture, refused
from tests.support.members import NOON


def keep(db, store, data):
    with db.write() as tx:
        return keep_image(tx, store, data, check_image(data), NOON)


@pytest.mark.parametrize(
    ("format", "extension", "content_type"),
    [
        ("JPEG", "jpg", "image/jpeg"),
        ("PNG", "png", "image/png"),
        ("WEBP", "webp", "image/webp"),
        ("AVIF", "avif", "image/avif"),
    ],
)
def test_a_picture_is_named_by_its_content_and_comes_back_as_it_was(db, format, extension, content_type):
    store, data = MemoryStore(), picture(format=format)
    image = keep(db, store, data)
    assert image.key == f"{sha256(data).hexdigest()}.{extension}"
    assert (image.content_type, image.width, image.height, image.size) == (content_type, 40, 30, len(data))
    assert read_image(store, image.key) == data
    with db.read() as conn:
        told = image_by_key(conn, image.key)
    assert (told.key, told.content_type, told.size, told.created_at) == (image.key, content_type, len(data), NOON)


def test_the_same_picture_is_stored_once(db):
    store, data = MemoryStore(), picture()
    assert keep(db, store, data) == keep(db, store, data)
    assert len([entry for batch in store.list() for entry in batch]) == 1


def test_pictures_are_kept_in_a_folder_that_is_made(db, tmp_path):
    image = keep(db, open_store(tmp_path / "var" / "media"), picture())
    assert (tmp_path / "var" / "media" / image.key).read_bytes() == picture()
    assert read_image(open_store(tmp_path / "var" / "media"), image.key) == picture()


@pytest.mark.parametrize("color", ["red", "white"])
def test_the_placeholder_is_a_tiny_picture_as_a_data_address(color):
    address = check_image(picture(color, (400, 100))).placeholder
    assert len(address) < 500
    tiny = Image.open(BytesIO(b64decode(address.removeprefix("data:image/webp;base64,"))))
    assert (tiny.format, tiny.size) == ("WEBP", (16, 4))


def test_transparent_and_palette_pictures_have_placeholders_too():
    for mode in ("RGBA", "P", "LA", "L", "1", "I;16"):
        buffer = BytesIO()
        Image.new(mode, (20, 20)).save(buffer, "PNG")
        assert check_image(buffer.getvalue()).placeholder


def test_a_picture_on_its_side_is_measured_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    image = check_image(picture(size=(40, 30), format="JPEG", exif=exif))
    assert (image.width, image.height) == (30, 40)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
        b"<html><script>alert(1)</script></html>",
        picture(format="GIF"),
        picture(format="BMP"),
        picture(format="TIFF"),
        picture(format="PNG")[:-30],
        picture(format="JPEG", size=(400, 400))[:400],
        picture(format="WEBP")[:40],
        picture(format="AVIF")[:-20],
        b"\x89PNG\r\n\x1a\n",
    ],
    ids=["empty", "text", "svg", "html", "gif", "bmp", "tiff", "cut png", "cut jpeg", "cut webp", "cut avif", "head"],
)
def test_what_is_no_whole_picture_of_a_known_kind_is_refused(data):
    assert refused(check_image, data) == {"file": "bad_picture"}


def test_a_file_of_over_10_mb_is_too_large():
    assert refused(check_image, b"x" * (10 * 2**20 + 1)) == {"file": "too_large"}


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(monkeypatch):
    data = picture()
    monkeypatch.setattr(images, "MAX_PIXELS", 40 * 30 - 1)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("unpacked"))
    assert refused(check_image, data) == {"file": "too_large"}


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = BytesIO()
    Image.new("1", (12_000, 12_000)).save(bomb, "PNG")
    assert refused(check_image, bomb.getvalue())["file"] in ("too_large", "bad_picture")


def test_only_the_bytes_that_were_checked_are_stored(db):
    image = check_image(picture())
    with pytest.raises(ValueError, match="not the bytes"), db.write() as tx:
        keep_image(tx, MemoryStore(), picture("blue"), image, NOON)


@pytest.mark.parametrize("key", ["", "../jifen.db", "a.png", "a" * 64, "A" * 64 + ".png", "a" * 64 + ".svg", "é"])
def test_only_names_that_we_give_are_looked_for(db, tmp_path, key):
    assert not is_image_key(key)
    assert read_image(open_store(tmp_path), key) is None
    with db.read() as conn:
        assert image_by_key(conn, key) is None


def test_an_unknown_picture_is_not_there(db, tmp_path):
    key = "a" * 64 + ".png"
    assert read_image(open_store(tmp_path), key) is None
    with db.read() as conn:
        assert image_by_key(conn, key) is None

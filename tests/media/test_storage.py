"""Where pictures are kept: in memory, in a folder, in a bucket. All do the same."""

from __future__ import annotations

import pytest
from obstore.exceptions import BaseError
from obstore.store import MemoryStore

from media.storage import image_size, open_store, read_image, remove_images, write_image
from tests.doubles.s3 import bucket

KEY = "ab" * 32 + "-p1-200.webp"


@pytest.fixture
def s3(monkeypatch):
    with bucket() as held:
        monkeypatch.setenv("AWS_ENDPOINT_URL", held.address)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "pictures")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s" * 40)
        monkeypatch.setenv("AWS_REGION", "cn-north-1")
        yield held


@pytest.fixture(params=["memory", "folder", "bucket"])
def store(request, tmp_path):
    if request.param == "memory":
        return MemoryStore()
    if request.param == "folder":
        return open_store(tmp_path / "var" / "media")
    request.getfixturevalue("s3")
    return open_store("s3://shop/pictures")


def test_what_is_written_is_read_and_removed(store):
    assert (read_image(store, KEY), image_size(store, KEY)) == (None, None)
    write_image(store, KEY, b"bytes")
    assert (read_image(store, KEY), image_size(store, KEY)) == (b"bytes", 5)
    write_image(store, KEY, b"bytes")
    remove_images(store, [KEY, "cd" * 32 + ".png"])
    assert read_image(store, KEY) is None


@pytest.mark.parametrize("key", ["", "../jifen.db", "a.png", "a" * 64, "A" * 64 + ".png", "a" * 64 + ".svg", "é"])
def test_only_names_that_we_give_are_looked_for(store, key):
    assert read_image(store, key) is None
    assert image_size(store, key) is None


def test_a_folder_holds_the_pictures_by_their_names(tmp_path):
    write_image(open_store(str(tmp_path / "media")), KEY, b"bytes")
    assert (tmp_path / "media" / KEY).read_bytes() == b"bytes"
    assert read_image(open_store(tmp_path / "media"), KEY) == b"bytes"


def test_a_bucket_can_serve_them_by_itself(s3):
    write_image(open_store("s3://shop/pictures"), KEY, b"bytes")
    headers, data = s3.objects[f"/shop/pictures/{KEY}"]
    assert data == b"bytes"
    assert headers == {"Content-Type": "image/webp", "Cache-Control": "public, max-age=31536000, immutable"}
    assert all("pictures" in signature for _, signature in s3.requests)


def test_a_bucket_without_a_prefix_is_one_too(s3):
    write_image(open_store("s3://shop"), KEY, b"bytes")
    assert f"/shop/{KEY}" in s3.objects


def test_a_bucket_that_does_not_answer_is_not_taken_for_an_empty_one(s3):
    s3.down = True
    store = open_store("s3://shop")
    with pytest.raises(BaseError):
        read_image(store, KEY)
    with pytest.raises(BaseError):
        write_image(store, KEY, b"bytes")


def test_an_address_without_a_bucket_is_none():
    with pytest.raises(ValueError, match="bucket"):
        open_store("s3://")

"""Where pictures are kept: a folder or a bucket, under names that are written once and never change."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, MemoryStore, S3Store

from media.recipes import content_type_of, is_image_key

Store = LocalStore | MemoryStore | S3Store

BUCKET = "s3://"

FOREVER = "public, max-age=31536000, immutable"
"""What is said with a picture: what its name stands for never changes."""


def open_store(root: Path | str) -> Store:
    """A folder, which is made where it is missing, or a bucket: `s3://bucket/prefix`, its keys from AWS_….

    Raises:
        ValueError: the address names no bucket.
    """
    if str(root).startswith(BUCKET):
        return _open_bucket(str(root).removeprefix(BUCKET))
    return LocalStore(Path(root), mkdir=True)


def _open_bucket(place: str) -> S3Store:
    bucket, _, prefix = place.strip("/").partition("/")
    if not bucket:
        raise ValueError("no bucket is named")
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
    return S3Store(
        bucket,
        prefix=prefix or None,
        # Whoever waits for a picture does not wait longer than this for a store that does not answer.
        client_options={"timeout": "20s", "connect_timeout": "3s", "allow_http": endpoint.startswith("http://")},
        retry_config={"max_retries": 2},
    )


def write_image(store: Store, key: str, data: bytes) -> None:
    """Keeps the bytes under their name. Where the name is there already, so is the picture."""
    if isinstance(store, S3Store):
        # Not every service can put only what is missing; the same name is the same picture, so it may be put again.
        attributes = {"Content-Type": content_type_of(key), "Cache-Control": FOREVER}
        store.put(key, data, attributes=attributes)
        return
    with suppress(AlreadyExistsError):
        store.put(key, data, mode="create")


def read_image(store: Store, key: str) -> bytes | None:
    """The bytes kept under a name; None where there are none."""
    if not is_image_key(key):
        return None
    try:
        return bytes(store.get(key).bytes())
    except FileNotFoundError:
        return None


def image_size(store: Store, key: str) -> int | None:
    """How many bytes are kept under a name; None where there are none."""
    if not is_image_key(key):
        return None
    try:
        return store.head(key)["size"]
    except FileNotFoundError:
        return None


def remove_images(store: Store, keys: Iterable[str]) -> None:
    """Removes what is kept under these names; what is not there need not be removed."""
    if isinstance(store, S3Store):
        # In one request, which does not mind what is not there.
        store.delete(list(keys))
        return
    for key in keys:
        with suppress(FileNotFoundError):
            store.delete(key)

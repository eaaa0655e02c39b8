"""Where pictures are kept: by names made of their content, written once and never changed."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, MemoryStore

Store = LocalStore | MemoryStore

_KEY = re.compile(r"[0-9a-f]{64}\.(jpg|png|webp|avif)")


def open_store(root: Path) -> LocalStore:
    """Pictures in a folder, which is made where it is missing."""
    return LocalStore(root, mkdir=True)


def is_image_key(key: str) -> bool:
    """Whether this is a name that we would give. Nothing else is ever looked for."""
    return _KEY.fullmatch(key) is not None


def write_image(store: Store, key: str, data: bytes) -> None:
    """Keeps the bytes under their name. Where the name is there already, so are the bytes."""
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

"""How a picture's file is called beside a sheet: by its product and its place, the same after an import."""

from __future__ import annotations

import hashlib

_LONGEST = 120


def picture_name(slug: str, number: int, image_key: str) -> str:
    """File systems take 255 bytes: of a long slug, the beginning and a mark of the whole."""
    stem = slug
    if len(slug.encode()) > _LONGEST:
        mark = hashlib.sha256(slug.encode()).hexdigest()[:10]
        stem = f"{slug.encode()[:_LONGEST].decode(errors='ignore')}-{mark}"
    return f"{stem}-{number}.{image_key.rpartition('.')[2]}"

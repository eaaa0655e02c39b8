"""Makes of a file all that is stored of it: a clean copy, every rendition, and a tiny picture to show meanwhile.

Takes a second of a processor for a photograph, and no database: done beforehand, in threads, a few at once.
"""

from __future__ import annotations

import hashlib
import io
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

from PIL import Image, ImageFilter

from media.decode import read_picture
from media.recipes import Recipe, Use, content_type_of, recipe_for, widths_made

PLACEHOLDER_SIZE = (16, 16)

_CLEAN_COPY = {"jpg": {"quality": 90}, "png": {}}
_RENDITION = {
    "webp": {"quality": 80, "method": 4},
    "jpg": {"quality": 82, "progressive": True, "optimize": True},
    "png": {},
    # Slower makes little smaller; one thread, because several pictures are made side by side.
    "avif": {"quality": 60, "speed": 8, "max_threads": 1},
}
_NAMES = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "avif": "AVIF"}


@dataclass(frozen=True, slots=True)
class StoredImage:
    """`key` names the clean copy, whose `width`, `height` and `size` in bytes these are; see `media.recipes`.

    `placeholder` is a data address of a tiny blurred copy.
    """

    key: str
    content_type: str
    width: int
    height: int
    size: int
    placeholder: str | None


@dataclass(frozen=True, slots=True)
class MadeImage(StoredImage):
    """A picture that is ready to be stored: its files by their names, the clean copy first."""

    files: Mapping[str, bytes] = field(repr=False, compare=False)


def content_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def check_image(data: bytes, use: Use = Use.PRODUCT, *, avif: bool = False) -> StoredImage:
    """What a file would be stored as, with nothing made but the clean copy.

    Raises:
        Refused: see `read_picture`.
    """
    return _facts(data, recipe_for(use, avif=avif))[0]


def make_image(data: bytes, use: Use = Use.PRODUCT, *, avif: bool = False) -> MadeImage:
    """The clean copy of a file and all its renditions.

    Raises:
        Refused: see `read_picture`.
    """
    recipe = recipe_for(use, avif=avif)
    image, clean, copy = _facts(data, recipe)
    stem, _, fallback = image.key.rpartition(".")
    files = {image.key: copy}
    for width in widths_made(recipe, clean.width):
        size = (width, max(1, round(clean.height * width / clean.width)))
        scaled = clean.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0) if width < clean.width else clean
        for kind in ("webp", fallback, *(["avif"] if recipe.avif else [])):
            files[f"{stem}-{width}.{kind}"] = _encoded(scaled, kind, _RENDITION[kind])
    return MadeImage(
        image.key, image.content_type, image.width, image.height, image.size, image.placeholder, files=files
    )


def _facts(data: bytes, recipe: Recipe) -> tuple[StoredImage, Image.Image, bytes]:
    clean = read_picture(data, recipe)
    extension = "png" if clean.mode == "RGBA" else "jpg"
    copy = _encoded(clean, extension, _CLEAN_COPY[extension])
    key = f"{content_hash(data)}-{recipe.name}.{extension}"
    image = StoredImage(key, content_type_of(key), clean.width, clean.height, len(copy), _placeholder(clean))
    return image, clean, copy


def _encoded(picture: Image.Image, kind: str, options: Mapping[str, object]) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, _NAMES[kind], **options)
    return buffer.getvalue()


def _placeholder(picture: Image.Image) -> str:
    small = picture.copy() if max(picture.size) <= PLACEHOLDER_SIZE[0] else picture
    if small is picture:
        scale = PLACEHOLDER_SIZE[0] / max(picture.size)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        small = picture.resize(size, Image.Resampling.BOX)
    blurred = small.filter(ImageFilter.GaussianBlur(0.7))
    return f"data:image/webp;base64,{b64encode(_encoded(blurred, 'webp', {'quality': 40})).decode()}"

"""What is taken for a picture, and how it is stored. The content decides, never a name."""

from __future__ import annotations

import hashlib
import io
import warnings
from base64 import b64encode
from dataclasses import asdict, dataclass
from datetime import datetime

from PIL import Image, ImageOps

from kernel.database import Transaction, insert_new, table_of
from kernel.refusals import InvalidInput, Refused, invalid
from media.storage import Store, write_image
from media.tables import ImageRow

MAX_BYTES = 10 * 2**20
MAX_PIXELS = 50_000_000

FORMATS = {
    "JPEG": ("jpg", "image/jpeg"),
    "PNG": ("png", "image/png"),
    "WEBP": ("webp", "image/webp"),
    "AVIF": ("avif", "image/avif"),
}
PLACEHOLDER_SIZE = (16, 16)

# A picture that Pillow itself finds suspiciously large is none that we open.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

images_t = table_of(ImageRow)


@dataclass(frozen=True, slots=True)
class StoredImage:
    """`key` names it by its content. Width and height are those that people see, the picture being turned upright.

    `placeholder` is a data address of a tiny copy.
    """

    key: str
    content_type: str
    width: int
    height: int
    size: int
    placeholder: str | None


def check_image(data: bytes) -> StoredImage:
    """Opens a picture and says what it will be stored as. Takes a while, and no database: best done beforehand.

    Raises:
        Refused: empty, over 10 MB, over 50 million pixels, not JPEG, PNG, WebP or AVIF, or broken; path `file`.
    """
    if len(data) > MAX_BYTES:
        raise Refused(_refusal("too_large"))
    try:
        picture = Image.open(io.BytesIO(data), formats=list(FORMATS))
        if picture.width * picture.height > MAX_PIXELS:
            raise Refused(_refusal("too_large"))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        placeholder = _placeholder(upright)
    except Refused:
        raise
    except Exception as error:
        # What a decoder raises over hostile bytes is anything at all: the file is at fault, whatever it was.
        raise Refused(_refusal("bad_picture")) from error
    extension, content_type = FORMATS[picture.format or ""]
    return StoredImage(
        key=f"{hashlib.sha256(data).hexdigest()}.{extension}",
        content_type=content_type,
        width=upright.width,
        height=upright.height,
        size=len(data),
        placeholder=placeholder,
    )


def keep_image(tx: Transaction, store: Store, data: bytes, image: StoredImage, now: datetime) -> StoredImage:
    """Stores what `check_image` has seen; the same picture again is the same one. Inside the caller's transaction.

    The bytes come first: a row that is undone leaves a file that nobody names, never a name without a file.
    """
    if not image.key.startswith(hashlib.sha256(data).hexdigest()):
        raise ValueError("not the bytes that were checked")
    write_image(store, image.key, data)
    insert_new(tx, images_t, {**asdict(image), "created_at": now})
    return image


def _placeholder(picture: Image.Image) -> str:
    small = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    small.thumbnail(PLACEHOLDER_SIZE)
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=40)
    return f"data:image/webp;base64,{b64encode(buffer.getvalue()).decode()}"


def _refusal(reason: str) -> InvalidInput:
    return invalid(("file",), reason)

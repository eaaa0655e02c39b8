"""From the bytes that were sent to a picture that is upright, in sRGB, and nothing but its pixels.

The content decides what it is, never a name. What is too large is refused by its head, before it is unpacked.
"""

from __future__ import annotations

import io
import warnings
from functools import cache

from PIL import Image, ImageCms, ImageOps

from kernel.refusals import Refused, invalid
from media.recipes import Recipe

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")

# A progressive JPEG has about ten scans. Thousands of empty ones take minutes to read and hardly a byte to send.
MOST_SCANS = 200

_ORIENTATION = 0x0112

# A picture that Pillow itself finds suspiciously large is none that we open.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


def open_picture(data: bytes, recipe: Recipe) -> Image.Image:
    """The picture with its head read and nothing unpacked.

    Raises:
        Refused: empty, too many bytes or pixels, moving, or not JPEG, PNG, WebP or AVIF; path `file`.
    """
    if not data:
        raise _refused("empty_file")
    if len(data) > recipe.most_bytes:
        raise _refused("file_too_large", most=recipe.most_bytes // 2**20)
    if not _looks_known(data):
        raise _refused("unknown_picture_kind")
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
        # Phones append a second picture to a JPEG for depth or brightness: the first is the one that was taken.
        frames = 1 if picture.format == "MPO" else getattr(picture, "n_frames", 1)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_many_pixels(recipe) from error
    except Exception as error:
        # What a decoder raises over hostile bytes is anything at all: the file is at fault, whatever it was.
        raise _refused("bad_picture") from error
    if picture.width * picture.height > recipe.most_pixels:
        raise _too_many_pixels(recipe)
    if frames > 1:
        raise _refused("moving_picture")
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > MOST_SCANS:
        raise _refused("bad_picture")
    return picture


def read_picture(data: bytes, recipe: Recipe) -> Image.Image:
    """The picture as it is kept: RGB, or RGBA where something can be seen through, no larger than the recipe says.

    Raises:
        Refused: as `open_picture`, or the file is broken or incomplete; path `file`.
    """
    picture = open_picture(data, recipe)
    try:
        return _read(picture, recipe)
    except Exception as error:
        raise _refused("bad_picture") from error


def _read(picture: Image.Image, recipe: Recipe) -> Image.Image:
    profile = picture.info.get("icc_profile")
    turn = _turn_of(picture)
    # A JPEG can be unpacked at a half, a quarter or an eighth: most of a large photograph never is.
    wanted = _swapped(_size(_swapped(picture.size, turn), recipe), turn)
    picture.draft(None, wanted)
    picture.load()
    if turn:
        ImageOps.exif_transpose(picture, in_place=True)
    plain = _plain(picture)
    if recipe.square:
        plain = _middle(plain)
    size = _size(plain.size, recipe)
    if plain.size != size:
        plain = plain.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    colours, alpha = _apart(plain)
    # A new picture: pixels are carried over, and whatever else came along is not.
    clean = Image.new("RGB", size)
    clean.paste(_in_srgb(colours, profile))
    if alpha is not None:
        clean.putalpha(alpha)
    return clean


def _turn_of(picture: Image.Image) -> int:
    """How the picture has to be turned; 0 where it has not, or where what is said about it cannot be read."""
    try:
        turn = int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:
        return 0
    return turn if 2 <= turn <= 8 else 0


def _swapped(size: tuple[int, int], turn: int) -> tuple[int, int]:
    """Width and height for height and width, where the picture lies on its side."""
    return (size[1], size[0]) if turn >= 5 else size


def _size(size: tuple[int, int], recipe: Recipe) -> tuple[int, int]:
    """What a picture of this size is brought down to. A square is still to be cut out of it."""
    width, height = (min(size), min(size)) if recipe.square else size
    scale = min(1.0, recipe.most_width / width, recipe.most_height / height)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _plain(picture: Image.Image) -> Image.Image:
    """The same in a mode that can be scaled, and that profiles are made for. Copies nothing that need not be."""
    if picture.mode.startswith("I"):
        # Sixteen bits of grey: Pillow would cut off at 255 instead of dividing.
        return picture.point(lambda value: value * (1 / 257)).convert("L")
    grey = picture.mode in ("1", "L", "LA", "La")
    if picture.has_transparency_data:
        mode = "LA" if grey else "RGBA"
    else:
        mode = "L" if grey else "CMYK" if picture.mode == "CMYK" else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _apart(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """The colours, and what can be seen through; None where nothing can."""
    if picture.mode not in ("LA", "RGBA"):
        return picture, None
    alpha = picture.getchannel("A")
    colours = picture.getchannel("L") if picture.mode == "LA" else picture.convert("RGB")
    return colours, None if alpha.getextrema()[0] == 255 else alpha


def _middle(picture: Image.Image) -> Image.Image:
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    return picture.crop((left, top, left + side, top + side))


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, source, _srgb(), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            # A profile that is broken, or for another kind of picture: without it, the colours are nearly right.
            turned = None
        if turned is not None:
            return turned
    return picture.convert("RGB")


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _looks_known(data: bytes) -> bool:
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return True
    riff = data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    return riff or (data[4:8] == b"ftyp" and any(brand in data[8:64] for brand in (b"avif", b"avis", b"mif1")))


def _too_many_pixels(recipe: Recipe) -> Refused:
    return _refused("too_many_pixels", most=f"{recipe.most_pixels:,}")


def _refused(reason: str, **facts: object) -> Refused:
    return Refused(invalid(("file",), reason, **facts))

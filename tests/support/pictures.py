"""Pictures as they arrive: good ones of every kind, and files that nobody would want to open."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageDraw

from tests.support.catalog import picture

GPS_NOTE = b"31.2304N121.4737E"
"""Stands in everything that `tagged` says about a picture."""


def tagged(format: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture that says where it was taken: in EXIF, XMP, a comment and its colour profile, as its kind has them."""
    exif = Image.Exif()
    exif[0x010E] = GPS_NOTE.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[29] = GPS_NOTE.decode()
    more: dict[str, Any] = {"exif": exif, "icc_profile": profile() + GPS_NOTE}
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + GPS_NOTE + b"</x:xmpmeta>"
    if format in ("JPEG", "WEBP", "AVIF"):
        more["xmp"] = xmp
    if format == "JPEG":
        more["comment"] = GPS_NOTE
    if format == "PNG":
        more["pnginfo"] = _png_notes()
    return encoded(Image.new("RGB", size, "teal"), format, **more)


def _png_notes() -> Any:
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Comment", GPS_NOTE.decode())
    notes.add_itxt("XML:com.adobe.xmp", GPS_NOTE.decode())
    return notes


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def encoded(image: Image.Image, format: str, **more: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, format, **more)
    return buffer.getvalue()


def photograph(size: tuple[int, int] = (2000, 1500), format: str = "JPEG") -> bytes:
    """A picture with something to see in it: one colour alone would compress to nothing."""
    slope = Image.linear_gradient("L").resize(size)
    image = Image.merge("RGB", (slope, slope.rotate(180), Image.radial_gradient("L").resize(size)))
    ImageDraw.Draw(image).ellipse((size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2), fill="orange")
    return encoded(image, format)


def moving(format: str) -> bytes:
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue")]
    return encoded(frames[0], format, save_all=True, append_images=frames[1:])


def claiming(size: tuple[int, int]) -> bytes:
    """A PNG whose head says that it is this large; there is next to nothing in it."""
    head = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def many_scans(count: int = 5000) -> bytes:
    """A progressive JPEG with a scan repeated until reading it takes minutes."""
    data = encoded(Image.new("RGB", (64, 64), "red"), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + data[-2:]


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty_file"),
    "text": (b"not a picture", "unknown_picture_kind"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "unknown_picture_kind"),
    "html": (b"<html><script>alert(1)</script></html>", "unknown_picture_kind"),
    "pdf": (b"%PDF-1.7\n", "unknown_picture_kind"),
    "gif": (picture(format="GIF"), "unknown_picture_kind"),
    "moving gif": (moving("GIF"), "unknown_picture_kind"),
    "bmp": (picture(format="BMP"), "unknown_picture_kind"),
    "tiff": (picture(format="TIFF"), "unknown_picture_kind"),
    "html before a jpeg": (b"<script>alert(1)</script>" + picture(format="JPEG"), "unknown_picture_kind"),
    "moving webp": (moving("WEBP"), "moving_picture"),
    "moving png": (moving("PNG"), "moving_picture"),
    "moving avif": (moving("AVIF"), "moving_picture"),
    "cut png": (photograph((300, 200), "PNG")[:-300], "bad_picture"),
    "cut jpeg": (photograph((300, 200), "JPEG")[:-2000], "bad_picture"),
    "cut webp": (photograph((300, 200), "WEBP")[:-200], "bad_picture"),
    "cut avif": (photograph((300, 200), "AVIF")[:-200], "bad_picture"),
    "head of a png": (b"\x89PNG\r\n\x1a\n", "bad_picture"),
    "head of a jpeg": (b"\xff\xd8\xff\xe0", "bad_picture"),
    "head of a webp": (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "bad_picture"),
    "head of an avif": (b"\x00\x00\x00\x20ftypavif\x00\x00\x00\x00avif", "bad_picture"),
    "png of nothing": (claiming((400, 400)), "bad_picture"),
    "bomb": (claiming((30_000, 30_000)), "too_many_pixels"),
    "small bomb": (claiming((7_100, 7_100)), "too_many_pixels"),
    "jpeg of many scans": (many_scans(), "bad_picture"),
    "10 MB and a byte": (picture(format="JPEG") + b"\0" * (10 * 2**20), "file_too_large"),
    "100 MB": (picture(format="JPEG") + bytes(100 * 2**20), "file_too_large"),
}
"""Files that are refused, and why."""

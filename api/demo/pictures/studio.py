"""Puts a sketch on its ground, with light and shadow, and makes the file that is stored."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageChops, ImageFilter

from api.demo.pictures.sketch import FINE, SIZE, Sketch, shade

_SMALL = SIZE // 4
"""Soft things are worked out small: nobody sees the difference, and it takes a sixteenth of the time."""


def photograph(sketch: Sketch, ground: tuple[str, str]) -> bytes:
    """The finished picture as JPEG. `ground` is its colour above and below."""
    thing = sketch.image.reduce(FINE)
    outline = thing.getchannel("A")
    picture = _ground(*ground).copy()
    for drop, blur, strength in ((34, 9.0, 0.30), (8, 2.0, 0.22)):
        shadow = _shadow(outline, drop, blur).point([round(i * strength) for i in range(256)])
        picture.paste(shade(ground[1], -0.75), (0, 0, SIZE, SIZE), shadow)
    picture.paste(thing, mask=outline)
    light, dark = _light()
    picture.paste("#ffffff", (0, 0, SIZE, SIZE), ImageChops.multiply(outline, light))
    picture.paste("#10101c", (0, 0, SIZE, SIZE), ImageChops.multiply(outline, dark))
    buffer = io.BytesIO()
    # All that is shown is made of this: quick to write, quick to read, and nothing to be seen of it.
    picture.save(buffer, "JPEG", quality=95, subsampling=0)
    return buffer.getvalue()


@cache
def _ground(above: str, below: str) -> Image.Image:
    """Two colours running into each other, brighter in the middle."""
    slope = Image.linear_gradient("L").resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    ground = Image.composite(Image.new("RGB", slope.size, below), Image.new("RGB", slope.size, above), slope)
    spot = ImageChops.invert(Image.radial_gradient("L")).resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    ground.paste("#ffffff", (0, 0, SIZE, SIZE), spot.point([round(i * 0.55) for i in range(256)]))
    return ground


@cache
def _light() -> tuple[Image.Image, Image.Image]:
    """How much light falls on a thing, and how much shade lies on it, from the upper left to the lower right."""
    slope = Image.linear_gradient("L").resize((SIZE * 2, SIZE * 2), Image.Resampling.BICUBIC)
    middle = SIZE // 2
    slope = slope.rotate(35, Image.Resampling.BICUBIC).crop((middle, middle, middle + SIZE, middle + SIZE))
    light = slope.point([max(0, round((118 - i) * 0.62)) for i in range(256)])
    dark = slope.point([max(0, round((i - 128) * 0.50)) for i in range(256)])
    return light, dark


def _shadow(outline: Image.Image, drop: int, blur: float) -> Image.Image:
    """The outline, fallen by `drop` pixels and blurred."""
    fallen = Image.new("L", (SIZE, SIZE))
    fallen.paste(outline, (drop // 3, drop))
    small = fallen.resize((_SMALL, _SMALL), Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(blur))
    return small.resize((SIZE, SIZE), Image.Resampling.BICUBIC)

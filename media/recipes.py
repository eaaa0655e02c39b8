"""Which sizes and kinds of a picture are made, how their files are named, and which one answers a request.

A key tells all of it: `<hash of the file that was sent>-<recipe>.<jpg|png>` is the clean copy, and beside it lie
`<hash>-<recipe>-<width>.<kind>`. So lists of goods know every address from a picture's key and width alone. What a
recipe's name stands for never changes; other sizes get another name. Keys without a recipe are older than this, and
have nothing beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """What a client asks for. JPEG is for those that read nothing newer: PNG, where the picture is transparent."""

    WEBP = "WEBP"
    JPEG = "JPEG"
    AVIF = "AVIF"


class Use(StrEnum):
    """What a picture is for."""

    PRODUCT = "PRODUCT"
    AVATAR = "AVATAR"


@dataclass(frozen=True, slots=True)
class Recipe:
    """`widths` are in pixels, rising; none is made that is wider than the picture. `most_width` and `most_height`
    bound the clean copy, which is never enlarged. `square`: the middle is cut out. `most_bytes` and `most_pixels`
    bound what is taken."""

    name: str
    widths: tuple[int, ...]
    most_width: int
    most_height: int
    most_bytes: int
    most_pixels: int
    square: bool = False
    avif: bool = False


# WebP ends at 16,383 pixels; the pictures that describe goods in this trade are long rolls.
MOST_HEIGHT = 16_383

_GOODS = (200, 400, 800, 1600), 3200, MOST_HEIGHT, 10 * 2**20, 50_000_000
_FACES = (100, 200, 400), 400, 400, 5 * 2**20, 25_000_000

RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe("p1", *_GOODS),
        Recipe("p2", *_GOODS, avif=True),
        Recipe("a1", *_FACES, square=True),
        Recipe("a2", *_FACES, square=True, avif=True),
    )
}

_KEY = re.compile(r"[0-9a-f]{64}(-(?P<recipe>[a-z][0-9])(-[1-9][0-9]{0,4})?)?\.(jpg|png|webp|avif)", re.ASCII)

CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}


def recipe_for(use: Use, *, avif: bool) -> Recipe:
    letter = "p" if use is Use.PRODUCT else "a"
    return RECIPES[f"{letter}{2 if avif else 1}"]


def is_image_key(key: str) -> bool:
    """Whether this is a name that we would give. Nothing else is ever looked for."""
    return _KEY.fullmatch(key) is not None


def content_type_of(key: str) -> str:
    return CONTENT_TYPES[key.rpartition(".")[2]]


def widths_made(recipe: Recipe, width: int) -> tuple[int, ...]:
    """The widths in which a picture of this width is made, rising; the last is its own, or the recipe's widest."""
    widest = min(width, recipe.widths[-1])
    return (*(each for each in recipe.widths if each < widest), widest)


def file_names(key: str, width: int) -> list[str]:
    """Every file of a picture: the clean copy, then all that was made of it."""
    stem, recipe, fallback = _parts(key)
    if recipe is None:
        return [key]
    kinds = ["webp", fallback, *(["avif"] if recipe.avif else [])]
    return [key, *(f"{stem}-{each}.{kind}" for each in widths_made(recipe, width) for kind in kinds)]


def pick(key: str, width: int, wanted: int | None = None, format: Format = Format.WEBP) -> str:
    """The file to show: the narrowest that is not narrower than `wanted`, else the widest there is.

    `width` is the picture's own. A format that was not made is answered with WebP, which always was.
    """
    stem, recipe, fallback = _parts(key)
    if recipe is None:
        return key
    made = widths_made(recipe, width)
    chosen = made[-1] if wanted is None else next((each for each in made if each >= wanted), made[-1])
    if format is Format.JPEG:
        return f"{stem}-{chosen}.{fallback}"
    return f"{stem}-{chosen}.{'avif' if format is Format.AVIF and recipe.avif else 'webp'}"


def _parts(key: str) -> tuple[str, Recipe | None, str]:
    stem, _, extension = key.rpartition(".")
    return stem, RECIPES.get(stem.partition("-")[2]), extension

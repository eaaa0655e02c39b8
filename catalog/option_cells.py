"""Options and attributes as cells of our own form: "Colour: red, blue | Size: M, L", "Fabric: cotton | From: Wuxi"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.cells import apart, joined
from catalog.details import Attribute, AttributeTranslation, Option


class NotAPair(ValueError):
    """A part of the cell is no name with what belongs to it."""


def read_option_cell(cell: str) -> list[Option]:
    """Options without values have those that their variants name.

    Raises:
        NotAPair: more than one colon in a part.
    """
    options: list[Option] = []
    for part in apart(cell, "|"):
        pair = apart(part, ":")
        if len(pair) not in (1, 2):
            raise NotAPair
        options.append(Option(pair[0], tuple(apart(pair[1], ",")) if len(pair) == 2 else ()))
    return options


def option_cell(options: Sequence[Mapping[str, Any]] | None) -> str:
    """`options` as a product keeps them."""
    return joined((joined((each["name"], joined(each["values"], ",")), ":") for each in options or ()), "|")


def read_attribute_cells(cell: str, worded: Mapping[str, str]) -> list[Attribute]:
    """`worded` has the cells by locale, each with a part for every attribute, blank where there is no translation.

    Raises:
        NotAPair: a part is no name and value, or a language has more parts than there are attributes.
    """
    pairs = [_pair(part) for part in apart(cell, "|")]
    translations: list[list[AttributeTranslation]] = [[] for _ in pairs]
    for locale, other in worded.items():
        parts = apart(other, "|")
        if parts and len(parts) != len(pairs):
            raise NotAPair
        for part, found in zip(parts, translations, strict=False):
            if part:
                found.append(AttributeTranslation(locale, *_pair(part)))
    return [Attribute(*pair, tuple(found)) for pair, found in zip(pairs, translations, strict=True)]


def attribute_cell(attributes: Sequence[Mapping[str, Any]] | None, locale: str | None = None) -> str:
    """The cell, in a language where one is named; blank where nothing is said in it."""
    found: list[str] = []
    for attribute in attributes or ():
        said = [attribute] if locale is None else [t for t in attribute["translations"] if t["locale"] == locale]
        found.append(joined((said[0]["name"], said[0]["value"]), ":") if said else "")
    return joined(found, "|") if any(found) else ""


def _pair(part: str) -> tuple[str, str]:
    pair = apart(part, ":")
    if len(pair) != 2:
        raise NotAPair
    return pair[0], pair[1]

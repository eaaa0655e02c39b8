"""Options and attributes of a product: read from what is wanted, checked, and kept as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.checks import MAX_TRANSLATIONS, read_locale
from kernel.refusals import Path, Refusals, invalid
from kernel.texts import MAX_NAME, read_text

MAX_OPTIONS = 5
MAX_VALUES = 50
MAX_ATTRIBUTES = 50


@dataclass(frozen=True, slots=True)
class Option:
    """What variants differ by, such as a size, and the choices there are."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttributeTranslation:
    locale: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """What else there is to say of a product, such as what it is made of."""

    name: str
    value: str
    translations: tuple[AttributeTranslation, ...] = ()


def read_options(refusals: Refusals, options: Sequence[Option]) -> list[dict[str, Any]] | None:
    """Each name once, each value once in its option; None where there are none."""
    path: Path = ("options",)
    if len(options) > MAX_OPTIONS:
        refusals.add(invalid(path, "too_many", most=MAX_OPTIONS))
        return None
    found: list[dict[str, Any]] = []
    for i, option in enumerate(options):
        at = (*path, str(i))
        name = read_text(refusals, (*at, "name"), option.name, needed=True)
        if any(other["name"] == name for other in found):
            refusals.add(invalid((*at, "name"), "repeated"))
        if not option.values:
            refusals.add(invalid((*at, "values"), "empty"))
        if len(option.values) > MAX_VALUES:
            refusals.add(invalid((*at, "values"), "too_many", most=MAX_VALUES))
            continue
        values: list[str] = []
        for j, value in enumerate(option.values):
            read = read_text(refusals, (*at, "values", str(j)), value, needed=True)
            if read in values:
                refusals.add(invalid((*at, "values", str(j)), "repeated"))
            values.append(read)
        found.append({"name": name, "values": values})
    return found or None


def read_option_values(
    refusals: Refusals, path: Path, values: Sequence[str], options: Sequence[Mapping[str, Any]] | None
) -> list[str] | None:
    """One choice of each of the product's options, in their order; None where nothing is chosen."""
    if not values:
        return None
    if len(values) != len(options or ()):
        refusals.add(invalid(path, "one_for_each_option", options=len(options or ())))
        return None
    read = [read_text(refusals, (*path, str(i)), value, needed=True) for i, value in enumerate(values)]
    for i, (value, option) in enumerate(zip(read, options or (), strict=True)):
        if value not in option["values"]:
            refusals.add(invalid((*path, str(i)), "not_one_of", choices=", ".join(option["values"])))
    return read


def read_attributes(refusals: Refusals, attributes: Sequence[Attribute]) -> list[dict[str, Any]] | None:
    """Each name once; None where there are none."""
    path: Path = ("attributes",)
    if len(attributes) > MAX_ATTRIBUTES:
        refusals.add(invalid(path, "too_many", most=MAX_ATTRIBUTES))
        return None
    found: list[dict[str, Any]] = []
    for i, attribute in enumerate(attributes):
        at = (*path, str(i))
        name = read_text(refusals, (*at, "name"), attribute.name, needed=True)
        if any(other["name"] == name for other in found):
            refusals.add(invalid((*at, "name"), "repeated"))
        value = read_text(refusals, (*at, "value"), attribute.value, most=MAX_NAME, needed=True)
        translations = _translations(refusals, (*at, "translations"), attribute.translations)
        found.append({"name": name, "value": value, "translations": translations})
    return found or None


def _translations(refusals: Refusals, path: Path, translations: Sequence[AttributeTranslation]) -> list[dict[str, str]]:
    if len(translations) > MAX_TRANSLATIONS:
        refusals.add(invalid(path, "too_many", most=MAX_TRANSLATIONS))
        return []
    found: dict[str, dict[str, str]] = {}
    for i, each in enumerate(translations):
        locale = read_locale(refusals, (*path, str(i), "locale"), each.locale)
        if locale in found:
            refusals.add(invalid((*path, str(i), "locale"), "repeated"))
        found[locale] = {
            "locale": locale,
            "name": read_text(refusals, (*path, str(i), "name"), each.name, needed=True),
            "value": read_text(refusals, (*path, str(i), "value"), each.value, needed=True),
        }
    return list(found.values())

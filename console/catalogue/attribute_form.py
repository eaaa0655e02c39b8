"""The rows for a product's attributes: name and value by default and in each language, some empty ones for more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.datastructures import FormData

from catalog.details import MAX_ATTRIBUTES, Attribute, AttributeTranslation
from console.forms import text_of
from kernel.refusals import Refusal
from schema.locale import LOCALES

SPARE_ROWS = 3

_PAIR = ("name", "value")
CELLS = (*_PAIR, *(f"translations.{locale}.{cell}" for locale in LOCALES for cell in _PAIR))


@dataclass(frozen=True)
class AttributeRow:
    """What a row says, by cell. `was`: the name by which its attribute is known; "" for a new one."""

    was: str = ""
    cells: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(CELLS, ""))

    @property
    def blank(self) -> bool:
        return not any(self.cells.values())

    def words(self, locale: str) -> tuple[str, str]:
        return self.cells[f"translations.{locale}.name"], self.cells[f"translations.{locale}.value"]


def rows_of(attributes: Sequence[Mapping[str, Any]]) -> list[AttributeRow]:
    """The rows of what is there, then empty ones."""
    rows: list[AttributeRow] = []
    for each in attributes:
        cells = {**dict.fromkeys(CELLS, ""), "name": each["name"], "value": each["value"]}
        for words in each.get("translations") or ():
            if words["locale"] in LOCALES:
                cells |= {f"translations.{words['locale']}.{cell}": words[cell] for cell in _PAIR}
        rows.append(AttributeRow(each["name"], cells))
    return [*rows, *_spare(len(rows))]


def sent_rows(form: FormData) -> list[AttributeRow]:
    """The rows as they were sent."""
    rows: list[AttributeRow] = []
    while f"attributes.{len(rows)}.name" in form:
        at = f"attributes.{len(rows)}"
        rows.append(AttributeRow(text_of(form, f"{at}.was"), {cell: text_of(form, f"{at}.{cell}") for cell in CELLS}))
    return rows


def _spare(there: int) -> list[AttributeRow]:
    return [AttributeRow()] * min(SPARE_ROWS, max(0, MAX_ATTRIBUTES - there))


def fields_of(rows: Sequence[AttributeRow]) -> list[str]:
    """The names of all their fields, for errors to stand beside."""
    return [f"attributes.{i}.{cell}" for i in range(len(rows)) for cell in CELLS]


def read_rows(rows: Sequence[AttributeRow], there: Sequence[Mapping[str, Any]]) -> tuple[Attribute, ...]:
    """What the rows ask for. A blank one asks for nothing; words in languages that no row shows stay as they are."""
    known = {_in_one_line(each["name"]): each for each in there}
    return tuple(_read(row, known.get(_in_one_line(row.was))) for row in rows if not row.blank)


def _read(row: AttributeRow, old: Mapping[str, Any] | None) -> Attribute:
    worded: Mapping[str, Mapping[str, str]] = {
        each["locale"]: each for each in (old.get("translations") or () if old else ())
    }
    found: list[AttributeTranslation] = []
    for locale in LOCALES:
        name, value = row.words(locale)
        if name or value:
            before = worded.get(locale)
            found.append(
                AttributeTranslation(locale, _as_it_was(name, before, "name"), _as_it_was(value, before, "value"))
            )
    others = [each for locale, each in worded.items() if locale not in LOCALES]
    return Attribute(
        _as_it_was(row.cells["name"], old, "name"),
        _as_it_was(row.cells["value"], old, "value"),
        (*found, *(AttributeTranslation(each["locale"], each["name"], each["value"]) for each in others)),
    )


def _as_it_was(typed: str, old: Mapping[str, Any] | None, cell: str) -> str:
    """A browser takes the ends of lines out of a field: that alone is no change."""
    return old[cell] if old is not None and _in_one_line(typed) == _in_one_line(old[cell]) else typed


def _in_one_line(text: str) -> str:
    return text.replace("\r", "").replace("\n", "").strip()


def by_row(rows: Sequence[AttributeRow], refusal: Refusal) -> Refusal:
    """The verb counts attributes and their translations; the form counts its rows, and names languages."""
    path = refusal.path
    named = [i for i, row in enumerate(rows) if not row.blank]
    if len(path) < 2 or path[0] != "attributes" or int(path[1]) >= len(named):
        return refusal
    at = named[int(path[1])]
    rest = path[2:]
    if len(rest) > 1 and rest[0] == "translations":
        written = [locale for locale in LOCALES if any(rows[at].words(locale))]
        if int(rest[1]) < len(written):
            rest = ("translations", written[int(rest[1])], *rest[2:])
    return replace(refusal, path=("attributes", str(at), *rest))

"""Which way a sheet is laid out, and who reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from catalog.imports.drafts import Drafts
from catalog.imports.own_form import read_own_form
from catalog.imports.report import Problem
from catalog.imports.sheet import Row, Sheet, read_sheet
from catalog.imports.shopify import read_shopify, shopify_name
from catalog.imports.vendure import read_vendure
from catalog.sheet_columns import usual_name


class SheetFormat(StrEnum):
    AUTO = "auto"
    JIFEN = "jifen"
    VENDURE = "vendure"
    SHOPIFY = "shopify"


@dataclass(frozen=True, slots=True)
class _Reader:
    read: Callable[[Sheet, ZoneInfo, list[Problem]], Drafts]
    named: Callable[[str], str] = lambda column: column


_READERS = {
    SheetFormat.JIFEN: _Reader(read_own_form, usual_name),
    SheetFormat.VENDURE: _Reader(read_vendure),
    SheetFormat.SHOPIFY: _Reader(read_shopify, shopify_name),
}


@dataclass(frozen=True, slots=True)
class Read:
    """`headings` are those of the file by the names that its reader gives them. Not `usable`: it is no sheet of goods,
    whatever its rows say."""

    drafts: Drafts
    format: SheetFormat
    encoding: str
    rows: int
    headings: Mapping[str, str] = field(default_factory=dict[str, str])
    usable: bool = True


def read_drafts(data: bytes, format: SheetFormat, zone: ZoneInfo, problems: list[Problem]) -> Read:
    """What the file says; what is wrong with it is told."""
    plain = read_sheet(data, problems)
    if plain is None:
        return Read(Drafts(), format, "", 0, usable=False)
    if not plain.rows:
        problems.append(Problem(plain.heading_line, None, "no_rows" if plain.columns else "empty_file"))
        return Read(Drafts(), format, plain.encoding, 0, usable=False)
    if format is SheetFormat.AUTO:
        format = told_apart(plain.columns)
    reader = _READERS[format]
    headings: dict[str, str] = {}
    for heading in plain.columns:
        name = reader.named(heading) if heading else heading
        if name and headings.setdefault(name, heading) != heading:
            # In two languages, or as it was headed before and is now.
            problems.append(Problem(plain.heading_line, heading, "repeated"))
    if problems and any(problem.reason == "repeated" for problem in problems):
        return Read(Drafts(), format, plain.encoding, len(plain.rows), headings, usable=False)
    rows = [Row(row.line, {reader.named(column): cell for column, cell in row.cells.items()}) for row in plain.rows]
    sheet = Sheet(tuple(headings), rows, plain.heading_line, plain.encoding)
    drafts = reader.read(sheet, zone, problems)
    usable = bool(drafts.products or drafts.categories) or any(each.line != sheet.heading_line for each in problems)
    return Read(drafts, format, plain.encoding, len(rows), headings, usable)


def told_apart(columns: tuple[str, ...]) -> SheetFormat:
    """By columns that only one of them has. What nobody knows is read as our own, which tells what is unknown."""
    there = {column.casefold() for column in columns}
    if there & {"handle", "url handle"} and "title" in there:
        return SheetFormat.SHOPIFY
    if {"optionvalues", "stockonhand"} & there and "sku" in there:
        return SheetFormat.VENDURE
    return SheetFormat.JIFEN

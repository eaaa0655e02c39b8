"""Writes an export into files, of the kind that is wanted: as many sheets as it takes for each to be imported again."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

from catalog.exports.catalog_rows import CatalogExport
from catalog.exports.csv_sheet import csv_parts
from catalog.exports.parts import ROOM, Cells, Room, in_parts
from catalog.exports.xlsx_sheet import write_xlsx


def write_sheet(file: IO[bytes], columns: Sequence[str], rows: Iterable[Cells], *, workbook: bool) -> None:
    if workbook:
        write_xlsx(file, columns, rows)
        return
    for part in csv_parts(columns, rows):
        file.write(part)


def write_sheets(path: Path, export: CatalogExport, *, workbook: bool, room: Room = ROOM) -> list[Path]:
    """One file at `path`, or, where that would be more than an import takes, several beside it: name-1, name-2."""
    written: list[Path] = []
    for rows in in_parts(export.rows, len(export.columns), workbook=workbook, room=room):
        if len(written) == 1:
            written = [path.rename(_numbered(path, 1))]
        part = _numbered(path, len(written) + 1) if written else path
        with part.open("wb") as file:
            write_sheet(file, export.columns, rows, workbook=workbook)
        written.append(part)
    return written


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}-{number}{path.suffix}")


def together(sheets: Sequence[Path]) -> Path:
    """The only sheet; or several, packed into a ZIP file in their place."""
    if len(sheets) == 1:
        return sheets[0]
    packed = sheets[0].with_name(f"{sheets[0].stem.rpartition('-')[0]}.zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for sheet in sheets:
            file.write(sheet, sheet.name)
            sheet.unlink()
    return packed

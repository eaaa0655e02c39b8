"""Writes an export into a file, of the kind that is wanted."""

from __future__ import annotations

from typing import IO

from catalog.exports.catalog_rows import CatalogExport
from catalog.exports.csv_sheet import csv_parts
from catalog.exports.xlsx_sheet import write_xlsx


def write_sheet(file: IO[bytes], export: CatalogExport, *, workbook: bool) -> None:
    if workbook:
        write_xlsx(file, export.columns, export.rows)
        return
    for part in csv_parts(export.columns, export.rows):
        file.write(part)

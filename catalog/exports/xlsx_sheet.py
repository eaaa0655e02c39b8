"""Writes rows as an XLSX workbook, row by row into a file. Texts stay texts; no cell can become a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from catalog.cells import guarded

_NUMBERS = frozenset(
    (
        *("price", "special_price", "offer_cash", "points_rate", "stock", "counted_stock", "low_stock_at"),
        *("offer_points", "offer_quota", "offer_per_member", "offer_daily", "offer_weekly", "offer_monthly"),
    )
)
_EXACT_DIGITS = 14
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
# What XML cannot hold, and what workbooks take for such a character.
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_WIDTHS = {"description": 40, "name": 28, "category": 24, "slug": 24, "sku": 16, "pictures": 24}


def write_xlsx(
    file: IO[bytes],
    columns: Sequence[str],
    rows: Iterable[Mapping[str, str]],
    *,
    notes: Sequence[Sequence[str]] = (),
    title: str = "catalogue",
) -> None:
    """`notes` fill a second sheet, for people: an import reads the first alone."""
    workbook = Workbook(write_only=True)
    sheet: Any = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    for at, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = _WIDTHS.get(column.partition(":")[0], 14)
    sheet.append([_heading(sheet, column) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, column, row.get(column, "")) for column in columns])
    if notes:
        beside: Any = workbook.create_sheet("help")
        for width, letter in ((22, "A"), (18, "B"), (40, "C"), (50, "D")):
            beside.column_dimensions[letter].width = width
        for note in notes:
            beside.append([_text(beside, text) for text in note])
    workbook.save(file)


def _heading(sheet: Any, column: str) -> Any:  # noqa: ANN401 - the library's own
    cell = WriteOnlyCell(sheet, column)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="EDF2F7")
    return cell


def _cell(sheet: Any, column: str, text: str) -> Any:  # noqa: ANN401
    if not text:
        return None
    if column in _NUMBERS and len(text) <= _EXACT_DIGITS and _NUMBER.fullmatch(text):
        return _amount(sheet, text) if "." in text else int(text)
    return _text(sheet, guarded(text))


def _amount(sheet: Any, text: str) -> Any:  # noqa: ANN401
    cell = WriteOnlyCell(sheet, float(text))
    cell.number_format = "0." + "0" * len(text.partition(".")[2])
    return cell


def _text(sheet: Any, text: str) -> Any:  # noqa: ANN401
    text = _ESCAPED.sub(lambda found: f"_x{ord(found.group()):04X}_", text)
    if text not in ERROR_CODES and not text.startswith("="):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell

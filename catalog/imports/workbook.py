"""Reads the first sheet of an XLSX workbook, having looked first at what it would unpack to. Computes no formula."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook

from catalog.imports import limits
from catalog.imports.report import Problem
from catalog.imports.workbook_scan import SPARE_ROWS, Scan, TooMuch, scan

_EXACT = 10**15
"""A spreadsheet keeps fifteen digits of a number; what had more of them has been rounded already."""


class NotAWorkbook(Exception):
    """The whole file cannot be read. `reason` names the sentence."""

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = tuple((name, str(value)) for name, value in facts.items())


def is_workbook(data: bytes) -> bool:
    """Whether it is packed as one; old and encrypted workbooks are another kind, which is told when it is read."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"))


def read_workbook(data: bytes, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet, each with its line.

    Raises:
        NotAWorkbook: it is none, or would unpack to more than we take.
    """
    try:
        packed, scanned = _looked_through(data)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(packed)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False, nrows=limits.MOST_ROWS + 2 + SPARE_ROWS)
    except TooMuch as error:
        raise NotAWorkbook(error.reason, most=f"{error.most:,}") from error
    # What a library raises over hostile bytes is anything at all: the file is at fault, whatever it was.
    except (CalamineError, zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError) as error:
        raise NotAWorkbook("not_a_workbook") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException" and not isinstance(error, Exception):
            raise
        raise NotAWorkbook("not_a_workbook") from error
    return _rows(rows, scanned, problems)


def _looked_through(data: bytes) -> tuple[bytes, Scan]:
    """The workbook's own XML, packed anew with what was really inside, and what its sheets hold.

    What a ZIP file says about its sizes can be a lie; what has been unpacked within bounds cannot.
    """
    packed = io.BytesIO()
    left, scanned = limits.MOST_UNPACKED, Scan()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as taken:
        if len(given.namelist()) > limits.MOST_PARTS:
            raise TooMuch("too_large", limits.MOST_PARTS)
        for part in given.infolist():
            if not part.filename.endswith((".xml", ".rels")):
                continue
            with given.open(part) as file:
                content = file.read(left + 1)
            left -= len(content)
            if left < 0:
                raise TooMuch("too_large", limits.MOST_UNPACKED)
            if part.filename.endswith(".xml"):
                scan(part.filename, content, scanned)
            taken.writestr(part.filename, content)
    scanned.check()
    return packed.getvalue(), scanned


def _rows(rows: Sequence[Sequence[object]], scanned: Scan, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    heading: list[str] = []
    for line, values in enumerate(rows, start=1):
        cells: list[str] = []
        for at, value in enumerate(values):
            column = heading[at] if at < len(heading) else None
            if isinstance(value, float) and abs(value) >= _EXACT:
                problems.append(Problem(line, column, "number_rounded"))
            elif value == "" and (line, at + 1) in scanned.formulas_without_value:
                problems.append(Problem(line, column, "formula_without_value"))
            cells.append(_text(value))
        if any(cells):
            heading = heading or cells
            yield line, cells


def _text(value: object) -> str:
    """What a cell shows, exactly: a number without the noise behind its fifteenth digit."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value.is_integer():
            return str(int(value))
        return f"{Decimal(format(value, '.15g')):f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)

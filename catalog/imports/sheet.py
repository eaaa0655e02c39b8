"""Reads a file into rows that know their line. Whatever the file holds, every line that is wrong is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog.cells import unguarded
from catalog.imports import limits
from catalog.imports.report import Problem
from catalog.imports.separated import read_separated
from catalog.imports.workbook import NotAWorkbook, is_workbook, read_workbook


@dataclass(frozen=True, slots=True)
class Row:
    """The cells by column, without the blanks around them. `line` is where the row begins in the file."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def blank(self) -> bool:
        return not any(self.cells.values())


@dataclass(frozen=True, slots=True)
class Sheet:
    """`columns` as the heading names them, on `heading_line`. `encoding` of a text; "xlsx" for a workbook."""

    columns: tuple[str, ...]
    rows: list[Row]
    heading_line: int
    encoding: str

    def needs(self, columns: Sequence[str], problems: list[Problem]) -> bool:
        """Whether all these columns are there; those that are not are told."""
        missing = [column for column in columns if column not in self.columns]
        problems.extend(Problem(self.heading_line, column, "missing") for column in missing)
        return not missing


Lines = Iterator[tuple[int, list[str]]]


def read_sheet(data: bytes, problems: list[Problem]) -> Sheet | None:
    """The rows below the heading. A row with too few or too many cells, or a cell too long, is told and left out.

    None, and a problem of the whole file, where it cannot be read at all.
    """
    if len(data) > limits.MOST_BYTES:
        problems.append(Problem(1, None, "file_too_large", (("most", str(limits.MOST_BYTES // 2**20)),)))
        return None
    lines, encoding = _lines(data, problems)
    if lines is None:
        return None
    line, heading = next(lines, (1, []))
    while heading and not heading[-1]:
        heading.pop()
    if len(heading) > limits.MOST_COLUMNS:
        problems.append(Problem(line, None, "too_many_columns", (("most", str(limits.MOST_COLUMNS)),)))
        return None
    twice = [column for column, count in Counter(heading).items() if column and count > 1]
    problems.extend(Problem(line, column, "repeated") for column in twice)
    if twice:
        return None
    sheet = Sheet(tuple(heading), [], line, encoding)
    for line, cells in lines:
        row = _row(line, cells, heading, problems, encoding)
        if row is None or row.blank:
            continue
        if len(sheet.rows) >= limits.MOST_ROWS:
            problems.append(Problem(line, None, "too_many_rows", (("most", f"{limits.MOST_ROWS:,}"),)))
            return None
        sheet.rows.append(row)
    return sheet


def _row(line: int, cells: list[str], heading: Sequence[str], problems: list[Problem], encoding: str) -> Row | None:
    if len(cells) != len(heading):
        extra = cells[len(heading) :]
        # A spreadsheet adds blank cells, or leaves them out, at the end of a line.
        if any(extra) or (len(cells) < len(heading) and encoding != "xlsx"):
            facts = (("found", str(len(cells))), ("expected", str(len(heading))))
            problems.append(Problem(line, None, "wrong_number_of_cells", facts))
            return None
        cells = [*cells[: len(heading)], *[""] * (len(heading) - len(cells))]
    wrong = [
        Problem(line, column, "too_long", (("most", str(limits.MOST_CHARACTERS)),))
        for column, cell in zip(heading, cells, strict=True)
        if len(cell) > limits.MOST_CHARACTERS
    ]
    problems.extend(wrong)
    return None if wrong else Row(line, dict(zip(heading, map(unguarded, cells), strict=True)))


def _lines(data: bytes, problems: list[Problem]) -> tuple[Lines | None, str]:
    if not is_workbook(data):
        return read_separated(data, problems)
    try:
        return read_workbook(data, problems), "xlsx"
    except NotAWorkbook as error:
        problems.append(Problem(1, None, error.reason, error.facts))
        return None, "xlsx"

"""Reads a CSV file into rows that know their line. Whatever the file holds, every line that is wrong is told."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog.imports.report import Problem


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


def read_sheet(data: bytes, needed: Sequence[str], problems: list[Problem]) -> list[Row]:
    """The rows below the heading. A row with too few or too many cells is told and left out."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(Problem(data.count(b"\n", 0, error.start) + 1, None, "not_utf8"))
        return []
    rows = _rows(text, problems)
    line, heading = next(rows, (1, []))
    for column in needed:
        if column not in heading:
            problems.append(Problem(line, column, "missing"))
    for column in {column for column in heading if column and heading.count(column) > 1}:
        problems.append(Problem(line, column, "repeated"))
    if problems:
        return []
    read: list[Row] = []
    for line, cells in rows:
        if len(cells) != len(heading):
            facts = (("found", str(len(cells))), ("expected", str(len(heading))))
            problems.append(Problem(line, None, "wrong_number_of_cells", facts))
            continue
        row = Row(line, dict(zip(heading, cells, strict=True)))
        if not row.blank:
            read.append(row)
    return read


def _rows(text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins; a cell may hold line breaks."""
    reader = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            problems.append(Problem(line, None, "not_csv"))
            continue
        if cells:
            yield line, [cell.strip() for cell in cells]

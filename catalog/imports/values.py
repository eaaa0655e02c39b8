"""Reads the cells of one row into values. What is wrong with a cell is told by line and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from catalog.cells import read_instant, read_number, read_whole, read_yes_or_no
from catalog.imports.report import Problem


@dataclass(slots=True)
class Values:
    """The cells of a row, or of several that speak of one thing; `lines` has the line of each that is not blank."""

    cells: Mapping[str, str]
    lines: Mapping[str, int]
    line: int
    zone: ZoneInfo
    problems: list[Problem]

    def has(self, column: str) -> bool:
        """Whether the file has the column at all."""
        return column in self.cells

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def wrong(self, column: str, reason: str, **facts: object) -> None:
        line = self.lines.get(column, self.line)
        self.problems.append(Problem(line, column, reason, tuple((name, str(value)) for name, value in facts.items())))

    def number(self, column: str) -> Decimal | None:
        cell = self[column]
        number = read_number(cell) if cell else None
        if cell and number is None:
            self.wrong(column, "not_a_number")
        return number

    def whole(self, column: str) -> int | None:
        cell = self[column]
        number = read_whole(cell) if cell else None
        if cell and number is None:
            self.wrong(column, "not_a_whole_number")
        return number

    def truth(self, column: str) -> bool | None:
        cell = self[column]
        truth = read_yes_or_no(cell) if cell else None
        if cell and truth is None:
            self.wrong(column, "not_one_of", choices="yes, no")
        return truth

    def instant(self, column: str) -> datetime | None:
        cell = self[column]
        instant = read_instant(cell, self.zone) if cell else None
        if cell and instant is None:
            self.wrong(column, "not_a_time")
        return instant

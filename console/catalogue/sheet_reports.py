"""What came of an import, kept so that a page of it is read without the rest: twenty thousand changes are megabytes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import orjson

from catalog.imports.report import Change, Effect, FieldChange, ImportReport, Problem, Subject, Tally

SHOWN = 100
"""So many rows stand on one page."""

_WHERE = 20
"""The last bytes of a file say where its head begins."""

_TALLIES = ("categories", "products", "variants", "specials", "offers", "pictures")


@dataclass(frozen=True, slots=True)
class ReportHead:
    """`report` has tallies and no rows. `problems` and `changes` say how many there are; of the changes, those that
    change something."""

    report: ImportReport
    broken: bool
    broken_rows: int
    problems: int
    changes: int


def packed(report: ImportReport) -> bytes:
    """A page of rows on each line, then the head, then where that begins."""
    told = bytearray()

    def pages(rows: Sequence[object]) -> list[int]:
        found: list[int] = []
        for start in range(0, len(rows), SHOWN):
            found.append(len(told))
            told.extend(orjson.dumps(rows[start : start + SHOWN], default=_as_list) + b"\n")
        return found

    changes = [change for change in report.changes if change.effect is not Effect.UNCHANGED]
    head = {
        "report": {
            **{name: getattr(report, name) for name in ("done", "dry_run", "format", "encoding", "rows")},
            **{name: asdict(getattr(report, name)) for name in _TALLIES},
        },
        "broken": report.broken,
        "broken_rows": report.broken_rows,
        "problems": len(report.problems),
        "changes": len(changes),
        "problem_pages": pages(report.problems),
        "change_pages": pages(changes),
    }
    begins = len(told)
    return bytes(told) + orjson.dumps(head) + f"\n{begins:0{_WHERE}}".encode()


class KeptReport:
    """A report as it was when it was opened, whatever is written in its place meanwhile."""

    def __init__(self, path: Path) -> None:
        """Raises FileNotFoundError where there is none."""
        self._file: IO[bytes] = path.open("rb")
        self._file.seek(-_WHERE, os.SEEK_END)
        self._file.seek(int(self._file.read()))
        told = orjson.loads(self._file.readline())
        self._problems: list[int] = told.pop("problem_pages")
        self._changes: list[int] = told.pop("change_pages")
        report = ImportReport(**told.pop("report"))
        for name in _TALLIES:
            setattr(report, name, Tally(**getattr(report, name)))
        self.head = ReportHead(report, **told)

    def __enter__(self) -> KeptReport:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def problems(self, page: int) -> list[Problem]:
        return [
            Problem(line, column, reason, tuple((k, v) for k, v in facts), broken)
            for line, column, reason, facts, broken in self._page(self._problems, page)
        ]

    def changes(self, page: int) -> list[Change]:
        return [
            Change(line, Subject(subject), key, Effect(effect), tuple(FieldChange(*each) for each in fields), id_)
            for line, subject, key, effect, fields, id_ in self._page(self._changes, page)
        ]

    def all_problems(self) -> Iterator[Problem]:
        for page in range(len(self._problems)):
            yield from self.problems(page)

    def _page(self, pages: Sequence[int], number: int) -> list[Any]:
        if not 0 <= number < len(pages):
            return []
        self._file.seek(pages[number])
        return orjson.loads(self._file.readline())


def _as_list(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(type(value).__name__)

"""Writes rows as CSV: UTF-8 with its mark, as spreadsheets expect it. No cell can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from catalog.cells import guarded

MARK = b"\xef\xbb\xbf"
_AT_ONCE = 200


def csv_parts(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> Iterator[bytes]:
    """The file in parts, as the rows are read. Every cell is quoted: no sign inside of one begins another."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    yield MARK
    for number, row in enumerate(rows, start=1):
        writer.writerow([guarded(row.get(column, "")) for column in columns])
        if number % _AT_ONCE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    part = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return part

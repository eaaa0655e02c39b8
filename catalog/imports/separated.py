"""Reads texts with separated values: UTF-8, UTF-16 with its mark, GB18030; comma, semicolon or tab between cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from catalog.imports.report import Problem

SEPARATORS = ",;\t"

_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_separated(data: bytes, problems: list[Problem]) -> tuple[Iterator[tuple[int, list[str]]] | None, str]:
    """The rows with the line on which each begins, and the encoding; None where it is in none that we know."""
    text, encoding = _decoded(data, problems)
    if text is None:
        return None, encoding
    return _rows(text, problems), encoding


def _decoded(data: bytes, problems: list[Problem]) -> tuple[str | None, str]:
    if data.startswith(_UTF_16_MARKS):
        try:
            return data.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError:
            problems.append(Problem(1, None, "unknown_encoding"))
            return None, ""
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    try:
        # What a Chinese Windows writes where nobody chose UTF-8.
        return data.decode("gb18030"), "GB18030"
    except UnicodeDecodeError:
        problems.append(Problem(line, None, "unknown_encoding"))
        return None, ""


def _rows(text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """A cell may hold line breaks."""
    skipped = 0
    separator = _separator(text)
    first, _, rest = text.partition("\n")
    if first.strip().lower() in (f"sep={sign}".strip() for sign in SEPARATORS):
        # A line by which some spreadsheets say what their separator is.
        separator, text, skipped = first.strip("\r\n")[4:5] or "\t", rest, 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    while True:
        line = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            problems.append(Problem(line, None, "not_csv"))
            continue
        if cells:
            yield line, [cell.strip() for cell in cells]


def _separator(text: str) -> str:
    """Whichever stands most often in the heading, outside of quotes."""
    counts = dict.fromkeys(SEPARATORS, 0)
    quoted = False
    for character in text[:20_000]:
        if character == '"':
            quoted = not quoted
        elif not quoted and character in "\r\n" and any(counts.values()):
            break
        elif not quoted and character in counts:
            counts[character] += 1
    return max(SEPARATORS, key=lambda sign: counts[sign])

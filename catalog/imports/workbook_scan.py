"""Looks through the XML of a workbook before a library builds tables of it: how far its cells reach, how much text.

One cell in the last corner, or one long text that every cell points to, takes a few bytes and would fill the memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from catalog.imports import limits


class TooMuch(Exception):
    """More than we take. `reason` names the sentence, `most` is what we take."""

    def __init__(self, reason: str, most: int) -> None:
        super().__init__(reason)
        self.reason, self.most = reason, most


@dataclass(slots=True)
class Scan:
    """`shared` are the lengths of the texts that cells point to; `pointed` how often each is pointed to."""

    cells: int = 0
    characters: int = 0
    shared: list[int] = field(default_factory=list[int])
    pointed: dict[int, int] = field(default_factory=dict[int, int])
    formulas_without_value: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])

    def check(self) -> None:
        """Raises TooMuch: the texts of all cells together are more than we take."""
        shared = sum(self.shared[at] * count for at, count in self.pointed.items() if at < len(self.shared))
        if self.characters + shared > limits.MOST_UNPACKED:
            raise TooMuch("too_large", limits.MOST_UNPACKED)


def scan(name: str, content: bytes, into: Scan) -> None:
    """Adds what one part of the workbook holds.

    Raises:
        TooMuch: a cell lies beyond the rows or columns that we take.
        ValueError: this is no XML, or XML that declares a document type.
    """
    reader = _Reader(into)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _no_document_type
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ValueError(f"{name} is no XML") from error


def _no_document_type(*_: object) -> None:
    raise ValueError("a workbook declares no document type")


class _Reader:
    def __init__(self, into: Scan) -> None:
        self._scan = into
        self._row = self._column = 0
        self._type = ""
        self._formula = self._filled = self._in_value = False
        self._value = ""
        self._length: int | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self._row = _number(attributes.get("r"), self._row + 1)
            self._column = 0
            if self._row > limits.MOST_ROWS + 2 + SPARE_ROWS:
                raise TooMuch("too_many_rows", limits.MOST_ROWS)
        elif tag == "c":
            self._cell(attributes)
        elif tag in ("v", "t") and self._type:
            self._in_value, self._value = True, ""
        elif tag == "f":
            self._formula = True
        elif tag == "si":
            self._length = 0

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag in ("v", "t"):
            if self._in_value and self._value.strip():
                self._filled = True
                if tag == "v" and self._type == "s" and self._value.strip().isdecimal():
                    at = int(self._value.strip()[:9])
                    self._scan.pointed[at] = self._scan.pointed.get(at, 0) + 1
            self._in_value = False
        elif tag == "c":
            if self._formula and not self._filled:
                self._scan.formulas_without_value.add((self._row, self._column))
            self._type = ""
        elif tag == "si" and self._length is not None:
            self._scan.shared.append(self._length)
            self._length = None

    def text(self, text: str) -> None:
        if self._length is not None:
            self._length += len(text)
        elif self._in_value:
            self._scan.characters += len(text)
            if len(self._value) < 20:
                self._value += text

    def _cell(self, attributes: dict[str, Any]) -> None:
        place = attributes.get("r", "")
        letters = place.rstrip("0123456789")
        if letters:
            self._column = _column(letters)
            self._row = _number(place[len(letters) :], self._row)
        else:
            self._column += 1
        self._scan.cells += 1
        if self._column > limits.MOST_COLUMNS:
            raise TooMuch("too_many_columns", limits.MOST_COLUMNS)
        if self._row > limits.MOST_ROWS + 2 + SPARE_ROWS:
            raise TooMuch("too_many_rows", limits.MOST_ROWS)
        self._type = attributes.get("t", "n")
        self._formula = self._filled = False


SPARE_ROWS = 10_000
"""Rows that a spreadsheet has formatted below the last one that says something."""


def _number(text: str | None, otherwise: int) -> int:
    if not text:
        return otherwise
    if not text.isdecimal() or len(text) > 9:
        raise ValueError("no row number")
    return int(text)


def _column(letters: str) -> int:
    if not letters.isalpha() or not letters.isascii() or len(letters) > 3:
        raise ValueError("no column")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column

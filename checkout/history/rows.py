"""Reads another system's invoice rows, and makes documents of them: sales and returns (R14)."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from pathlib import Path
from typing import IO

from checkout.history.names import kept_as
from checkout.pricing.earning import earning_rates, points_earned
from checkout.tables import PriceClass
from kernel.clock import EARLIEST, utc
from kernel.money import MONEY_LIMIT, POINTS_LIMIT, Money, minor_digits, total
from kernel.texts import can_be_kept
from program.config import Program

RETURN_PREFIX = "C"
MAX_UNITS = 10**9


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of the file are called."""

    document: str = "InvoiceNo"
    sku: str = "StockCode"
    description: str = "Description"
    quantity: str = "Quantity"
    at: str = "InvoiceDate"
    price: str = "UnitPrice"
    member: str = "CustomerID"


class LeftOut(StrEnum):
    """Why a row does not count: the first that holds, in the order of R14; what cannot be read, where it is asked for.

    The last two hold for a document as a whole.
    """

    UNREADABLE = "unreadable"
    NO_MEMBER = "no member"
    NOT_GOODS = "not goods"
    NO_PRICE = "no price"
    WRONG_QUANTITY = "wrong quantity"
    AFTER_UNTIL = "after the last instant"
    BEYOND_LIMITS = "beyond what an order can be"


@dataclass(slots=True)
class DocumentLine:
    """Units of a SKU at one unit price; always a positive quantity."""

    sku: str
    price: Money
    quantity: int
    description: str


@dataclass(slots=True)
class Document:
    """An invoice or a return of one member, dated by its earliest row. `shared`: something else here has its number.

    `rows`: how many of the file's it has. `account`: the number of whoever has the member's account by now.
    """

    number: str
    member: str
    at: datetime
    is_return: bool
    lines: dict[tuple[str, int], DocumentLine] = field(default_factory=dict[tuple[str, int], DocumentLine])
    shared: bool = False
    rows: int = 0
    account: str = ""

    def kept_as(self, part: int = 1) -> str:
        return kept_as(self.number, member=self.member if self.shared else None, part=part)

    def names(self) -> tuple[str, str]:
        """What it may be called here: by its number, or by its number and member."""
        return kept_as(self.number), kept_as(self.number, member=self.member)


@dataclass(slots=True)
class History:
    """All documents of a file, and how many of its rows were left out, by reason."""

    rows: int
    documents: list[Document]
    left_out: Counter[LeftOut]


class HistoryFileError(ValueError):
    """The file cannot be read at all: the sentence says why."""


def read_history(
    source: Path, program: Program, columns: Columns, not_goods: frozenset[str], until: datetime
) -> History:
    """Reads a CSV file, plain or gzipped; documents after `until` do not count (R14).

    Times without an offset are the program's local time.

    Raises:
        HistoryFileError: the file is not there, is no CSV text, or lacks a column.
    """
    left_out: Counter[LeftOut] = Counter()
    documents: dict[tuple[str, str], Document] = {}
    reader = _RowReader(program, columns, not_goods)
    rows = 0
    try:
        for row in _read_rows(source, columns):
            rows += 1
            read = reader.read(row)
            if isinstance(read, LeftOut):
                left_out[read] += 1
            else:
                _add(documents, *read)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise HistoryFileError(f"{source.name} cannot be read: {error}") from error
    kept: list[Document] = []
    for document in documents.values():
        reason = _why_left_out(document, program, until)
        if reason is None:
            kept.append(document)
        else:
            left_out[reason] += document.rows
    return History(rows, kept, left_out)


def _why_left_out(document: Document, program: Program, until: datetime) -> LeftOut | None:
    if document.at > until:
        return LeftOut.AFTER_UNTIL
    # A return gives back no more than what was bought.
    if not document.is_return and _is_beyond_limits(document, program):
        return LeftOut.BEYOND_LIMITS
    return None


def _is_beyond_limits(document: Document, program: Program) -> bool:
    """Whether an order holds more than can be told of one: units, money, points in whichever tier."""
    lines = document.lines.values()
    goods = total([line.price * line.quantity for line in lines], program.currency)
    richest = max(program.tiers, key=lambda tier: tier.points_multiplier)
    rates = earning_rates(program, richest, PriceClass.REGULAR, points_rate=None, third_party=False)
    return (
        any(line.quantity > MAX_UNITS for line in lines)
        or goods.minor >= MONEY_LIMIT
        or points_earned(goods, program.zero, rates) > POINTS_LIMIT
    )


def _read_rows(source: Path, columns: Columns) -> Iterator[Mapping[str, str]]:
    with _open(source) as text:
        reader = csv.DictReader(text)
        wanted = {getattr(columns, name) for name in Columns.__slots__}
        missing = sorted(wanted - set(reader.fieldnames or ()))
        if missing:
            raise HistoryFileError(f"{source.name} has no column {', '.join(missing)}")
        yield from reader


def _open(source: Path) -> IO[str]:
    if source.suffix == ".gz":
        return gzip.open(source, "rt", encoding="utf-8-sig", newline="")
    return source.open(encoding="utf-8-sig", newline="")


def _add(documents: dict[tuple[str, str], Document], document: Document, line: DocumentLine) -> None:
    """Rows with the same document, SKU and unit price are one line."""
    known = documents.setdefault((document.number, document.member), document)
    known.at = min(known.at, document.at)
    known.rows += 1
    same = known.lines.setdefault((line.sku, line.price.minor), line)
    if same is not line:
        same.quantity += line.quantity


class _RowReader:
    def __init__(self, program: Program, columns: Columns, not_goods: frozenset[str]) -> None:
        self.program = program
        self.columns = columns
        self.not_goods = not_goods
        self._minor_unit = Decimal(1).scaleb(-minor_digits(program.currency))
        self._instants: dict[str, datetime] = {}

    def read(self, row: Mapping[str, str]) -> tuple[Document, DocumentLine] | LeftOut:
        """What a row says, or the first reason why it does not count."""
        c = self.columns
        member, sku, number = (row[c.member] or "").strip(), row[c.sku] or "", (row[c.document] or "").strip()
        if not member:
            return LeftOut.NO_MEMBER
        if sku in self.not_goods:
            return LeftOut.NOT_GOODS
        is_return = number.startswith(RETURN_PREFIX)
        try:
            price = self._price(row[c.price])
            if price.minor <= 0:
                return LeftOut.NO_PRICE
            quantity = int(row[c.quantity])
            if quantity == 0 or (quantity < 0) != is_return:
                return LeftOut.WRONG_QUANTITY
            at = self._instant(row[c.at])
        except (ValueError, TypeError, ArithmeticError):
            return LeftOut.UNREADABLE
        description = (row[c.description] or "").strip()
        if not number or not sku or abs(quantity) > MAX_UNITS or at < EARLIEST:
            return LeftOut.UNREADABLE
        if not can_be_kept(member + number + sku + description):
            return LeftOut.UNREADABLE
        line = DocumentLine(sku, price, abs(quantity), description)
        return Document(number, member, at, is_return, account=member), line

    def _price(self, text: str) -> Money:
        """The unit price, rounded half up to the minor unit (R1); nothing for one below 0, however far."""
        currency = self.program.currency
        price = Decimal(text)
        if price <= 0:
            return Money.zero(currency)
        if price >= MONEY_LIMIT:
            raise ValueError("too much")
        rounded = price.quantize(self._minor_unit, rounding=ROUND_HALF_UP)
        minor = int(rounded.scaleb(minor_digits(currency)))
        if minor >= MONEY_LIMIT:
            raise ValueError("too much")
        return Money(minor, currency)

    def _instant(self, text: str) -> datetime:
        at = self._instants.get(text)
        if at is None:
            at = datetime.fromisoformat(text)
            at = utc(at if at.tzinfo else at.replace(tzinfo=self.program.zone))
            self._instants[text] = at
        return at

"""Where an export goes on in another sheet, so that each of them can be imported again. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, groupby
from xml.sax.saxutils import escape

from catalog.imports import limits

Cells = Mapping[str, str]

_AROUND_A_CELL = 70
"""Bytes that a workbook's XML has around a text, at most."""


@dataclass(frozen=True, slots=True)
class Room:
    """What one sheet may hold: a little less than an import takes, for headings and for what is packed around."""

    rows: int = limits.MOST_ROWS
    packed: int = limits.MOST_BYTES * 9 // 10
    unpacked: int = limits.MOST_UNPACKED * 3 // 4


ROOM = Room()


def in_parts(rows: Iterable[Cells], columns: int, *, workbook: bool, room: Room = ROOM) -> Iterator[Iterator[Cells]]:
    """The rows sheet by sheet, each to be read to its end before the next; what is of one product stays together.

    Always one sheet at least, if without a row.
    """
    products = (list(of_one) for _, of_one in groupby(rows, key=lambda row: row.get("slug")))
    weigh = _in_xml if workbook else lambda row: 0
    waiting = next(products, None)
    if waiting is None:
        yield iter(())
    while waiting is not None:
        first, waiting = waiting, None
        rest = _Rest(room, columns, weigh)
        rest.take(first)

        def more(rest: _Rest = rest) -> Iterator[Cells]:
            nonlocal waiting
            for product in products:
                if not rest.take(product):
                    waiting = product
                    return
                yield from product

        yield chain(first, more())


@dataclass(slots=True)
class _Rest:
    """What a sheet has room for still."""

    room: Room
    columns: int
    weigh: Callable[[Cells], int]
    rows: int = 0
    packed: int = 0
    unpacked: int = 0

    def take(self, product: list[Cells]) -> bool:
        """Whether there was room."""
        rows = self.rows + len(product)
        packed = self.packed + sum(_in_csv(row, self.columns) for row in product)
        unpacked = self.unpacked + sum(map(self.weigh, product))
        if self.rows and (rows > self.room.rows or packed > self.room.packed or unpacked > self.room.unpacked):
            return False
        self.rows, self.packed, self.unpacked = rows, packed, unpacked
        return True


def _in_csv(row: Cells, columns: int) -> int:
    """Bytes: every cell has quotes and a comma, some texts a sign before them, and quotes inside are written twice.

    A workbook with as much to say is smaller once it is packed.
    """
    return 3 * columns + sum(len(cell.encode()) + cell.count('"') + 1 for cell in row.values() if cell) + 2


def _in_xml(row: Cells) -> int:
    return sum(_AROUND_A_CELL + len(escape(cell).encode()) for cell in row.values() if cell)

"""What saving products changes in the postings of the index, and writes it: several products in a few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select

from catalog.columns import postings_t
from catalog.finding.numbers import BLOCK, Numbers
from catalog.finding.postings import pack, unpack
from kernel.bulk import insert_many
from kernel.database import Transaction, among
from kernel.number_lists import listed

_i = postings_t.c
_OF_KEY = (_i.word == bindparam("of_word"), _i.level == bindparam("of_level"), _i.block == bindparam("of_block"))
_CHANGED = postings_t.update().where(*_OF_KEY).values(products=bindparam("found"))
_EMPTIED = postings_t.delete().where(*_OF_KEY)

Posting = tuple[str, int, int]
"""Word, level and block."""


@dataclass(slots=True)
class Changes:
    """Which products have come to postings, and which have gone, counted from each block's beginning."""

    come: dict[Posting, Numbers] = field(default_factory=dict[Posting, Numbers])
    gone: dict[Posting, Numbers] = field(default_factory=dict[Posting, Numbers])

    def note(self, number: int, before: Mapping[str, int], after: Mapping[str, int]) -> None:
        """What becomes of a product's words."""
        block, bit = number // BLOCK, 1 << number % BLOCK
        for noted, levels, others in ((self.gone, before, after), (self.come, after, before)):
            for word, level in levels.items():
                if others.get(word) != level:
                    noted[word, level, block] = noted.get((word, level, block), 0) | bit


def write_changes(tx: Transaction, changes: Changes) -> None:
    """Runs inside a transaction that holds the index: what a posting says is read here and written anew."""
    # In the order of the key: neighbours go into one page of it.
    concerned = sorted(changes.come.keys() | changes.gone.keys())
    there = _postings(tx, concerned)
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    emptied: list[dict[str, Any]] = []
    for posting in concerned:
        word, level, block = posting
        before = there.get(posting, 0)
        after = (before | changes.come.get(posting, 0)) & ~changes.gone.get(posting, 0)
        key = {"of_word": word, "of_level": level, "of_block": block}
        if not before and after:
            new.append({"word": word, "level": level, "block": block, "products": pack(after)})
        elif before and not after:
            emptied.append(key)
        elif before != after:
            changed.append({**key, "found": pack(after)})
    insert_many(tx, postings_t, new)
    for statement, rows in ((_CHANGED, changed), (_EMPTIED, emptied)):
        if rows:
            tx.execute(statement, rows)


def _postings(tx: Transaction, concerned: Sequence[Posting]) -> dict[Posting, Numbers]:
    words = sorted({word for word, _, _ in concerned})
    blocks = sorted({block for _, _, block in concerned})
    rows = tx.execute(
        select(_i.word, _i.level, _i.block, _i.products).where(
            among(_i.word, words), _i.block.in_(select(listed(blocks).c.value))
        )
    )
    return {(word, level, block): unpack(products) for word, level, block, products in rows}

"""Sets of products, by their running numbers: whole numbers whose bit n says whether product n is there. Pure.

Python joins and cuts a hundred thousand bits in a few microseconds, so what several words have in common costs next to
nothing, however common each of them is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

Numbers: TypeAlias = int

BLOCK = 4096
"""So many numbers are stored together: 512 bytes at most, which fit into a page of either database."""

_BLOCK_BYTES = BLOCK // 8


def numbers_of(several: Iterable[int]) -> Numbers:
    """Byte by byte, not number by number: a long number is made once."""
    listed = list(several)
    found = bytearray(max(listed, default=0) // 8 + 1)
    for number in listed:
        found[number // 8] |= 1 << number % 8
    return int.from_bytes(found, "little")


def joined(blocks: Mapping[int, Numbers]) -> Numbers:
    """One set of the sets in each block, which are counted from the block's beginning."""
    if not blocks:
        return 0
    parts = (blocks.get(block, 0).to_bytes(_BLOCK_BYTES, "little") for block in range(max(blocks) + 1))
    return int.from_bytes(b"".join(parts), "little")


def below(found: Numbers, number: int) -> Numbers:
    """`number` may be anything that a client sends: no number is made that has so many bits."""
    return found & ((1 << min(max(number, 0), found.bit_length())) - 1)


def above(found: Numbers, number: int) -> Numbers:
    passed = min(max(number + 1, 0), found.bit_length())
    return found >> passed << passed


def highest_first(found: Numbers) -> Iterator[int]:
    """Block by block: to take one bit from a long number costs as much as the number is long."""
    while found:
        start = (found.bit_length() - 1) // BLOCK * BLOCK
        part = found >> start
        found ^= part << start
        while part:
            highest = part.bit_length() - 1
            yield start + highest
            part ^= 1 << highest


def lowest_first(found: Numbers) -> Iterator[int]:
    start = 0
    while found:
        part = found & ((1 << BLOCK) - 1)
        while part:
            lowest = (part & -part).bit_length() - 1
            yield start + lowest
            part ^= 1 << lowest
        found >>= BLOCK
        start += BLOCK

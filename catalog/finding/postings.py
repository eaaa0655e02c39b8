"""How the index writes down which products of one block have a word. Pure.

A rare word takes two bytes for each product, a common one a bit for each number; the first byte says which it is. Bits
are read at once, a list number by number: it has to be much shorter to be worth it.
"""

from __future__ import annotations

import struct

from catalog.finding.numbers import Numbers, lowest_first, numbers_of

_LISTED, _MAPPED = b"\x00", b"\x01"
_WORTH_IT = 16


def pack(found: Numbers) -> bytes:
    """`found` is counted from the block's beginning. The same products always make the same bytes."""
    count, mapped = found.bit_count(), (found.bit_length() + 7) // 8
    if _WORTH_IT * count < mapped:
        return _LISTED + struct.pack(f"<{count}H", *lowest_first(found))
    return _MAPPED + found.to_bytes(mapped, "little")


def unpack(data: bytes) -> Numbers:
    if data[:1] == _MAPPED:
        return int.from_bytes(data[1:], "little")
    return numbers_of(struct.unpack(f"<{len(data) // 2}H", data[1:]))

"""Numbers as people type them: which signs may stand between the digits, and which make it no number at all."""

from __future__ import annotations

import re

# What an input method for Chinese writes, and spaces that do not break.
_WIDE = str.maketrans("０１２３４５６７８９，．＋－\u00a0\u2009\u202f\u3000", "0123456789,.+-    ")

# Separators stand between groups of three alone: "129,50" is a price with a decimal comma, and no 12,950; nor is
# "0,500" five hundred.
_NUMBER = re.compile(r"[+-]?(?:\d+|[1-9]\d{0,2}([ ,])\d{3}(?:\1\d{3})*)?(?:\.\d*)?", re.ASCII)


def plain_number(text: str) -> str | None:
    """The number's digits without what separates its thousands; None where it is none."""
    plain = text.translate(_WIDE).strip()
    if not _NUMBER.fullmatch(plain) or not any(c.isdigit() for c in plain):
        return None
    return plain.replace(",", "").replace(" ", "")

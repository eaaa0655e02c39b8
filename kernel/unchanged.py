"""What a patch leaves alone. `None` is a value that a patch may set."""

from __future__ import annotations

from enum import Enum
from typing import Literal


class _Unchanged(Enum):
    UNCHANGED = "unchanged"


UNCHANGED = _Unchanged.UNCHANGED
Unchanged = Literal[_Unchanged.UNCHANGED]

"""When special prices hold: windows of one variant never overlap (R2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class HasWindow(Protocol):
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class SaleWindow:
    """From `starts_at` until just before `ends_at`; without an end, until somebody ends it."""

    starts_at: datetime
    ends_at: datetime | None = None


def overlaps(window: HasWindow, others: Iterable[HasWindow]) -> bool:
    """Whether there is an instant in the window and in one of the others. One may begin as another ends."""
    return any(_begins_before_end(window, other) and _begins_before_end(other, window) for other in others)


def _begins_before_end(one: HasWindow, other: HasWindow) -> bool:
    return other.ends_at is None or one.starts_at < other.ends_at

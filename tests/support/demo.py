"""A demo shop, as `jifen demo` makes it, on a day of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from checkout.shop import Shop
from kernel.clock import FixedClock
from kernel.database import Database
from program.versions import ProgramShelf, publish_reference

NOW = datetime(2026, 3, 1, 4, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Demo:
    """`steps` is what was told of its progress."""

    shop: Shop
    url: str
    media: Path
    steps: list[tuple[int, int]]


def open_shop(db: Database) -> Shop:
    with db.write() as tx:
        publish_reference(tx, NOW)
    return Shop(db, FixedClock(NOW), ProgramShelf())

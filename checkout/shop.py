"""What every verb of checkout is handed: the database, the clock, the program, and who takes the money."""

from __future__ import annotations

from dataclasses import dataclass

from checkout.payments.gateway import Gateway
from kernel.clock import Clock
from kernel.database import Database
from program.versions import ProgramShelf


@dataclass(frozen=True)
class Shop:
    """`gateway` is None where the shop takes no payments online."""

    db: Database
    clock: Clock
    shelf: ProgramShelf
    gateway: Gateway | None = None

"""Takes out what waits in the outbox, about every second, while the server runs. Every process has one.

The outbox itself sees to it that no two do the same thing at once. Also under a test clock: the world outside does not
wait for a clock that stands still.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime

import structlog

from kernel.database import Database
from kernel.outbox import Handler, deliver

EVERY_SECONDS = 1.0

log = structlog.get_logger("jifen.courier")


def machine_time() -> datetime:
    return datetime.now(UTC)


def lanes(handlers: Mapping[str, Handler]) -> dict[str, dict[str, Handler]]:
    """Handlers by the first word of what they handle: whom one lane waits for does not hold up another."""
    found: dict[str, dict[str, Handler]] = {}
    for kind, handler in handlers.items():
        found.setdefault(kind.partition(".")[0], {})[kind] = handler
    return found


class Courier:
    """Threads beside the server's, one for each lane. What they were doing when the process goes is done again by the
    next one.
    """

    def __init__(self, db: Database, handlers: Mapping[str, Handler], *, every_seconds: float = EVERY_SECONDS) -> None:
        self._db, self._every = db, every_seconds
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(lane,), name=f"courier {name}", daemon=True)
            for name, lane in lanes(handlers).items()
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, *, wait_seconds: float = 2.0) -> None:
        self._stop.set()
        until = machine_time().timestamp() + wait_seconds
        for thread in self._threads:
            thread.join(max(0.0, until - machine_time().timestamp()))

    def _run(self, lane: Mapping[str, Handler]) -> None:
        while not self._stop.wait(self._every):
            try:
                deliver(self._db, lane, clock=machine_time, most=100)
            except Exception:
                log.exception("the outbox could not be worked on; it is tried again")

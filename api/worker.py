"""Does what falls due, every few seconds, while the server runs: one worker at a time however many processes there are.

Nothing depends on it (R11): whoever reads or moves an account brings it up to date first. It keeps lists and sums
fresh, and gives back the stock of orders that nobody paid.
"""

from __future__ import annotations

import secrets
import threading
from datetime import UTC, datetime, timedelta

import structlog

from checkout.payments.take_event import forget_old_events
from checkout.pictures_in_use import PICTURES_IN_USE
from checkout.shop import Shop
from checkout.timeline import bring_everyone_up_to_date
from kernel.leases import give_back, take_lease
from kernel.outbox import forget_done
from kernel.sessions import forget_old_sessions
from media.storage import Store
from media.sweep import sweep_images
from members.sign_in import forget_old_codes

EVERY_SECONDS = 3.0
TIDY_EVERY = timedelta(hours=1)

log = structlog.get_logger("jifen.worker")


def run_jobs(shop: Shop) -> int:
    """Does everything that is due by now, once. Says how many members it moved on.

    A member for whom it fails is logged and tried again the next time: the others need not wait.
    """
    return bring_everyone_up_to_date(
        shop, lambda member_id: log.exception("a member could not be brought up to date", member=member_id)
    )


def tidy(shop: Shop, media: Store) -> None:
    """Removes sessions and codes that nobody can use any more, what was told and sent long ago, and pictures that
    nothing shows.
    """
    now = shop.clock.now()
    with shop.db.write() as tx:
        forget_old_sessions(tx, now=now)
        forget_old_codes(tx, now=now)
        forget_old_events(tx, now=now)
        # The outbox goes by the machine's time.
        forget_done(tx, now=datetime.now(UTC))
    try:
        sweep_images(shop.db, media, PICTURES_IN_USE, now=now)
    except Exception:
        # The store may be away for a while; the next time will do.
        log.exception("pictures could not be swept")


class Worker:
    """A thread beside the server's. The machine's clock times the lease: it is about processes, not about the shop."""

    def __init__(self, shop: Shop, media: Store, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._shop, self._media = shop, media
        self._every = every_seconds
        self._holder = secrets.token_hex(8)
        self._tidied: datetime | None = None
        self._stop = threading.Event()
        # A daemon: what it is doing when the server goes is undone by the database and done by the next one.
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, *, wait_seconds: float = 2.0) -> None:
        self._stop.set()
        self._thread.join(wait_seconds)

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self.tick()
            except Exception:
                log.exception("the worker could not do what is due; it tries again")
        try:
            give_back(self._shop.db, "due", self._holder)
        except Exception:
            log.warning("the worker's lease could not be given back; it ends by itself")

    def tick(self) -> None:
        """One round: nothing, where another process has the lease."""
        now = datetime.now(UTC)
        if not take_lease(self._shop.db, "due", self._holder, now):
            return
        run_jobs(self._shop)
        if self._tidied is None or now - self._tidied >= TIDY_EVERY:
            tidy(self._shop, self._media)
            self._tidied = now

"""Does what falls due, every few seconds, while the server runs: one worker at a time however many processes there are.

Nothing depends on it (R11): whoever reads or moves an account brings it up to date first. It keeps lists and sums
fresh, and gives back the stock of orders that nobody paid.
"""

from __future__ import annotations

import secrets
import threading
from datetime import UTC, datetime, timedelta

import structlog

from checkout.shop import Shop
from checkout.timeline import bring_everyone_up_to_date
from kernel.database import Database, insert_new, table_of
from kernel.sessions import forget_old_sessions
from kernel.tables import LeaseRow
from members.sign_in import forget_old_codes

EVERY_SECONDS = 3.0
LEASE = timedelta(seconds=30)
TIDY_EVERY = timedelta(hours=1)

lease_t = table_of(LeaseRow)

log = structlog.get_logger("jifen.worker")


def run_jobs(shop: Shop) -> int:
    """Does everything that is due by now, once. Says how many members it moved on.

    A member for whom it fails is logged and tried again the next time: the others need not wait.
    """
    return bring_everyone_up_to_date(
        shop, lambda member_id: log.exception("a member could not be brought up to date", member=member_id)
    )


def tidy(shop: Shop) -> None:
    """Removes sessions and codes that nobody can use any more."""
    now = shop.clock.now()
    with shop.db.write() as tx:
        forget_old_sessions(tx, now=now)
        forget_old_codes(tx, now=now)


def take_lease(db: Database, name: str, holder: str, now: datetime) -> bool:
    """Whether the work is `holder`'s until the lease ends: it was free, or its own. One conditional update."""
    with db.write() as tx:
        taken = tx.execute(
            lease_t.update()
            .where(lease_t.c.name == name, (lease_t.c.until <= now) | (lease_t.c.holder == holder))
            .values(holder=holder, until=now + LEASE)
        ).rowcount
        return taken == 1 or insert_new(tx, lease_t, {"name": name, "holder": holder, "until": now + LEASE})


def give_back(db: Database, name: str, holder: str) -> None:
    """Ends a lease early, so that another process need not wait for it."""
    with db.write() as tx:
        tx.execute(lease_t.delete().where(lease_t.c.name == name, lease_t.c.holder == holder))


class Worker:
    """A thread beside the server's. The machine's clock times the lease: it is about processes, not about the shop."""

    def __init__(self, shop: Shop, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._shop = shop
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
            tidy(self._shop)
            self._tidied = now

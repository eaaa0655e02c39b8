"""Leases: one process at a time does a piece of work, until its time is up or it gives the work back."""

from __future__ import annotations

from datetime import datetime, timedelta

from kernel.database import Database, insert_new, table_of
from kernel.tables import LeaseRow

LEASE = timedelta(seconds=30)

lease_t = table_of(LeaseRow)


def take_lease(db: Database, name: str, holder: str, now: datetime, *, lasts: timedelta = LEASE) -> bool:
    """Whether the work is `holder`'s until the lease ends: it was free, or its own. One conditional update.

    `now` is the machine's: leases are about processes, not about the shop.
    """
    with db.write() as tx:
        taken = tx.execute(
            lease_t.update()
            .where(lease_t.c.name == name, (lease_t.c.until <= now) | (lease_t.c.holder == holder))
            .values(holder=holder, until=now + lasts)
        ).rowcount
        return taken == 1 or insert_new(tx, lease_t, {"name": name, "holder": holder, "until": now + lasts})


def give_back(db: Database, name: str, holder: str) -> None:
    """Ends a lease early, so that another process need not wait for it."""
    with db.write() as tx:
        tx.execute(lease_t.delete().where(lease_t.c.name == name, lease_t.c.holder == holder))

"""A clock that stands still, in the database: every process of the shop sees the same instant. Never goes back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from kernel.clock import utc
from kernel.database import Database, Transaction, insert_new, table_of
from kernel.tables import TestClockRow

__test__ = False

_ROW = 1

clock_t = table_of(TestClockRow)


class DatabaseClock:
    """Reads where the test clock stands, each time: another process may have moved it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def now(self) -> datetime:
        with self._db.read() as connection:
            return standing_at(connection)


class NotStarted(RuntimeError):
    """The database has no test clock yet."""


class TimeGoesBack(ValueError):
    """The test clock stands at a later instant than the one asked for."""

    def __init__(self, now: datetime) -> None:
        super().__init__(f"the test clock stands at {now.isoformat()} already")
        self.now = now


def standing_at(connection: Connection) -> datetime:
    """Where the test clock stands. Raises NotStarted where there is none."""
    now = connection.execute(select(clock_t.c.now).where(clock_t.c.id == _ROW)).scalar()
    if now is None:
        raise NotStarted
    return now


def start_test_clock(db: Database, at: datetime) -> DatabaseClock:
    """The database's test clock. A new one stands at `at`; one that has moved on stays where it is."""
    with db.write() as tx:
        insert_new(tx, clock_t, {"id": _ROW, "now": utc(at)})
        tx.execute(clock_t.update().where(clock_t.c.id == _ROW, clock_t.c.now < utc(at)).values(now=utc(at)))
    return DatabaseClock(db)


def move(tx: Transaction, to: datetime) -> None:
    """Moves the test clock forward, or leaves it where it is. Runs inside the caller's transaction.

    Raises:
        TimeGoesBack: it stands at a later instant.
    """
    moved = tx.execute(clock_t.update().where(clock_t.c.id == _ROW, clock_t.c.now <= utc(to)).values(now=utc(to)))
    if moved.rowcount != 1:
        raise TimeGoesBack(standing_at(tx))

"""Opens the database and the clock that the settings name. Knows nothing of GraphQL, so commands start quickly."""

from __future__ import annotations

from api.settings import Settings
from kernel.clock import Clock, SystemClock
from kernel.database import Database
from kernel.test_clock import start_test_clock


def open_database(settings: Settings) -> Database:
    return Database(
        settings.database_url,
        behind_pgbouncer=settings.pgbouncer,
    )


def open_clock(settings: Settings, db: Database) -> Clock:
    """The machine's time, or under JIFEN_TEST_CLOCK the one that stands in the database."""
    if settings.test_clock is None:
        return SystemClock()
    return start_test_clock(db, settings.test_clock)

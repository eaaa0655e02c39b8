"""Where time comes from. Every verb is handed a clock; nothing asks the machine by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

# At the ends of the calendar a day is not there in every time zone, and what lasts a while would end after it.
EARLIEST, END = datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """Stands at one instant; for rules and tests that have no database to keep a test clock in."""

    def __init__(self, at: datetime) -> None:
        self.at = utc(at)

    def now(self) -> datetime:
        return self.at


def utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a time without offset."""
    if instant.tzinfo is None:
        raise ValueError("a time without offset is no instant")
    return instant.astimezone(UTC)


def within_calendar(instant: datetime) -> bool:
    """Whether an instant can be reckoned with: it lies well inside of the calendar. Raises ValueError as `utc`."""
    try:
        return EARLIEST <= utc(instant) < END
    except OverflowError:
        return False


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def same_date_next_year(day: date) -> date:
    """The same date a year later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def end_of_same_date_next_year(instant: datetime, zone: ZoneInfo) -> datetime:
    """R5's "one year": the first instant after the same local date a year later, in UTC."""
    last_day = same_date_next_year(instant.astimezone(zone).date())
    return start_of_day(last_day + timedelta(days=1), zone)

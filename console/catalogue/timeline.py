"""Where windows lie on a line of time: shares of its length, for drawing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

PAST = timedelta(days=7)
LEAST_AHEAD = timedelta(days=28)
MOST_AHEAD = timedelta(days=182)


@dataclass(frozen=True)
class Bar:
    """From where, and how long, in percent of the line. `open_ended`: it goes on beyond."""

    start: str
    width: str
    open_ended: bool


@dataclass(frozen=True)
class Tick:
    at: datetime
    place: str


@dataclass(frozen=True)
class TimeLine:
    """From one instant to another."""

    begin: datetime
    end: datetime

    def place(self, instant: datetime) -> float:
        """In percent, inside the line."""
        share = (instant - self.begin) / (self.end - self.begin) * 100
        return min(max(share, 0.0), 100.0)

    def bar(self, starts_at: datetime, ends_at: datetime | None) -> Bar:
        start = self.place(starts_at)
        stop = 100.0 if ends_at is None else self.place(ends_at)
        # Never so short that nobody sees it.
        width = max(stop - start, 1.2)
        return Bar(_percent(min(start, 100 - width)), _percent(width), ends_at is None or ends_at > self.end)

    def now(self, at: datetime) -> str:
        return _percent(self.place(at))

    def ticks(self, zone: ZoneInfo, most: int = 6) -> list[Tick]:
        """Midnights, evenly apart."""
        days = max(1, (self.end - self.begin).days)
        step = next((each for each in (1, 2, 7, 14, 28) if days / each <= most), 56)
        day = self.begin.astimezone(zone).date() + timedelta(days=1)
        found: list[Tick] = []
        while (at := datetime.combine(day, time(), zone)) < self.end:
            if self.place(at) < 92:
                found.append(Tick(at, _percent(self.place(at))))
            day += timedelta(days=step)
        return found


def time_line(windows: Iterable[tuple[datetime, datetime | None]], at: datetime) -> TimeLine:
    """A line that has today on it, and as much of the windows as can be seen at once."""
    instants = [instant for window in windows for instant in window if instant is not None]
    last = max([at + LEAST_AHEAD, *instants])
    first = min([at - timedelta(days=1), *instants])
    end = min(last, at + MOST_AHEAD)
    return TimeLine(max(first, at - PAST), end + (end - at) / 20)


def _percent(value: float) -> str:
    return f"{value:.2f}%"

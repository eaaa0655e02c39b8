"""What is still to happen in the demo's past: entries by instant, done one after the other while the clock moves."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from kernel.clock import FixedClock, start_of_day, utc

DAYS = 440
"""How long the history is: a year, and enough before it for tiers to be reviewed and points to expire."""

Deed = Callable[[], object]
"""What it gives back is nobody's business."""


class Diary:
    """Days are counted from 0, the first; `DAYS` is today, of which nothing is told: the shop is yours by then."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self._zone = zone
        self._today = now.astimezone(zone).date()
        self.clock = FixedClock(self.instant(0))
        self.end = self.instant(DAYS)
        self._entries: list[tuple[datetime, int, Deed]] = []
        self._numbers = count()

    def instant(self, day: int, hour: int = 0, minute: int = 0) -> datetime:
        date = self._today - timedelta(days=DAYS - day)
        return start_of_day(date, self._zone) + timedelta(hours=hour, minutes=minute)

    @property
    def now(self) -> datetime:
        return self.clock.at

    def on(self, day: int, hour: int, minute: int, deed: Deed) -> None:
        self.note(self.instant(day, hour, minute), deed)

    def after(self, days: int, hour: int, minute: int, deed: Deed) -> None:
        """So many days after today's date in the diary, at this time of the day."""
        date = self.now.astimezone(self._zone).date() + timedelta(days=days)
        at = utc(datetime.combine(date, time(hour, minute), self._zone))
        self.note(max(at, self.now), deed)

    def note(self, at: datetime, deed: Deed) -> None:
        heapq.heappush(self._entries, (at, next(self._numbers), deed))

    def run(self, every_day: Deed, progress: Callable[[int], None]) -> None:
        """Does everything up to today, in order. What would come later stays undone: work for the shop's staff.

        `every_day` runs at the start of each day, before its entries.
        """
        for day in range(DAYS):
            self.clock.at = max(self.clock.at, self.instant(day))
            every_day()
            tomorrow = self.instant(day + 1)
            while self._entries and self._entries[0][0] < tomorrow:
                at, _, deed = heapq.heappop(self._entries)
                self.clock.at = max(self.clock.at, at)
                deed()
            progress(day + 1)

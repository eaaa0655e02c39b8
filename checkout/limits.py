"""How many units of an offer one member may still have: in all, and in a calendar day, week and month (R13). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kernel.clock import start_of_day

PERIODS = ("life", "day", "week", "month")

Limits = tuple[int | None, int | None, int | None, int | None]
"""In the order of PERIODS; None where there is no limit."""


@dataclass(frozen=True, slots=True)
class Starts:
    """The first instants of the day, the week (from Monday) and the month that an instant lies in."""

    day: datetime
    week: datetime
    month: datetime


@dataclass(frozen=True, slots=True)
class Used:
    """Units of an offer that a member has had: ordered in the period, and neither cancelled nor returned."""

    life: int = 0
    day: int = 0
    week: int = 0
    month: int = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit, and how many units it leaves."""

    period: str
    most: int
    left: int


NONE_USED = Used()


def starts_at(now: datetime, zone: ZoneInfo) -> Starts:
    """The periods of the calendar where the program is, in UTC."""
    today = now.astimezone(zone).date()
    return Starts(
        day=start_of_day(today, zone),
        week=start_of_day(today - timedelta(days=today.weekday()), zone),
        month=start_of_day(today.replace(day=1), zone),
    )


def tightest(limits: Limits, used: Used) -> Limit | None:
    """The limit that leaves least, of equals the one that lasts longest; None where there is none."""
    had = (used.life, used.day, used.week, used.month)
    found = [
        Limit(period, most, max(0, most - units))
        for period, most, units in zip(PERIODS, limits, had, strict=True)
        if most is not None
    ]
    lasting = ("life", "month", "week", "day")
    return min(found, key=lambda limit: (limit.left, lasting.index(limit.period)), default=None)

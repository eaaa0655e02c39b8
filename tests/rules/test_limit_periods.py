"""How many units of an offer a member may still have: in all, and in each calendar day, week and month (R13)."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from checkout.limits import Limit, Used, starts_at, tightest

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONDON = ZoneInfo("Europe/London")


def test_days_weeks_and_months_begin_where_the_program_is():
    # A Thursday evening in UTC is Friday morning in Shanghai.
    starts = starts_at(datetime(2026, 1, 1, 20, 0, tzinfo=UTC), SHANGHAI)
    assert starts.day == datetime(2026, 1, 1, 16, 0, tzinfo=UTC)
    assert starts.week == datetime(2025, 12, 28, 16, 0, tzinfo=UTC)
    assert starts.month == datetime(2025, 12, 31, 16, 0, tzinfo=UTC)


def test_a_week_begins_on_monday():
    monday = starts_at(datetime(2026, 3, 2, 0, 0, tzinfo=SHANGHAI), SHANGHAI)
    assert monday.week == monday.day == datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    sunday = starts_at(datetime(2026, 3, 1, 23, 59, tzinfo=SHANGHAI), SHANGHAI)
    assert sunday.week == datetime(2026, 2, 22, 16, 0, tzinfo=UTC)


def test_a_day_in_which_the_clocks_change_begins_at_its_own_midnight():
    starts = starts_at(datetime(2026, 3, 29, 12, 0, tzinfo=UTC), LONDON)
    assert starts.day == datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    after = starts_at(datetime(2026, 3, 30, 12, 0, tzinfo=UTC), LONDON)
    assert after.day == datetime(2026, 3, 29, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("limits", "used", "told"),
    [
        ((None, None, None, None), Used(9, 9, 9, 9), None),
        ((3, None, None, None), Used(2, 0, 0, 0), Limit("life", 3, 1)),
        ((9, 3, None, None), Used(2, 2, 2, 2), Limit("day", 3, 1)),
        ((9, 3, 3, 3), Used(2, 0, 1, 2), Limit("month", 3, 1)),
        ((5, 1, 4, 5), Used(5, 0, 4, 5), Limit("life", 5, 0)),
        ((5, None, 4, None), Used(1, 1, 6, 6), Limit("week", 4, 0)),
    ],
)
def test_the_limit_that_leaves_least_is_told(limits, used, told):
    assert tightest(limits, used) == told

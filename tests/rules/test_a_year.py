"""One year from an instant: through the end of the same local date a year later (R5)."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kernel.clock import end_of_same_date_next_year, start_of_day, utc


@pytest.mark.parametrize(
    ("zone", "at", "gone"),
    [
        ("Asia/Shanghai", "2026-01-31T10:00+08:00", "2027-02-01T00:00+08:00"),
        ("Asia/Shanghai", "2026-01-31T00:00+08:00", "2027-02-01T00:00+08:00"),
        ("Asia/Shanghai", "2026-01-31T23:59:59.999999+08:00", "2027-02-01T00:00+08:00"),
        ("Asia/Shanghai", "2026-01-31T16:00+00:00", "2027-02-02T00:00+08:00"),  # the next day, locally
        ("Asia/Shanghai", "2028-02-29T12:00+08:00", "2029-03-01T00:00+08:00"),  # through 28 February
        ("Asia/Shanghai", "2028-02-28T12:00+08:00", "2029-03-01T00:00+08:00"),
        ("Asia/Shanghai", "2027-02-28T12:00+08:00", "2028-02-29T00:00+08:00"),  # 28 February has its own end
        ("Asia/Shanghai", "2027-12-31T12:00+08:00", "2029-01-01T00:00+08:00"),
        ("Europe/London", "2026-01-15T12:00+00:00", "2027-01-16T00:00+00:00"),
        ("Europe/London", "2026-07-15T23:30+01:00", "2027-07-16T00:00+01:00"),
        ("Europe/London", "2026-07-15T23:30+00:00", "2027-07-17T00:00+01:00"),  # 16 July already, in summer time
        ("Europe/London", "2026-03-27T12:00+00:00", "2027-03-28T00:00+00:00"),  # the day the clocks go forward
        ("Europe/London", "2026-03-28T12:00+00:00", "2027-03-29T00:00+01:00"),
        ("Europe/London", "2026-10-31T12:00+00:00", "2027-11-01T00:00+00:00"),
        ("Europe/London", "2026-10-30T12:00+00:00", "2027-10-31T00:00+01:00"),
    ],
)
def test_points_are_gone_at_the_first_instant_after_the_same_date_next_year(zone, at, gone):
    found = end_of_same_date_next_year(datetime.fromisoformat(at), ZoneInfo(zone))
    assert found == datetime.fromisoformat(gone)
    assert found.tzinfo is UTC


def test_a_day_without_midnight_begins_at_its_first_instant():
    # Cairo, 2024-04-26: the clocks went from 00:00 to 01:00.
    begins = start_of_day(datetime(2024, 4, 26, tzinfo=UTC).date(), ZoneInfo("Africa/Cairo"))
    assert begins == datetime(2024, 4, 25, 22, tzinfo=UTC)


def test_a_time_without_offset_is_no_instant():
    with pytest.raises(ValueError, match="without offset"):
        utc(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point

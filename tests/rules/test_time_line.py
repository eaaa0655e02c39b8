from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from console.catalogue.timeline import time_line

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def days(number: float) -> datetime:
    return NOW + timedelta(days=number)


def test_what_begins_later_stands_further_right_and_lasts_as_long_as_it_is_wide():
    line = time_line([(days(0), days(10)), (days(10), days(30))], NOW)
    first, second = line.bar(days(0), days(10)), line.bar(days(10), days(30))
    start, width = float(first.start[:-1]), float(first.width[:-1])
    assert abs(start + width - float(second.start[:-1])) < 0.02
    assert abs(float(second.width[:-1]) - 2 * width) < 0.05


def test_a_sale_without_an_end_reaches_the_edge_and_says_that_it_goes_on():
    bar = time_line([(days(-3), None)], NOW).bar(days(-3), None)
    assert bar.open_ended
    assert abs(float(bar.start[:-1]) + float(bar.width[:-1]) - 100) < 0.02


def test_what_began_long_ago_or_ends_in_years_does_not_push_today_off_the_line():
    line = time_line([(days(-400), days(4_000))], NOW)
    assert 2 < float(line.now(NOW)[:-1]) < 30
    assert line.begin == days(-7)


def test_the_shortest_sale_is_still_to_be_seen():
    line = time_line([(days(0), days(0.01)), (days(0), days(150))], NOW)
    assert float(line.bar(days(0), days(0.01)).width[:-1]) >= 1


def test_the_marks_are_midnights_of_the_shop_and_few_enough_to_read():
    for last in (3, 20, 60, 180):
        ticks = time_line([(NOW, days(last))], NOW).ticks(SHANGHAI)
        assert 1 <= len(ticks) <= 8
        assert all(tick.at.astimezone(SHANGHAI).hour == 0 for tick in ticks)

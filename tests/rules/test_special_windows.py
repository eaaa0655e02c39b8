"""Windows of special prices: one at a time (R2)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from catalog.special_windows import SaleWindow, overlaps


def window(start: int, end: int | None) -> SaleWindow:
    return SaleWindow(datetime(2026, 1, start, tzinfo=UTC), None if end is None else datetime(2026, 1, end, tzinfo=UTC))


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (window(1, 5), window(5, 9), False),
        (window(1, 5), window(4, 9), True),
        (window(1, 9), window(4, 5), True),
        (window(3, 4), window(3, 4), True),
        (window(1, None), window(5, 9), True),
        (window(9, None), window(5, 9), False),
        (window(1, None), window(5, None), True),
    ],
)
def test_a_window_may_begin_as_another_ends_and_not_sooner(one, other, overlap):
    assert overlaps(one, [other]) is overlap
    assert overlaps(other, [one]) is overlap


def test_nothing_overlaps_nothing():
    assert not overlaps(window(1, None), [])

"""Earned points that are no longer there are withheld in money (R8)."""

from __future__ import annotations

import pytest

from checkout.returns.shortfall import reverse_earned
from tests.support.programs import program


@pytest.mark.parametrize(
    ("earned", "available", "taken", "withheld"),
    [
        (400, 1000, 400, "0.00"),
        (400, 400, 400, "0.00"),
        (400, 399, 399, "0.02"),
        (400, 0, 0, "8.00"),
        (400, -50, 0, "8.00"),
        (0, 0, 0, "0.00"),
    ],
)
def test_what_is_there_is_taken_and_the_rest_is_kept_back(earned, available, taken, withheld):
    reversal = reverse_earned(program(), earned, available)
    assert (reversal.points, str(reversal.withheld)) == (taken, withheld)


@pytest.mark.parametrize(
    ("value_of_100", "missing", "withheld"),
    [("0.50", 1, "0.01"), ("0.49", 1, "0.00"), ("0.50", 3, "0.02"), ("1.25", 2, "0.03"), ("7.77", 33, "2.56")],
)
def test_what_is_missing_is_worth_its_value_rounded_half_up(value_of_100, missing, withheld):
    shop = program(**{"points.value_of_100": value_of_100})
    assert str(reverse_earned(shop, missing, 0).withheld) == withheld

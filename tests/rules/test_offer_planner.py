"""What an exchange offer gives away (R6)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from catalog.offer_planner import discount_share, implied_value_of_100, shown_share, warnings

GUIDANCE = (Decimal("0.10"), Decimal("0.30"))


@pytest.mark.parametrize(
    ("regular", "cash", "points", "share", "value"),
    [
        (89900, 71900, 9000, "0.2002", 200),
        (19900, 16900, 1500, "0.1508", 200),
        (990, 0, 500, "1.0000", 198),
        (30000, 29999, 300, "0.0000", 0),
        (20000, 19999, 200, "0.0001", 1),
        (100, 99, 66, "0.0100", 2),
    ],
)
def test_shares_have_four_places_and_values_whole_fen_half_up(regular, cash, points, share, value):
    assert shown_share(discount_share(regular, cash)) == Decimal(share)
    assert str(shown_share(discount_share(regular, cash))) == share
    assert implied_value_of_100(regular, cash, points) == value


@pytest.mark.parametrize(
    ("regular", "cash", "reasons"),
    [
        (10000, 9000, []),
        (10000, 7000, []),
        (10000, 9001, ["discount_below_guidance"]),
        (10000, 6999, ["discount_above_guidance"]),
        # Both are shown as the limit itself, and are outside all the same.
        (1000000, 900001, ["discount_below_guidance"]),
        (1000000, 699999, ["discount_above_guidance"]),
    ],
)
def test_the_guidance_is_compared_with_the_share_as_it_is(regular, cash, reasons):
    assert [warning.reason for warning in warnings(discount_share(regular, cash), GUIDANCE)] == reasons


def test_a_warning_says_the_share_and_the_limit():
    (warning,) = warnings(discount_share(10000, 9500), GUIDANCE)
    assert dict(warning.facts) == {"share": "0.0500", "low": "0.10"}


def test_goods_that_cost_nothing_have_no_share():
    assert discount_share(0, 0) == Fraction(0)

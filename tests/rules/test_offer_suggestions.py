"""Pairs of cash and points for a sign in the window: round, inside the guidance, worth what points are."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from catalog.offer_planner import discount_share
from catalog.offer_suggestions import MOST, suggest

GUIDANCE = (Decimal("0.10"), Decimal("0.30"))


def pairs(regular, target, *, value=200, guidance=GUIDANCE, unit=100):
    return [(each.cash, each.points) for each in suggest(regular, Fraction(target), value, guidance, unit)]


def test_a_mouse_of_79_costs_59_and_a_thousand_points():
    assert pairs(79_00, "0.25")[0] == (59_00, 1000)


def test_the_nearest_to_the_target_comes_first():
    found = [(79_00 - cash) / 79_00 for cash, _ in pairs(79_00, "0.2")]
    assert abs(found[0] - 0.2) == min(abs(share - 0.2) for share in found)


@pytest.mark.parametrize("regular", [1_00, 9_90, 19_99, 79_00, 123_45, 999_00, 12_345_00, 999_999_00])
@pytest.mark.parametrize("target", ["0.10", "0.2", "0.25", "0.30"])
def test_every_pair_is_round_inside_the_guidance_and_worth_about_what_points_are(regular, target):
    found = suggest(regular, Fraction(target), 200, GUIDANCE, 100)
    assert len(found) <= MOST
    assert len({each.points for each in found}) == len({each.cash for each in found}) == len(found)
    for each in found:
        share = discount_share(regular, each.cash)
        assert Fraction("0.10") <= share <= Fraction("0.30")
        assert each.points >= 1
        assert each.points % 10 == 0 or regular < 10_00
        assert 0 <= each.cash < regular
        implied = Fraction(regular - each.cash, each.points) * 100
        assert Fraction(85, 100) * 200 <= implied <= Fraction(115, 100) * 200


def test_goods_of_a_price_have_something_to_choose_from():
    for regular in (39_00, 79_00, 199_00, 1_299_00):
        assert len(pairs(regular, "0.2")) >= 3, regular


def test_a_target_outside_the_guidance_is_answered_from_inside():
    assert pairs(79_00, "0.9") == pairs(79_00, "0.30")
    assert pairs(79_00, "0") == pairs(79_00, "0.10")


def test_money_without_decimals_has_pairs_too():
    # 7,900 yen; 100 points are worth 100 yen.
    for cash, points in pairs(7_900, "0.2", value=100, unit=1):
        assert cash % 10 == 0
        assert points % 10 == 0


def test_what_costs_nothing_cannot_be_made_cheaper():
    assert pairs(0, "0.2") == []
    assert pairs(1, "0.2") == []

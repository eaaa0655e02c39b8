"""The points that a line earns on the cash it is charged (R3)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from checkout.pricing.earning import earning_rates, points_earned
from kernel.money import Money
from tests.support.programs import program

VANCL = program()


def earned(cash, gift="0.00", *, tier="ORDINARY", price_class="REGULAR", points_rate=None, third_party=False):
    rates = earning_rates(
        VANCL,
        VANCL.tier(tier),
        price_class,
        points_rate=None if points_rate is None else Decimal(points_rate),
        third_party=third_party,
    )
    return points_earned(Money.parse(cash, "CNY"), Money.parse(gift, "CNY"), rates)


@pytest.mark.parametrize(
    ("price_class", "points"), [("REGULAR", 200), ("SALE", 50), ("GROUP_BUY", 50), ("EXCHANGE", 200)]
)
def test_each_price_class_earns_at_its_rate(price_class, points):
    assert earned("100.00", price_class=price_class) == points


def test_an_svip_who_pays_100_yuan_earns_400_points_worth_8_yuan():
    points = earned("100.00", tier="SVIP")
    assert points == 400
    assert str(VANCL.value_of_100.times(Decimal(points) / 100)) == "8.00"


@pytest.mark.parametrize(("tier", "points"), [("ORDINARY", 398), ("VIP", 597), ("SVIP", 796)])
def test_the_tier_multiplies(tier, points):
    assert earned("199.00", tier=tier) == points


def test_third_party_goods_earn_at_their_own_rate():
    assert earned("129.00", third_party=True) == 0


@pytest.mark.parametrize("third_party", [True, False])
@pytest.mark.parametrize("price_class", ["REGULAR", "SALE"])
def test_a_products_own_rate_comes_before_all_others(third_party, price_class):
    assert earned("39.00", points_rate="0.3", third_party=third_party, price_class=price_class) == 11  # 11.7
    assert earned("39.00", points_rate="0", third_party=third_party, price_class=price_class) == 0


@pytest.mark.parametrize(
    ("cash", "gift", "price_class", "points"),
    [
        ("100.00", "100.00", "REGULAR", 100),  # a gift card earns at 1
        ("100.00", "40.00", "REGULAR", 160),
        ("100.00", "40.00", "SALE", 50),  # never more than the line's rate
    ],
)
def test_the_part_that_a_gift_card_paid_earns_less(cash, gift, price_class, points):
    assert earned(cash, gift, price_class=price_class) == points


@pytest.mark.parametrize(
    ("cash", "gift", "tier", "price_class", "points"),
    [
        ("0.99", "0.00", "ORDINARY", "SALE", 0),
        ("1.99", "0.00", "ORDINARY", "SALE", 0),
        ("2.00", "0.00", "ORDINARY", "SALE", 1),
        ("0.33", "0.00", "VIP", "REGULAR", 0),  # 0.99: the multiplier comes before the rounding
        ("0.34", "0.00", "VIP", "REGULAR", 1),
        ("1.50", "0.75", "ORDINARY", "REGULAR", 2),  # 1.5 + 0.75: one rounding for the line, not one for each part
    ],
)
def test_points_are_rounded_down_once_for_the_line(cash, gift, tier, price_class, points):
    assert earned(cash, gift, tier=tier, price_class=price_class) == points


def test_half_a_yuan_is_the_least_that_earns_a_point():
    assert earned("0.49") == 0
    assert earned("0.50") == 1


def test_points_are_for_one_unit_of_the_currency_however_many_digits_it_has():
    for currency, minor in (("CNY", 10_000), ("JPY", 100), ("KWD", 100_000)):
        rates = earning_rates(VANCL, VANCL.tier("VIP"), "REGULAR", points_rate=None, third_party=False)
        assert points_earned(Money(minor, currency), Money(0, currency), rates) == 300

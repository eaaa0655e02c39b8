"""What one unit costs, under which class, and why (R2)."""

from __future__ import annotations

import pytest

from checkout.pricing.steps import step_from_json, step_to_json
from checkout.pricing.unit_price import SpecialPrice, exchange_price, unit_price
from kernel.money import Money
from tests.support.programs import program

VANCL = program()
SALES_TOO = program(**{"tier_discount.excluded_classes": ["GROUP_BUY", "EXCHANGE"]})
NOTHING_EXCLUDED = program(**{"tier_discount.excluded_classes": []})


def yuan(text):
    return Money.parse(text, "CNY")


def steps(price):
    return [(step.rule.value, str(step.change)) for step in price.steps]


def price(shop, tier, regular, special=None, price_class="SALE"):
    return unit_price(
        shop, shop.tier(tier), yuan(regular), SpecialPrice(yuan(special), price_class) if special else None
    )


@pytest.mark.parametrize(
    ("tier", "charged", "why"),
    [
        ("ORDINARY", "199.00", []),
        ("VIP", "195.02", [("TIER_DISCOUNT", "-3.98")]),
        ("SVIP", "189.05", [("TIER_DISCOUNT", "-9.95")]),
    ],
)
def test_regular_goods_cost_the_tiers_price(tier, charged, why):
    found = price(VANCL, tier, "199.00")
    assert (str(found.cash), found.price_class, found.points, steps(found)) == (charged, "REGULAR", 0, why)


@pytest.mark.parametrize(("price_class", "rule"), [("SALE", "SALE_PRICE"), ("GROUP_BUY", "GROUP_BUY_PRICE")])
@pytest.mark.parametrize("tier", ["VIP", "SVIP"])
def test_an_excluded_class_gets_no_tier_discount_and_says_so(price_class, rule, tier):
    found = price(VANCL, tier, "9.90", "6.60", price_class)
    assert (str(found.cash), found.price_class) == ("6.60", price_class)
    assert steps(found) == [(rule, "-3.30"), ("TIER_DISCOUNT_EXCLUDED", "0.00")]
    assert found.steps[1].facts["price_class"] == price_class
    assert found.steps[1].facts["tier"] == tier


def test_nothing_is_excluded_from_a_discount_that_the_tier_does_not_give():
    assert steps(price(VANCL, "ORDINARY", "9.90", "6.60")) == [("SALE_PRICE", "-3.30")]


@pytest.mark.parametrize(
    ("special", "charged", "why"),
    [
        ("150.00", "150.00", [("SALE_PRICE", "-49.00"), ("TIER_DISCOUNT", "0.00")]),
        ("198.00", "189.05", [("SALE_PRICE", "-1.00"), ("TIER_DISCOUNT", "-8.95")]),
        ("189.05", "189.05", [("SALE_PRICE", "-9.95"), ("TIER_DISCOUNT", "0.00")]),
    ],
)
def test_best_of_charges_the_lower_of_special_and_tier_price_and_the_class_stays(special, charged, why):
    found = price(SALES_TOO, "SVIP", "199.00", special)
    assert (str(found.cash), found.price_class, steps(found)) == (charged, "SALE", why)


@pytest.mark.parametrize("shop", [VANCL, NOTHING_EXCLUDED], ids=["excluded", "not excluded"])
@pytest.mark.parametrize("tier", ["ORDINARY", "VIP", "SVIP"])
def test_an_exchange_costs_the_offers_cash_and_points_and_is_never_discounted(shop, tier):
    found = exchange_price(shop, shop.tier(tier), yuan("199.00"), yuan("169.00"), 1500)
    assert (str(found.cash), found.points, found.price_class) == ("169.00", 1500, "EXCHANGE")
    assert steps(found)[0] == ("EXCHANGE_OFFER", "-30.00")
    assert ("TIER_DISCOUNT_EXCLUDED" in [rule for rule, _ in steps(found)]) == (shop is VANCL and tier != "ORDINARY")


@pytest.mark.parametrize("shop", [VANCL, SALES_TOO, NOTHING_EXCLUDED])
@pytest.mark.parametrize("tier", ["ORDINARY", "VIP", "SVIP"])
@pytest.mark.parametrize("special", [None, "0.01", "5.55", "9.89"])
def test_the_steps_lead_from_the_regular_price_to_the_price_charged(shop, tier, special):
    found = price(shop, tier, "9.90", special)
    assert yuan("9.90") + sum((step.change for step in found.steps), yuan("0")) == found.cash
    assert all(not step.change > yuan("0") for step in found.steps)


def test_a_stored_step_is_read_as_it_was():
    for step in price(VANCL, "VIP", "9.90", "6.60").steps:
        assert step_from_json(step_to_json(step), "CNY") == step

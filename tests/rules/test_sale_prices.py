from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.sale_prices import Rounding, sale_price


@pytest.mark.parametrize(
    ("regular", "percent", "rounding", "expected"),
    [
        (10_000, "20", Rounding.EXACT, 8_000),
        (9_999, "15", Rounding.EXACT, 8_499),
        (101, "50", Rounding.EXACT, 51),
        (9_999, "15", Rounding.WHOLE, 8_400),
        (26_900, "20", Rounding.NINE, 20_900),
        (24_900, "20", Rounding.NINE, 19_900),
        (24_875, "20", Rounding.NINE, 19_900),
        (1_125, "20", Rounding.NINE, 900),
        (1_100, "20", Rounding.NINE, 800),
        (60, "20", Rounding.WHOLE, 48),
        (60, "20", Rounding.NINE, 48),
    ],
)
def test_so_much_off_is_rounded_as_the_shop_likes_its_prices(regular, percent, rounding, expected):
    assert sale_price(regular, Decimal(percent), rounding, 100) == expected


@pytest.mark.parametrize("rounding", list(Rounding))
def test_a_rounded_price_is_never_above_the_promise_and_never_nothing(rounding):
    for regular in range(1, 5_000, 7):
        for percent in ("1", "12.5", "33", "99"):
            exact = sale_price(regular, Decimal(percent), Rounding.EXACT, 100)
            price = sale_price(regular, Decimal(percent), rounding, 100)
            assert price <= exact
            assert price > 0 or exact == 0


def test_a_currency_without_minor_units_is_rounded_in_its_own():
    assert sale_price(2_480, Decimal(20), Rounding.NINE, 1) == 1_979

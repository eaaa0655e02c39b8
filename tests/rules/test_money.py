"""Money is whole minor units of one currency, rounded half up once (R1)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kernel.money import Money, NotAnAmount, round_half_up, split, total


def yuan(text):
    return Money.parse(text, "CNY")


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.4", 0), ("0.5", 1), ("1.5", 2), ("2.5", 3), ("2.4999", 2), ("-0.5", -1), ("194.53", 195), ("7", 7)],
)
def test_a_half_is_rounded_up(value, rounded):
    assert round_half_up(Decimal(value)) == rounded


@pytest.mark.parametrize(
    ("price", "rate", "charged"),
    [
        ("199.00", "0.98", "195.02"),
        ("9.90", "0.95", "9.41"),  # 9.405
        ("0.01", "0.5", "0.01"),
        ("0.01", "0.49", "0.00"),
        ("33.33", "0.98", "32.66"),  # 32.6634
        ("99.99", "1", "99.99"),
    ],
)
def test_a_unit_price_at_a_rate_is_rounded_half_up_to_the_minor_unit(price, rate, charged):
    assert str(yuan(price).times(Decimal(rate))) == charged


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("195.02", "CNY", 19502),
        ("195", "CNY", 19500),
        ("1200", "JPY", 1200),
        ("1.234", "KWD", 1234),
        ("1.230", "CNY", 123),
    ],
)
def test_an_amount_is_read_in_its_currencys_digits(text, currency, minor):
    assert Money.parse(text, currency).minor == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [("1.234", "CNY"), ("0.5", "JPY"), ("", "CNY"), ("one", "CNY"), ("NaN", "CNY"), ("Infinity", "CNY"),
     ("10000000000.00", "CNY"), ("1e40", "CNY"),
     ("1.00" + "0" * 40 + "1", "CNY"), ("9999999999." + "0" * 25 + "1", "CNY")],
)  # fmt: skip
def test_what_is_no_amount_is_refused(text, currency):
    with pytest.raises(NotAnAmount):
        Money.parse(text, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "shown"), [(5, "CNY", "0.05"), (5, "JPY", "5"), (5, "KWD", "0.005"), (-150, "GBP", "-1.50")]
)
def test_an_amount_is_shown_with_its_currencys_digits(minor, currency, shown):
    assert str(Money(minor, currency)) == shown


def test_two_currencies_do_not_mix():
    for mix in (lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a >= b):
        with pytest.raises(ValueError, match="do not mix"):
            mix(Money(1, "CNY"), Money(1, "GBP"))
    assert Money(1, "CNY") != Money(1, "GBP")


@pytest.mark.parametrize(
    ("whole", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (1, [1, 2], [0, 1]),
        (5, [3, 3, 3, 1], [2, 2, 1, 0]),  # remainders .5 .5 .5 .5: the earlier ones
        (10, [0, 7], [0, 10]),
        (0, [5, 5], [0, 0]),
        (0, [0, 0], [0, 0]),
        (7, [7], [7]),
        (0, [], []),
    ],
)
def test_shares_go_by_largest_remainder_and_a_tie_to_the_earlier(whole, weights, parts):
    assert split(whole, weights) == parts


def test_what_nobody_can_share_is_not_lost():
    with pytest.raises(ValueError, match="nobody"):
        split(1, [0, 0])
    with pytest.raises(ValueError, match="not negative"):
        split(-1, [1])


def test_a_sum_of_nothing_is_zero():
    assert total([], "CNY") == yuan("0")
    assert total([yuan("1.10"), yuan("2.20")], "CNY") == yuan("3.30")

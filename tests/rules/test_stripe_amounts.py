"""Stripe counts amounts in units of its own: mostly a currency's smallest, and not always."""

from __future__ import annotations

import pytest

from checkout.payments.amounts import NotPayable, from_stripe, to_stripe
from kernel.money import Money

AMOUNTS = [
    ("19.90", "CNY", 1990),
    ("1990", "JPY", 1990),
    ("1990", "KRW", 1990),
    ("1.230", "KWD", 1230),
    # Without decimals in life, in hundredths at Stripe.
    ("500", "ISK", 50_000),
    ("500", "UGX", 50_000),
    ("0.50", "USD", 50),
]


@pytest.mark.parametrize(("amount", "currency", "units"), AMOUNTS)
def test_an_amount_is_told_in_stripes_units_and_understood_again(amount, currency, units):
    money = Money.parse(amount, currency)
    assert to_stripe(money) == units
    assert from_stripe(units, currency.lower()) == (money, True)


def test_of_three_decimals_the_last_must_be_zero():
    with pytest.raises(NotPayable):
        to_stripe(Money.parse("1.235", "KWD"))


def test_an_amount_finer_than_the_currency_is_not_taken_for_a_whole_one():
    assert from_stripe(50_050, "isk")[1] is False

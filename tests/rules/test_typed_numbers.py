"""What people type for a number, and what the shop takes it for."""

from __future__ import annotations

import pytest
from starlette.datastructures import FormData

from console.forms import decimal_of, whole_of
from console.numbers import plain_number
from kernel.refusals import Refusals


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("129.50", "129.50"),
        ("1,299", "1299"),
        ("1,299,000.50", "1299000.50"),
        ("1 299.5", "1299.5"),
        ("1\u00a0299", "1299"),
        ("１，２９９．５０", "1299.50"),
        ("-1,000", "-1000"),
        ("－5", "-5"),
        (".5", ".5"),
        ("5.", "5."),
        ("0012", "0012"),
    ],
)
def test_commas_and_spaces_are_taken_between_thousands(text, number):
    assert plain_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "129,50",
        "129，50",
        "129,5",
        "1,2,3",
        "12,34,567",
        "0,500",
        "1,299 000",
        "1299,000",
        ",500",
        "1.299,50",
        "129 50",
        "1e3",
        "1_000",
        ".",
        "-",
        "",
        "NaN",
        "五",
        "10²",
    ],
)
def test_a_decimal_comma_is_no_number_rather_than_a_hundred_times_as_much(text):
    assert plain_number(text) is None


def test_a_price_with_a_decimal_comma_is_told_beside_its_field():
    refusals = Refusals()
    form = FormData({"price": "129,50", "stock": "1,5"})
    assert decimal_of(form, "price", refusals) is None
    assert whole_of(form, "stock", refusals) == 0
    assert [(each.path, each.reason) for each in refusals.found] == [
        (("price",), "not_a_number"),
        (("stock",), "not_a_whole_number"),
    ]

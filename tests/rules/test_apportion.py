"""What goes back, and what is kept (R7)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from checkout.pricing.earning import EarningRates
from checkout.returns.apportion import KeptLine, goes_back, is_full, kept_figures
from checkout.returns.eligibility import ReturnLine, check_units
from kernel.money import Money
from kernel.refusals import InvalidInput, NotFound

REGULAR = EarningRates(Decimal(2), Decimal(1), Decimal(1))


def line(quantity, cash, *, gift="0.00", points=0, returned=0, rates=REGULAR, id_="a"):
    return KeptLine(
        id_, None, None, quantity, returned, Money.parse(cash, "CNY"), Money.parse(gift, "CNY"), points, rates
    )


def told(figures):
    return str(figures.cash), str(figures.gift_card), figures.points, figures.earned


@pytest.mark.parametrize(
    ("kept", "figures"),
    [
        (3, ("19.80", "10.00", 90, 29)),  # 9.80 x 2 + 10.00
        (2, ("13.20", "6.66", 60, 19)),  # 6.54 x 2 + 6.66 = 19.74
        (1, ("6.60", "3.33", 30, 9)),  # 3.27 x 2 + 3.33 = 9.87
        (0, ("0.00", "0.00", 0, 0)),
    ],
)
def test_what_is_kept_of_a_line(kept, figures):
    assert told(kept_figures(line(3, "19.80", gift="10.00", points=90), kept)) == figures


def test_what_goes_back_is_the_difference_to_what_was_kept_before():
    whole = line(3, "19.80", gift="10.00", points=90)
    assert told(goes_back([whole], {"a": 1})) == ("6.60", "3.34", 30, 10)
    whole.returned = 1
    assert told(goes_back([whole], {"a": 1})) == ("6.60", "3.33", 30, 10)
    assert told(goes_back([whole], {"a": 2})) == ("13.20", "6.66", 60, 19)


def test_lines_that_are_not_named_stay():
    lines = [line(1, "10.00"), line(2, "20.00", id_="b")]
    assert told(goes_back(lines, {"b": 1})) == ("10.00", "0.00", 0, 20)
    assert told(goes_back(lines, {})) == ("0.00", "0.00", 0, 0)


@pytest.mark.parametrize(
    ("returned", "taken", "full"),
    [
        ((0, 0), {"a": 1, "b": 2}, True),
        ((0, 0), {"a": 1, "b": 1}, False),
        ((0, 0), {"b": 2}, False),
        ((1, 0), {"b": 2}, False),
        ((0, 1), {"a": 1, "b": 1}, False),
    ],
)
def test_full_is_everything_in_one_go_with_nothing_returned_before(returned, taken, full):
    lines = [line(1, "10.00", returned=returned[0]), line(2, "20.00", returned=returned[1], id_="b")]
    assert is_full(lines, taken) == full


@pytest.mark.parametrize(
    ("wanted", "asked_for", "taken", "wrong"),
    [
        ([("a", 1), ("b", 2)], {}, {"a": 1, "b": 2}, []),
        ([("a", 1), ("b", 1), ("a", 1)], {}, {"a": 2, "b": 1}, []),
        ([("a", 4)], {}, None, [("lines", "0", "quantity")]),
        ([("a", 2), ("a", 2)], {}, None, [("lines", "1", "quantity")]),
        ([("a", 2)], {"a": 2}, None, [("lines", "0", "quantity")]),
        ([("a", 1)], {"a": 2}, {"a": 1}, []),
        ([("a", 0), ("b", -1)], {}, None, [("lines", "0", "quantity"), ("lines", "1", "quantity")]),
        ([("a", 1), ("z", 1)], {}, None, [("lines", "1", "orderLineId")]),
        ([("z", 0)], {}, None, [("lines", "0", "quantity"), ("lines", "0", "orderLineId")]),
        ([], {}, None, [("lines",)]),
    ],
)
def test_units_are_asked_for_once_and_no_more_than_are_kept(wanted, asked_for, taken, wrong):
    lines = [line(4, "40.00", returned=1), line(2, "20.00", id_="b")]
    found, refusals = check_units([ReturnLine(*item) for item in wanted], lines, asked_for)
    assert [refusal.path for refusal in refusals] == wrong
    assert all(isinstance(refusal, InvalidInput | NotFound) for refusal in refusals)
    if taken is not None:
        assert found == taken

"""A whole basket: what merges, what ships free, who pays what with a gift card (R2, R3)."""

from __future__ import annotations

import pytest

from checkout.basket import BasketLine, check_basket
from checkout.pricing.gift_card_shares import gift_card_shares
from checkout.pricing.shipping import shipping_fee
from kernel.money import Money
from kernel.refusals import InvalidInput
from tests.support.programs import program

FEE = program(**{"orders.shipping_fee": "8.00", "orders.free_shipping_from": "99.00"})


def yuan(text):
    return Money.parse(text, "CNY")


@pytest.mark.parametrize(("goods", "fee"), [("0.00", "8.00"), ("98.99", "8.00"), ("99.00", "0.00"), ("500.00", "0.00")])
def test_goods_that_reach_the_amount_ship_free(goods, fee):
    assert str(shipping_fee(FEE, yuan(goods))) == fee


@pytest.mark.parametrize(
    ("paid", "cash", "shares", "left"),
    [
        ("100.00", ["50.00", "50.00"], ["50.00", "50.00"], "0.00"),
        ("105.00", ["50.00", "50.00"], ["50.00", "50.00"], "5.00"),
        ("0.01", ["10.00", "10.00"], ["0.01", "0.00"], "0.00"),
        ("10.00", ["10.00", "10.00", "10.00"], ["3.34", "3.33", "3.33"], "0.00"),
        ("10.00", ["0.00", "30.00"], ["0.00", "10.00"], "0.00"),
        ("5.00", ["0.00"], ["0.00"], "5.00"),
        ("0.00", ["10.00"], ["0.00"], "0.00"),
    ],
)
def test_a_gift_card_pays_goods_by_their_cash_and_then_shipping(paid, cash, shares, left):
    found, for_shipping = gift_card_shares(yuan(paid), [yuan(c) for c in cash])
    assert ([str(share) for share in found], str(for_shipping)) == (shares, left)


def variant(name, quantity):
    return BasketLine(name, None, quantity)


def test_the_same_goods_twice_are_one_line_at_their_first_place():
    merged, refusals = check_basket([variant("a", 1), variant("b", 2), variant("a", 3), BasketLine(None, "a+", 1)])
    assert [(m.line.item_id, m.line.quantity, m.path) for m in merged] == [
        ("a", 4, ("lines", "0")),
        ("b", 2, ("lines", "1")),
        ("a+", 1, ("lines", "3")),
    ]
    assert not refusals


@pytest.mark.parametrize(
    ("quantities", "counted", "quantity", "place"),
    [((0,), False, 0, "0"), ((0, 2), True, 2, "1"), ((2, 0), True, 2, "0"), ((0, 10_000), False, 0, "0")],
)
def test_goods_of_which_so_many_cannot_be_wanted_are_looked_up_and_counted_by_their_other_lines(
    quantities, counted, quantity, place
):
    (merged,), refusals = check_basket([variant("a", each) for each in quantities])
    assert (merged.counted, merged.line.quantity, merged.path) == (counted, quantity, ("lines", place))
    assert refusals


@pytest.mark.parametrize(
    ("lines", "path", "reason"),
    [
        ([], ("lines",), "empty"),
        ([variant("a", 1)] * 101, ("lines",), "too_many"),
        ([variant("a", 0)], ("lines", "0", "quantity"), "not_between"),
        ([variant("a", 10_000)], ("lines", "0", "quantity"), "not_between"),
        ([variant("a", 9_999), variant("a", 1)], ("lines", "1", "quantity"), "not_between"),
        ([variant("a", 1), BasketLine(None, None, 1)], ("lines", "1"), "exactly_one_of"),
        ([BasketLine("a", "b", 1)], ("lines", "0"), "exactly_one_of"),
    ],
)
def test_what_is_no_basket_is_refused_at_its_place(lines, path, reason):
    _, refusals = check_basket(lines)
    assert [(r.path, r.reason) for r in refusals.found if isinstance(r, InvalidInput)] == [(path, reason)]


def test_all_that_is_wrong_with_a_basket_is_told():
    _, refusals = check_basket([variant("a", 0), variant("b", -1), BasketLine(None, None, 1)])
    assert [r.path for r in refusals.found] == [("lines", "0", "quantity"), ("lines", "1", "quantity"), ("lines", "2")]

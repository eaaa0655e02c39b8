"""Whatever stands in the way of what a member does is told at once, each at its place; and nothing is done."""

from __future__ import annotations

from decimal import Decimal

import pytest

from members.gift_cards import add_gift_card, issue_gift_card

NOWHERE = "0" * 32
LONG_KEY = "x" * 201
LONG = "x" * 2001

INVALID, NOT_FOUND = "InvalidInputError", "NotFoundError"


def refused(api, mutation, member, **wrong):
    """What stands in the way, each told once."""
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    query = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ errors {{ __typename path }} }} }}"
    errors = api.ask(query, {"input": wrong}, member=member)[mutation]["errors"]
    told = [(error["__typename"], ".".join(error["path"])) for error in errors]
    assert len(told) == len(set(told))
    return set(told)


@pytest.mark.parametrize(
    ("mutation", "wrong", "told"),
    [
        (
            "placeOrder",
            {
                "idempotencyKey": "",
                "lines": [{"variantId": f"var_{NOWHERE}", "quantity": 1}],
                "addressId": f"adr_{NOWHERE}",
                "paymentMethod": "CASH_ON_DELIVERY",
            },
            {(INVALID, "idempotencyKey"), (NOT_FOUND, "addressId"), (NOT_FOUND, "lines.0.variantId")},
        ),
        (
            "requestReturn",
            {"idempotencyKey": LONG_KEY, "orderId": f"ord_{NOWHERE}", "lines": [], "reason": LONG},
            {(INVALID, "idempotencyKey"), (INVALID, "reason"), (INVALID, "lines"), (NOT_FOUND, "orderId")},
        ),
        (
            "saveAddress",
            {"id": f"adr_{NOWHERE}", "recipient": " ", "phone": "12", "region": "x" * 201, "line": ""},
            {
                (INVALID, "recipient"),
                (INVALID, "phone"),
                (INVALID, "region"),
                (INVALID, "line"),
                (NOT_FOUND, "id"),
            },
        ),
    ],
)
def test_what_does_not_exist_hides_nothing_else(api, play, mutation, wrong, told) -> None:
    assert refused(api, mutation, play.enrol("Ana"), **wrong) == told


@pytest.fixture
def goods(play):
    play.stock("MUG", "100.00", on_hand=5)
    play.stock("GOWN", "900.00", tier="VIP")
    play.offer("deal", "MUG", "70.00", 1500, per_member_limit=2)
    play.offer("over", "MUG", "60.00", 10, ends="2026-01-02T00:00")
    play.days_later(2)
    return play


def line(play, name, quantity):
    if name is None:
        return {"variantId": f"var_{NOWHERE}", "quantity": quantity}
    key = "exchangeOfferId" if name in play.offers else "variantId"
    return {key: (play.offers | play.variants)[name], "quantity": quantity}


FEW_POINTS, FEW_CARDS = ("InsufficientPointsError", "lines"), ("InsufficientGiftCardError", "giftCardAmount")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([(None, 0)], {(INVALID, "lines.0.quantity"), (NOT_FOUND, "lines.0.variantId")}),
        ([("over", 10_000)], {(INVALID, "lines.0.quantity"), ("OfferUnavailableError", "lines.0.exchangeOfferId")}),
        ([("GOWN", -1)], {(INVALID, "lines.0.quantity"), ("TierRequiredError", "lines.0")}),
        ([("MUG", 0)], {(INVALID, "lines.0.quantity")}),
        ([("MUG", 0), ("MUG", 6)], {(INVALID, "lines.0.quantity"), ("InsufficientStockError", "lines.1.quantity")}),
        ([(None, 1), ("deal", 1)], {(NOT_FOUND, "lines.0.variantId"), FEW_POINTS}),
        (
            [("deal", 3), ("MUG", 3), ("over", 1)],
            {
                ("LimitExceededError", "lines.0.quantity"),
                ("InsufficientStockError", "lines.0.quantity"),
                ("OfferUnavailableError", "lines.2.exchangeOfferId"),
                FEW_POINTS,
            },
        ),
    ],
)
def test_a_line_that_cannot_be_priced_hides_nothing_of_itself_or_the_others(api, goods, lines, told) -> None:
    ana = goods.enrol("Ana", points=1000, gift_card="5.00")
    basket = {"lines": [line(goods, *each) for each in lines], "giftCardAmount": "6.00"}
    query = """query($input: QuoteInput!) { quote(input: $input) { quote { pointsToEarn }
      errors { __typename path ... on InsufficientPointsError { required available } } } }"""
    answer = api.ask(query, {"input": basket}, member=ana)["quote"]
    assert answer["quote"] is None
    assert {(each["__typename"], ".".join(each["path"])) for each in answer["errors"]} == told | {FEW_CARDS}
    asked = {"idempotencyKey": "k", "addressId": goods.addresses[ana], "paymentMethod": "CASH_ON_DELIVERY"}
    assert refused(api, "placeOrder", ana, **basket, **asked) == told | {FEW_CARDS}


def test_more_than_the_total_by_gift_card_is_told_only_where_there_is_a_total(api, goods) -> None:
    ana = goods.enrol("Ana", gift_card="500.00")
    asked = {"idempotencyKey": "k", "addressId": goods.addresses[ana], "paymentMethod": "CASH_ON_DELIVERY"}
    basket = {"lines": [line(goods, "MUG", 1)], "giftCardAmount": "400.00"}
    assert refused(api, "placeOrder", ana, **basket, **asked) == {(INVALID, "giftCardAmount")}
    basket["lines"].append(line(goods, "GOWN", 0))
    assert refused(api, "placeOrder", ana, **basket, **asked) == {
        (INVALID, "lines.1.quantity"),
        ("TierRequiredError", "lines.1"),
    }


@pytest.mark.parametrize(
    ("name", "told"),
    [(None, {(NOT_FOUND, "variantId")}), ("over", {("OfferUnavailableError", "exchangeOfferId")}), ("MUG", set())],
)
def test_a_number_that_is_none_hides_nothing_else_of_what_goes_into_the_cart(api, goods, name, told) -> None:
    query = "mutation($input: BasketLineInput!) { setCartLine(input: $input) { errors { __typename path } } }"
    answer = api.ask(query, {"input": line(goods, name, -1)}, member=goods.enrol("Ana"))["setCartLine"]
    found = {(each["__typename"], ".".join(each["path"])) for each in answer["errors"]}
    assert found == told | {(INVALID, "quantity")}


def test_a_full_cart_takes_no_new_line_and_changes_those_it_has(api, play) -> None:
    member = play.enrol("Ana")
    query = "mutation($input: BasketLineInput!) { setCartLine(input: $input) { errors { __typename path } } }"

    def put(name, quantity):
        answer = api.ask(query, {"input": line(play, name, quantity)}, token=token)["setCartLine"]
        return {(each["__typename"], ".".join(each["path"])) for each in answer["errors"]}

    token = api.token(member)
    for i in range(101):
        play.stock(f"S{i}", "1.00")
    assert [told for i in range(100) if (told := put(f"S{i}", 1))] == []
    assert put("S100", 1) == {(INVALID, "")}
    assert put(None, -1) == {(INVALID, ""), (INVALID, "quantity"), (NOT_FOUND, "variantId")}
    assert put("S0", 5) == set()


def test_a_reason_that_is_too_long_hides_neither_the_window_nor_units_that_are_not_there(api, play) -> None:
    member = play.enrol("Ana")
    play.stock("MUG", "100.00")
    order = play.sell(member, {"MUG": 1})
    lines = [{"orderLineId": play.lines(order)[0].id, "quantity": 2}]
    play.days_later(30)
    assert refused(api, "requestReturn", member, orderId=order, lines=lines, reason=LONG, idempotencyKey=" ") == {
        (INVALID, "reason"),
        (INVALID, "idempotencyKey"),
        (INVALID, "lines.0.quantity"),
        ("ReturnWindowClosedError", "orderId"),
    }


def test_a_twenty_first_address_is_refused_with_all_that_is_wrong_with_it(api, play) -> None:
    member = play.enrol("Ana")
    address = {"recipient": "Ana", "phone": "13800138000", "region": "上海", "line": "1"}
    for _ in range(19):
        assert refused(api, "saveAddress", member, **address) == set()
    assert refused(api, "saveAddress", member, **address | {"phone": ""}) == {(INVALID, ""), (INVALID, "phone")}


def test_a_card_too_many_is_told_at_what_it_was_given_by(api, play) -> None:
    member = play.enrol("Ana")

    def issue(key, owner=None):
        with play.db.write() as tx:
            return issue_gift_card(
                tx,
                secret=b"test",
                amount=Decimal(1),
                currency="CNY",
                member_id=owner,
                staff_id="stf_1",
                idempotency_key=key,
                now=play.now,
            )

    codes = [issue(str(i))[1] for i in range(51)]
    with play.db.write() as tx:
        for code in codes[:50]:
            add_gift_card(tx, member, code)
    assert refused(api, "addGiftCard", member, code=codes[50]) == {(INVALID, "code")}
    assert refused(api, "addGiftCard", member, code=codes[0]) == set()

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

"""Whatever stands in the way of what staff do is told at once, each at its place; and nothing is done."""

from __future__ import annotations

import pytest

from checkout.cancel_order import cancel_order

NOWHERE = "0" * 32
KEY, LONG_KEY = "k", "x" * 201
LONG = "x" * 2001

INVALID, NOT_FOUND = "InvalidInputError", "NotFoundError"


@pytest.mark.parametrize(
    ("mutation", "wrong", "told"),
    [
        (
            "adjustPoints",
            {"memberId": f"mem_{NOWHERE}", "points": 0, "reason": " ", "idempotencyKey": ""},
            {(INVALID, "points"), (INVALID, "reason"), (INVALID, "idempotencyKey"), (NOT_FOUND, "memberId")},
        ),
        (
            "setTier",
            {"memberId": f"mem_{NOWHERE}", "tierCode": "NOBILITY", "reason": " "},
            {(INVALID, "reason"), (NOT_FOUND, "tierCode"), (NOT_FOUND, "memberId")},
        ),
        (
            "issueGiftCard",
            {"memberId": f"mem_{NOWHERE}", "amount": "1.234", "idempotencyKey": LONG_KEY},
            {(INVALID, "idempotencyKey"), (INVALID, "amount"), (NOT_FOUND, "memberId")},
        ),
        (
            "openReturn",
            {
                "orderId": f"ord_{NOWHERE}",
                "lines": [{"orderLineId": f"oln_{NOWHERE}", "quantity": 0}],
                "reason": LONG,
                "idempotencyKey": LONG_KEY,
            },
            {
                (INVALID, "reason"),
                (INVALID, "idempotencyKey"),
                (INVALID, "lines.0.quantity"),
                (NOT_FOUND, "orderId"),
            },
        ),
        (
            "shipOrder",
            {"orderId": f"ord_{NOWHERE}", "carrier": "x" * 201, "trackingNumber": "x" * 201},
            {(INVALID, "carrier"), (INVALID, "trackingNumber"), (NOT_FOUND, "orderId")},
        ),
        (
            "rejectReturn",
            {"returnId": f"ret_{NOWHERE}", "reason": LONG},
            {(INVALID, "reason"), (NOT_FOUND, "returnId")},
        ),
        (
            "receiveReturn",
            {"returnId": f"ret_{NOWHERE}", "note": LONG},
            {(INVALID, "note"), (NOT_FOUND, "returnId")},
        ),
        (
            "adjustStock",
            {"sku": "NOWHERE", "change": 0, "reason": " ", "idempotencyKey": ""},
            {(INVALID, "idempotencyKey"), (INVALID, "reason"), (INVALID, "change"), (NOT_FOUND, "sku")},
        ),
    ],
)
def test_what_does_not_exist_hides_nothing_else(shop, mutation, wrong, told):
    assert refused(shop, mutation, **wrong) == told


def test_a_missing_reason_does_not_hide_that_there_are_too_few_points(shop):
    wrong = {"memberId": shop.enrol(), "points": -5, "reason": " ", "idempotencyKey": ""}
    assert refused(shop, "adjustPoints", **wrong) == {
        (INVALID, "reason"),
        (INVALID, "idempotencyKey"),
        ("InsufficientPointsError", "points"),
    }


def test_more_points_than_anybody_may_have_are_told_once(shop):
    for points in (2**53 + 1, -(2**53) - 1, 2**64, -(10**99)):
        wrong = {"memberId": shop.enrol(phone=None), "points": points, "reason": "x", "idempotencyKey": KEY}
        assert shop.refused("adjustPoints", **wrong) == [(INVALID, ["points"])]


def test_a_text_that_is_too_long_does_not_hide_that_the_state_does_not_allow_it(shop):
    ana = shop.enrol()
    goods = shop.stock()["variants"][0]["id"]
    cancelled = shop.buy(ana, goods)
    cancel_order(shop.services.shop, cancelled, member_id=ana)
    assert refused(shop, "shipOrder", orderId=cancelled, carrier="x" * 201) == {
        (INVALID, "carrier"),
        ("OrderStateError", "orderId"),
    }
    order = shop.shipped(ana, goods, 2)
    line = {"orderLineId": order["lines"][0]["id"], "quantity": 3}
    wrong = {"orderId": order["id"], "lines": [line], "reason": LONG, "idempotencyKey": ""}
    assert refused(shop, "openReturn", **wrong) == {
        (INVALID, "reason"),
        (INVALID, "idempotencyKey"),
        (INVALID, "lines.0.quantity"),
    }
    rejected, received = (open_return(shop, order, key) for key in ("one", "two"))
    shop.do("rejectReturn", "return { id }", returnId=rejected)
    shop.do("receiveReturn", "return { id }", returnId=received)
    state = ("ReturnStateError", "returnId")
    assert refused(shop, "receiveReturn", returnId=rejected, note=LONG) == {(INVALID, "note"), state}
    assert refused(shop, "rejectReturn", returnId=received, reason=LONG) == {(INVALID, "reason"), state}


def test_a_note_that_is_too_long_does_not_hide_that_a_swap_finds_no_goods(shop):
    order = shop.shipped(shop.enrol(), shop.stock(on_hand=1)["variants"][0]["id"])
    swap = open_return(shop, order, KEY, kind="SWAP")
    assert refused(shop, "receiveReturn", returnId=swap, note=LONG) == {
        (INVALID, "note"),
        ("InsufficientStockError", "returnId"),
    }
    status = "query($id: ID!) { node(id: $id) { ... on Return { status } } }"
    assert shop.ask(status, id=swap)["node"] == {"status": "REQUESTED"}


def test_what_is_done_already_succeeds_a_second_time_whatever_has_become_of_it(shop):
    order = shop.shipped(shop.enrol(), shop.stock()["variants"][0]["id"])
    wanted = {"lines": [{"orderLineId": order["lines"][0]["id"], "quantity": 1}], "reason": "x"}
    for _ in range(2):
        opened = shop.do("openReturn", "return { id }", orderId=order["id"], idempotencyKey=f" {KEY}", **wanted)[
            "return"
        ]
        shop.do("receiveReturn", "return { id }", returnId=opened["id"], note="all there")
        shop.do("shipOrder", "order { id }", orderId=order["id"], carrier="SF")
    member = shop.enrol(phone=None)
    for points in (5, -5):
        for _ in range(2):
            adjust = {"memberId": member, "points": points, "reason": "x", "idempotencyKey": str(points)}
            shop.do("adjustPoints", "member { pointsAvailable }", **adjust)


def open_return(shop, order, key, *, kind="REFUND"):
    lines = [{"orderLineId": order["lines"][0]["id"], "quantity": 1}]
    asked = {"orderId": order["id"], "kind": kind, "lines": lines, "reason": "x", "idempotencyKey": key}
    return shop.do("openReturn", "return { id }", **asked)["return"]["id"]


def refused(shop, mutation, **wrong):
    """What stands in the way, each told once."""
    told = [(kind, ".".join(path)) for kind, path in shop.refused(mutation, **wrong)]
    assert len(told) == len(set(told))
    return set(told)

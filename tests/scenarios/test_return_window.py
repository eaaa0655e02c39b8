"""Who may still ask: the member in time, staff later (R7)."""

from __future__ import annotations

import pytest

from checkout.refusals import OrderStateRefused, ReturnWindowClosed
from kernel.refusals import InvalidInput, NotFound
from tests.support.shop import refused


@pytest.fixture
def order(shop):
    shop.stock("shirt", "199.00")
    return shop.sell(shop.enrol("Ana"), {"shirt": 2})


def test_a_member_may_ask_until_just_before_thirty_days_have_passed(shop, order):
    shop.later(days=30, seconds=-1)
    shop.return_units(order, {"shirt": 1})
    shop.later(seconds=1)
    with refused(ReturnWindowClosed) as told:
        shop.return_units(order, {"shirt": 1})
    assert told.the(ReturnWindowClosed).closed_at == shop.now


def test_only_the_request_must_be_in_time(shop, order):
    shop.days_later(29)
    asked = shop.return_units(order, {"shirt": 1})
    shop.days_later(60)
    assert shop.receive(asked).status == "COMPLETED"


def test_staff_may_open_a_return_later(shop, order):
    shop.days_later(400)
    assert shop.take_back(order, {"shirt": 1}, by="staff").status == "COMPLETED"


def test_the_window_is_closed_whatever_the_order_has_become(shop, order):
    shop.take_back(order, {"shirt": 2})
    with refused(OrderStateRefused, InvalidInput):
        shop.return_units(order, {"shirt": 1})
    shop.days_later(31)
    with refused(ReturnWindowClosed, InvalidInput):
        shop.return_units(order, {"shirt": 1})


@pytest.mark.parametrize("by", ["member", "staff"])
def test_what_has_not_shipped_is_cancelled_and_not_returned(shop, by):
    shop.stock("shirt", "199.00")
    order = shop.buy(shop.enrol("Ana"), {"shirt": 1})
    with refused(OrderStateRefused) as told:
        shop.return_units(order, {"shirt": 1}, by=by)
    assert told.the(OrderStateRefused).status == "PAID"


def test_what_has_shipped_cannot_be_cancelled(shop, order):
    with refused(OrderStateRefused):
        shop.cancel(order)


def test_somebody_elses_order_does_not_exist(shop, order):
    from checkout.returns.preview_return import preview_return

    bea = shop.enrol("Bea")
    with refused(NotFound):
        preview_return(
            shop.shop, order_id=order, kind="REFUND", lines=shop.return_lines(order, {"shirt": 1}), member_id=bea
        )


def test_a_preview_tells_what_the_return_would_do_and_does_nothing(shop):
    shop.stock("shirt", "199.00")
    shop.offer("shirt+", "shirt", "169.00", 1500)
    ana = shop.enrol("Ana", points=3000)
    order = shop.sell(ana, {"shirt+": 2})
    shop.days_later(10)
    foreseen = shop.preview(order, {"shirt+": 1})
    assert shop.expiry(ana) == "2027-01-02T00:00"
    outcome = shop.take_back(order, {"shirt+": 1})
    assert (foreseen.refund.minor, foreseen.points_returned, foreseen.pending_points_reversed) == (
        outcome.refund,
        outcome.points_returned,
        outcome.pending_points_reversed,
    )
    assert foreseen.expires_at_after == outcome.expires_at_after

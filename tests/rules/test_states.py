"""Which state follows which."""

from __future__ import annotations

import pytest

from checkout.returns.eligibility import check_state
from checkout.states import ORDER_MOVES, RETURN_MOVES, moved, return_moved
from checkout.tables import OrderStatus, ReturnStatus
from tests.support.standings import beijing

ORDERS = {
    (OrderStatus.AWAITING_PAYMENT, OrderStatus.PAID),
    (OrderStatus.AWAITING_PAYMENT, OrderStatus.CANCELLED),
    (OrderStatus.PAID, OrderStatus.SHIPPED),
    (OrderStatus.PAID, OrderStatus.CANCELLED),
    (OrderStatus.SHIPPED, OrderStatus.SETTLED),
    (OrderStatus.SHIPPED, OrderStatus.RETURNED),
    (OrderStatus.SETTLED, OrderStatus.RETURNED),
}


@pytest.mark.parametrize("to", OrderStatus)
@pytest.mark.parametrize("status", OrderStatus)
def test_an_order_goes_these_ways_only(status, to):
    if (status, to) in ORDERS:
        assert moved(status, to) == to
    else:
        with pytest.raises(ValueError, match=f"from {status} to {to}"):
            moved(status, to)


@pytest.mark.parametrize("status", [ReturnStatus.REJECTED, ReturnStatus.CANCELLED])
@pytest.mark.parametrize("to", ReturnStatus)
def test_a_finished_return_stays_as_it_is(status, to):
    with pytest.raises(ValueError, match="does not go"):
        return_moved(status, to)


def test_money_that_the_bank_sends_back_is_all_that_moves_a_completed_return():
    assert RETURN_MOVES[ReturnStatus.COMPLETED] == {ReturnStatus.REFUND_FAILED}


def test_only_an_open_return_is_closed_without_goods():
    ends = {ReturnStatus.REJECTED, ReturnStatus.CANCELLED}
    assert [status for status, to in RETURN_MOVES.items() if to & ends] == [ReturnStatus.REQUESTED]


def test_every_state_has_its_row():
    assert set(ORDER_MOVES) == set(OrderStatus)
    assert set(RETURN_MOVES) == set(ReturnStatus)


@pytest.mark.parametrize("by_member", [True, False])
@pytest.mark.parametrize("status", OrderStatus)
def test_what_has_shipped_and_is_not_back_can_be_returned(status, by_member):
    now = beijing("2026-01-10T00:00")
    refused = check_state(status, beijing("2026-01-31T00:00"), by_member=by_member, now=now)
    assert bool(refused) == (status not in (OrderStatus.SHIPPED, OrderStatus.SETTLED))

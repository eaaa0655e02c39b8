"""Money back to where it came from: once, however often it is sent, and whatever the bank makes of it (R7)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from checkout.payments.gateway import ProviderEvent, ProviderRefundState, ProviderRefused, ProviderSilent
from checkout.payments.handlers import payment_handlers
from checkout.payments.take_event import take_event
from kernel.clock import SystemClock
from kernel.outbox import deliver


@pytest.fixture
def order(shop):
    """Two shirts, paid online and shipped; a part by gift card."""
    shop.stock("shirt", "199.00", 10)
    ana = shop.enrol("Ana", gift_card="100.00")
    order = shop.reserve(ana, {"shirt": 2}, gift_card="100.00")
    assert shop.pay(order)
    return shop.ship(order)


def later(shop, **by):
    at = SystemClock().now() + timedelta(**by)
    return deliver(shop.db, payment_handlers(shop.shop), clock=lambda: at)


def test_the_points_come_first_and_the_money_afterwards(shop, order):
    returned = shop.take_back(order, {"shirt": 1})
    assert (returned.status, returned.completed_at, returned.refund) == ("REFUNDING", None, 14900)
    assert (shop.payment(order).refunded, shop.gateway.refunds) == (0, {})
    shop.deliver()
    after = shop.returned(returned.id)
    assert (after.status, after.completed_at, shop.payment(order).refunded) == ("COMPLETED", shop.now, 14900)
    assert [refund.amount.minor for refund in shop.gateway.refunds.values()] == [14900]
    assert shop.gift_cards(shop.order(order).member_id) == ["50.00"]


def test_each_return_sends_its_own_part_and_together_they_are_what_was_paid(shop, order):
    for _ in range(2):
        shop.take_back(order, {"shirt": 1})
        shop.deliver()
    assert shop.payment(order).refunded == shop.payment(order).amount == 29800
    assert len(shop.gateway.refunds) == 2


def test_a_return_that_gives_no_money_back_is_completed_at_once(shop):
    shop.stock("shirt", "199.00", 10)
    shop.offer("shirt+", "shirt", "100.00", 1500)
    ana = shop.enrol("Ana", points=1500, gift_card="500.00")
    order = shop.reserve(ana, {"shirt+": 1, "shirt": 1}, gift_card="298.00")
    shop.pay(order)
    shop.ship(order)
    assert shop.swap(order, {"shirt": 1}).status == "COMPLETED"
    assert shop.refunds(order) == []


def test_where_the_answer_was_lost_the_provider_is_asked_before_it_is_sent_again(shop, order):
    returned = shop.take_back(order, {"shirt": 1})
    shop.gateway.trouble, shop.gateway.after = ProviderSilent("provider_silent"), True
    shop.deliver()
    assert shop.returned(returned.id).status == "REFUNDING"
    shop.gateway.trouble = None
    # It has forgotten the key by then.
    shop.gateway.keys.clear()
    later(shop, minutes=1)
    assert shop.returned(returned.id).status == "COMPLETED"
    assert (len(shop.gateway.refunds), shop.payment(order).refunded) == (1, 14900)


def test_a_refund_that_the_bank_takes_its_time_for_is_asked_about(shop, order):
    shop.gateway.bank_says = ProviderRefundState.PENDING
    returned = shop.take_back(order, {"shirt": 1})
    shop.deliver()
    (refund,) = shop.refunds(order)
    assert (refund.status, shop.returned(returned.id).status) == ("PENDING", "REFUNDING")
    shop.gateway.bank(refund.provider_reference, ProviderRefundState.SUCCEEDED)
    later(shop, minutes=2)
    assert (shop.refunds(order)[0].status, shop.returned(returned.id).status) == ("SUCCEEDED", "COMPLETED")


def test_an_event_about_a_refund_is_enough(shop, order):
    shop.gateway.bank_says = ProviderRefundState.PENDING
    returned = shop.take_back(order, {"shirt": 1})
    shop.deliver()
    reference = shop.refunds(order)[0].provider_reference
    shop.gateway.bank(reference, ProviderRefundState.SUCCEEDED)
    take_event(shop.shop, ProviderEvent("evt_1", "refund.updated", f"fake_{order}", reference))
    shop.deliver()
    assert shop.returned(returned.id).status == "COMPLETED"


def test_a_refund_that_is_refused_for_good_is_shown_to_staff(shop, order):
    returned = shop.take_back(order, {"shirt": 1})
    shop.gateway.trouble = ProviderRefused("provider_refused")
    sent = shop.gateway.refunds_of
    shop.gateway.refunds_of = lambda reference: []
    shop.deliver()
    shop.gateway.refunds_of = sent
    (refund,) = shop.refunds(order)
    assert (refund.status, refund.problem) == ("FAILED", "provider_refused")
    assert (shop.returned(returned.id).status, shop.payment(order).refunded) == ("REFUND_FAILED", 0)


def test_money_that_comes_back_from_the_bank_is_not_counted_as_refunded_any_more(shop, order):
    returned = shop.take_back(order, {"shirt": 1})
    shop.deliver()
    reference = shop.refunds(order)[0].provider_reference
    shop.gateway.bank(reference, ProviderRefundState.FAILED)
    for event in ("evt_1", "evt_2"):
        take_event(shop.shop, ProviderEvent(event, "refund.failed", f"fake_{order}", reference))
    shop.deliver()
    assert (shop.returned(returned.id).status, shop.payment(order).refunded) == ("REFUND_FAILED", 0)


def test_an_order_that_was_paid_online_and_is_cancelled_gets_all_of_it_back(shop):
    shop.stock("shirt", "199.00", 10)
    ana = shop.enrol("Ana", gift_card="100.00")
    order = shop.reserve(ana, {"shirt": 1}, gift_card="100.00")
    shop.pay(order)
    shop.cancel(order)
    assert (shop.gift_cards(ana), shop.payment(order).refunded) == (["100.00"], 0)
    shop.deliver()
    assert (shop.payment(order).status, shop.payment(order).refunded) == ("SUCCEEDED", 9900)

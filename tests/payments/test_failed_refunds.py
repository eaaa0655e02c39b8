"""A refund that was refused for good: staff see it, send it again, or pay it out by other means."""

from __future__ import annotations

import pytest

from checkout.payments.failed_refunds import record_refund_paid_out, retry_refund
from checkout.payments.gateway import ProviderRefundState
from checkout.payments.troubles import troubles
from kernel.paging import Window
from kernel.refusals import InvalidInput, NotFound
from staff.audit import audit_page
from tests.support.shop import STAFF, refused


@pytest.fixture
def failed(shop):
    """An order with a return whose refund the bank did not take: both ids, and the refund's."""
    shop.stock("shirt", "199.00", 10)
    order = shop.reserve(shop.enrol("Ana"), {"shirt": 2})
    shop.pay(order)
    shop.ship(order)
    shop.gateway.bank_says = ProviderRefundState.FAILED
    returned = shop.take_back(order, {"shirt": 1}).id
    shop.deliver()
    shop.gateway.bank_says = ProviderRefundState.SUCCEEDED
    return order, returned, shop.refunds(order)[0].id


def kinds(shop):
    with shop.db.read() as conn:
        return [(trouble.kind, trouble.id) for trouble in troubles(conn)]


def audited(shop):
    with shop.db.read() as conn:
        return [entry.action for entry in audit_page(conn, Window()).items if "efund" in entry.action]


def test_it_waits_for_somebody(shop, failed):
    _, returned, refund = failed
    assert shop.returned(returned).status == "REFUND_FAILED"
    assert kinds(shop) == [("REFUND_FAILED", refund)]


def test_sent_again_it_is_another_refund_and_sent_again_twice_it_is_one(shop, failed):
    order, returned, refund = failed
    again = retry_refund(shop.shop, refund, actor=STAFF)
    assert retry_refund(shop.shop, refund, actor=STAFF) == again != refund
    assert (shop.returned(returned).status, kinds(shop)) == ("REFUNDING", [])
    shop.deliver()
    assert (shop.returned(returned).status, shop.payment(order).refunded) == ("COMPLETED", 19900)
    assert [found.status for found in shop.refunds(order)] == ["SUCCEEDED", "FAILED"]
    assert audited(shop) == ["retryRefund"]


def test_failed_again_it_waits_again(shop, failed):
    _, returned, refund = failed
    shop.gateway.bank_says = ProviderRefundState.FAILED
    again = retry_refund(shop.shop, refund, actor=STAFF)
    shop.deliver()
    assert (shop.returned(returned).status, kinds(shop)) == ("REFUND_FAILED", [("REFUND_FAILED", again)])
    third = retry_refund(shop.shop, refund, actor=STAFF)
    assert third not in (refund, again)


def test_paid_out_by_other_means_it_is_done(shop, failed):
    order, returned, refund = failed
    for _ in range(2):
        assert record_refund_paid_out(shop.shop, refund, note="cash", actor=STAFF) == refund
    assert (shop.returned(returned).status, shop.payment(order).refunded) == ("COMPLETED", 19900)
    assert (kinds(shop), audited(shop)) == ([], ["recordRefundPaidOut"])
    with refused(InvalidInput):
        retry_refund(shop.shop, refund, actor=STAFF)


def test_what_is_on_its_way_is_not_paid_out_too(shop, failed):
    _, _, refund = failed
    retry_refund(shop.shop, refund, actor=STAFF)
    with refused(InvalidInput):
        record_refund_paid_out(shop.shop, refund, note="cash", actor=STAFF)


def test_of_an_unknown_refund_and_without_a_note_nothing_is_done(shop, failed):
    _, _, refund = failed
    with refused(NotFound):
        retry_refund(shop.shop, "rfd_unknown", actor=STAFF)
    with refused(InvalidInput):
        record_refund_paid_out(shop.shop, refund, note=" ", actor=STAFF)

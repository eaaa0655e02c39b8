"""Our books beside the provider's: whatever differs is found, in both directions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from checkout.payments.gateway import ProviderPaymentState, ProviderRefundState
from checkout.payments.reconcile import reconcile
from checkout.payments.records import payments_t
from kernel.money import Money

SINCE = datetime(2025, 12, 1, tzinfo=UTC)


@pytest.fixture
def order(shop):
    """An order of two shirts, paid, shipped, one of them returned and refunded."""
    shop.stock("shirt", "199.00", 10)
    order = shop.reserve(shop.enrol("Ana"), {"shirt": 2})
    shop.pay(order)
    shop.ship(order)
    shop.take_back(order, {"shirt": 1})
    shop.deliver()
    return order


def differences(shop, since=SINCE):
    with shop.db.read() as conn:
        return [(d.what, d.here, d.there) for d in reconcile(conn, shop.gateway, since)]


def change(shop, order, **values):
    reference = f"fake_{order}"
    shop.gateway.payments[reference] = replace(shop.gateway.payments[reference], **values)


def test_books_that_agree_have_no_differences(shop, order):
    bea = shop.enrol("Bea")
    waiting = shop.reserve(bea, {"shirt": 1})
    cancelled = shop.reserve(bea, {"shirt": 1})
    shop.cancel(cancelled)
    shop.deliver()
    late = shop.reserve(bea, {"shirt": 1})
    shop.cancel(late)
    shop.gateway.pay(late)
    shop.deliver()
    assert shop.order(waiting).status == "AWAITING_PAYMENT"
    assert differences(shop) == []


def test_money_that_we_have_not_noticed(shop, order):
    paid = shop.reserve(shop.enrol("Bea"), {"shirt": 1})
    shop.gateway.pay(paid)
    assert differences(shop) == [("payment", "PENDING", "SUCCEEDED")]


def test_money_that_is_not_there(shop, order):
    change(shop, order, state=ProviderPaymentState.WAITING)
    assert differences(shop) == [("payment", "SUCCEEDED", "WAITING")]


@pytest.mark.parametrize("amount", [Money(1, "CNY"), Money(39800, "USD")])
def test_another_amount_or_currency(shop, order, amount):
    change(shop, order, amount=amount, received=amount)
    ((what, here, there),) = differences(shop)
    assert (what, here, there) == ("amount asked for", "398.00 CNY", f"{amount} {amount.currency}")


def test_a_cancelled_order_that_can_still_be_paid(shop, order):
    cancelled = shop.reserve(shop.enrol("Bea"), {"shirt": 1})
    shop.cancel(cancelled)
    assert differences(shop) == [("payment of a cancelled order", "CANCELLED", "WAITING")]


def test_a_payment_that_we_do_not_know(shop, order):
    found = shop.gateway.payments[f"fake_{order}"]
    shop.gateway.payments["pi_2"] = replace(found, reference="pi_2", order_id=None)
    shop.gateway.payments["pi_3"] = replace(found, reference="pi_3", order_id="ord_gone")
    shop.gateway.payments["pi_4"] = replace(found, reference="pi_4", order_id=None, state=ProviderPaymentState.WAITING)
    assert [what for what, _, _ in differences(shop)] == ["payment pi_2", "payment pi_3"]


def test_a_payment_that_the_provider_does_not_know(shop, order):
    with shop.db.write() as tx:
        tx.execute(payments_t.update().values(provider_reference="pi_gone"))
    found = differences(shop)
    assert ("payment pi_gone", "SUCCEEDED", "unknown") in found
    assert (f"payment fake_{order}", "unknown", "SUCCEEDED 398.00 CNY") in found


def test_a_refund_that_we_did_not_send(shop, order):
    (mine,) = shop.gateway.refunds.values()
    shop.gateway.refunds["re_x"] = replace(mine, reference="re_x", refund_id=None)
    assert differences(shop) == [("refund re_x", "unknown", "SUCCEEDED 199.00 CNY")]


def test_a_refund_of_another_amount_or_state(shop, order):
    reference = shop.refunds(order)[0].provider_reference
    mine = shop.gateway.refunds[reference]
    shop.gateway.refunds[reference] = replace(mine, amount=Money(1, "CNY"), state=ProviderRefundState.FAILED)
    assert differences(shop) == [
        (f"refund {reference}", "199.00 CNY", "0.01 CNY"),
        (f"refund {reference}", "SUCCEEDED", "FAILED"),
    ]


def test_a_refund_that_has_not_been_sent(shop, order):
    shop.take_back(order, {"shirt": 1})
    ((_, here, there),) = differences(shop)
    assert (here, there) == ("PENDING 199.00 CNY", "unknown")


def test_what_is_older_is_left_alone(shop, order):
    change(shop, order, state=ProviderPaymentState.WAITING)
    assert differences(shop, datetime(2026, 2, 1, tzinfo=UTC)) == []

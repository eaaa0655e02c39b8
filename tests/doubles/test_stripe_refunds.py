"""Refunds of the double, through the `stripe` library."""

from __future__ import annotations

import time

import pytest
import stripe


@pytest.fixture
def paid(pay):
    return pay(amount=2000)


def charge_of(client, intent):
    return client.v1.charges.retrieve(client.v1.payment_intents.retrieve(intent.id).latest_charge)


def eventually(look, wanted):
    end = time.monotonic() + 5
    while (seen := look()) != wanted and time.monotonic() < end:
        time.sleep(0.01)
    assert seen == wanted


def test_a_whole_payment_is_refunded(client, paid, event_types):
    refund = client.v1.refunds.create({"payment_intent": paid.id, "reason": "requested_by_customer"})
    assert (refund.status, refund.amount, refund.reason) == ("succeeded", 2000, "requested_by_customer")
    assert refund.id.startswith("re_")
    charge = charge_of(client, paid)
    assert (charge.amount_refunded, charge.refunded, charge.status) == (2000, True, "succeeded")
    assert event_types()[-2:] == ["refund.created", "charge.refunded"]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": paid.id})
    assert (refused.value.http_status, refused.value.code) == (400, "charge_already_refunded")


def test_partial_refunds_never_exceed_the_charge(client, paid):
    charge_id = paid.latest_charge
    client.v1.refunds.create({"charge": charge_id, "amount": 700, "metadata": {"return": "ret_1"}})
    client.v1.refunds.create({"payment_intent": paid.id, "amount": 800})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"charge": charge_id, "amount": 501})
    assert (refused.value.code, refused.value.param) == ("amount_too_large", "amount")
    charge = client.v1.charges.retrieve(charge_id)
    assert (charge.amount_refunded, charge.refunded) == (1500, False)
    assert client.v1.refunds.create({"charge": charge_id}).amount == 500
    assert client.v1.charges.retrieve(charge_id).refunded
    amounts = [refund.amount for refund in client.v1.refunds.list({"payment_intent": paid.id}).data]
    assert amounts == [500, 800, 700]
    assert [refund.amount for refund in client.v1.charges.retrieve(charge_id).refunds.data] == amounts


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({}, "parameter_missing", "payment_intent"),
        ({"payment_intent": "pi_nobody"}, "resource_missing", "payment_intent"),
        ({"charge": "ch_nobody"}, "resource_missing", "charge"),
        ({"charge": "ch_nobody", "amount": 0}, "parameter_invalid_integer", "amount"),
        ({"charge": "ch_nobody", "reason": "because"}, None, "reason"),
    ],
)
def test_wrong_refunds_are_refused(client, params, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create(params)
    assert (refused.value.code, refused.value.param) == (code, param)


def test_what_was_never_paid_is_not_refunded(client, pay):
    with pytest.raises(stripe.CardError) as declined:
        pay("pm_card_chargeDeclined")
    error = declined.value.error
    with pytest.raises(stripe.InvalidRequestError, match="no successful charge"):
        client.v1.refunds.create({"payment_intent": error.payment_intent.id})
    with pytest.raises(stripe.InvalidRequestError, match="nothing to refund"):
        client.v1.refunds.create({"charge": error.charge})


def test_a_refund_that_failed_gives_the_amount_back_to_the_charge(stripe_double, client, paid, event_types):
    refund = client.v1.refunds.create({"payment_intent": paid.id, "amount": 700})
    stripe_double.tell(f"refunds/{refund.id}", status="failed", failure_reason="lost_or_stolen_card")
    refund = client.v1.refunds.retrieve(refund.id)
    assert (refund.status, refund.failure_reason) == ("failed", "lost_or_stolen_card")
    assert refund.failure_balance_transaction
    assert charge_of(client, paid).amount_refunded == 0
    assert event_types()[-3:] == ["refund.updated", "charge.refund.updated", "refund.failed"]
    assert client.v1.refunds.create({"payment_intent": paid.id}).amount == 2000


def test_the_test_card_whose_refund_fails_says_succeeded_first(stripe_double, client, pay):
    stripe_double.tell("refunds/pause", seconds=0.01)
    refund = client.v1.refunds.create({"payment_intent": pay("pm_card_refundFail").id})
    assert refund.status == "succeeded"
    eventually(lambda: client.v1.refunds.retrieve(refund.id).status, "failed")


@pytest.mark.parametrize("method", ["pm_card_pendingRefund", "alipay"])
def test_a_refund_that_takes_its_time_is_pending_first(stripe_double, client, pay, method):
    stripe_double.tell("refunds/pause", seconds=0.01)
    if method == "alipay":
        intent = pay(client.v1.payment_methods.create({"type": "alipay"}).id)
        stripe_double.tell(f"payment_intents/{intent.id}/challenge", outcome="complete")
    else:
        intent = pay(method)
    refund = client.v1.refunds.create({"payment_intent": intent.id})
    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    assert charge_of(client, intent).amount_refunded == 2000
    eventually(lambda: client.v1.refunds.retrieve(refund.id).status, "succeeded")


def test_a_refund_can_be_made_to_wait_until_it_is_let_through(stripe_double, client, paid):
    stripe_double.trouble("refund_pending")
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    assert refund.status == "pending"
    stripe_double.tell(f"refunds/{refund.id}", status="requires_action")
    assert client.v1.refunds.retrieve(refund.id).status == "requires_action"
    assert client.v1.refunds.cancel(refund.id).status == "canceled"
    assert charge_of(client, paid).amount_refunded == 0


@pytest.mark.parametrize(("starts", "seconds"), [("succeeded", 0.01), ("pending", 0.01)])
def test_a_refund_can_be_made_to_fail_later(stripe_double, client, paid, starts, seconds):
    stripe_double.trouble("refund_fails_later", starts=starts, seconds=seconds)
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    assert refund.status == starts
    eventually(lambda: client.v1.refunds.retrieve(refund.id).status, "failed")


def test_a_refund_can_be_made_to_fail_at_once_or_be_refused(stripe_double, client, paid, event_types):
    stripe_double.trouble("refund_fails", reason="declined")
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    assert (refund.status, refund.failure_reason) == ("failed", "declined")
    assert "refund.failed" in event_types()
    stripe_double.trouble("refund_refused")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": paid.id})
    assert refused.value.code == "charge_disputed"
    assert client.v1.refunds.create({"payment_intent": paid.id}).status == "succeeded"


def test_a_refund_takes_new_metadata(client, paid, event_types):
    refund = client.v1.refunds.create({"payment_intent": paid.id, "metadata": {"return": "ret_1"}})
    assert client.v1.refunds.update(refund.id, {"metadata": {"seen": "yes"}}).metadata.to_dict() == {
        "return": "ret_1",
        "seen": "yes",
    }
    assert event_types()[-1] == "charge.refund.updated"

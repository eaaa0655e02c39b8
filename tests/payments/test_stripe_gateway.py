"""Our side of Stripe, against the double: what it is asked, and what its answers and troubles come to."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
import stripe

from checkout.payments.gateway import NotSigned, ProviderRefused, ProviderSilent
from checkout.payments.stripe_gateway import StripeGateway
from kernel.money import Money
from tests.doubles.stripe.running import StripeDouble

SECRET = "whsec_test"
DUE = Money(19900, "CNY")
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture(scope="module")
def double():
    with StripeDouble() as double:
        yield double


@pytest.fixture
def gateway(double):
    double.tell("reset")
    return StripeGateway(double.secret_key, SECRET, double.url)


def paid(double, gateway, order="ord_1", card="pm_card_visa"):
    opened = gateway.open_payment(order, "20260101-ABC", DUE)
    confirm(double, opened.reference, card)
    return opened.reference


def confirm(double, reference, card):
    double.client().v1.payment_intents.confirm(
        reference, params={"payment_method": card, "return_url": "https://shop.test/back"}
    )


def test_the_same_order_asks_once(gateway):
    first, again = (gateway.open_payment("ord_1", "20260101-ABC", DUE) for _ in range(2))
    assert first == again
    assert first.client_secret.startswith(first.reference)
    found = gateway.find_payment(first.reference)
    assert (found.state, found.amount, found.order_id, found.exact) == ("WAITING", DUE, "ord_1", True)


def test_a_currency_without_decimals_is_charged_whole(gateway):
    opened = gateway.open_payment("ord_1", "1", Money(1990, "JPY"))
    assert gateway.find_payment(opened.reference).amount == Money(1990, "JPY")


def test_an_amount_that_cards_cannot_be_charged_is_refused_before_it_is_asked_for(gateway):
    with pytest.raises(ProviderRefused) as why:
        gateway.open_payment("ord_1", "1", Money(1235, "KWD"))
    assert why.value.problem == "amount_not_payable"


def test_money_that_has_arrived_is_an_answer_to_a_cancellation(double, gateway):
    reference = paid(double, gateway)
    assert gateway.find_payment(reference).received == DUE
    assert gateway.cancel_payment(reference).state == "SUCCEEDED"


def test_what_is_cancelled_may_be_cancelled_again(gateway):
    reference = gateway.open_payment("ord_1", "1", DUE).reference
    assert [gateway.cancel_payment(reference).state for _ in range(2)] == ["CANCELLED", "CANCELLED"]


def test_a_declined_card_and_a_bank_that_wants_to_see_the_customer(double, gateway):
    reference = gateway.open_payment("ord_1", "1", DUE).reference
    with pytest.raises(stripe.CardError):
        confirm(double, reference, "pm_card_visa_chargeDeclined")
    assert gateway.find_payment(reference).state == "FAILED"
    confirm(double, reference, "pm_card_authenticationRequired")
    assert gateway.find_payment(reference).state == "REQUIRES_ACTION"
    double.tell(f"payment_intents/{reference}/challenge", outcome="complete")
    assert gateway.find_payment(reference).state == "SUCCEEDED"


def test_a_refund_is_sent_once_for_its_key_and_found_by_what_we_wrote_on_it(double, gateway):
    reference = paid(double, gateway)
    half = Money(9900, "CNY")
    first, again = (gateway.refund(reference, half, key="return:ret_1", refund_id="rfd_1") for _ in range(2))
    assert first == again
    assert [(r.refund_id, r.amount, r.payment_reference) for r in gateway.refunds_of(reference)] == [
        ("rfd_1", half, reference)
    ]
    assert gateway.find_refund(first.reference) == first


def test_more_than_was_paid_is_refused_for_good(double, gateway):
    reference = paid(double, gateway)
    gateway.refund(reference, DUE, key="a", refund_id="rfd_1")
    with pytest.raises(ProviderRefused):
        gateway.refund(reference, DUE, key="b", refund_id="rfd_2")


def test_all_payments_and_refunds_are_listed_page_by_page(double, gateway):
    references = {gateway.open_payment(f"ord_{i}", str(i), DUE).reference for i in range(105)}
    assert {payment.reference for payment in gateway.payments_since(YESTERDAY)} == references
    assert list(gateway.refunds_since(YESTERDAY)) == []


@pytest.mark.parametrize(
    ("trouble", "problem"),
    [
        ({"trouble": "die_before"}, "provider_silent"),
        ({"trouble": "die_after"}, "provider_silent"),
        ({"trouble": "answer", "status": 500, "where": "door"}, "provider_trouble"),
        ({"trouble": "answer", "status": 429, "where": "door"}, "provider_busy"),
    ],
)
def test_silence_is_told_from_a_no_and_the_payment_is_there_once_afterwards(double, gateway, trouble, problem):
    double.tell("trouble", **trouble)
    with pytest.raises(ProviderSilent) as why:
        gateway.open_payment("ord_1", "1", DUE)
    assert why.value.problem == problem
    reference = gateway.open_payment("ord_1", "1", DUE).reference
    assert [payment.reference for payment in gateway.payments_since(YESTERDAY)] == [reference]


def test_a_failure_that_stripe_remembers_does_not_keep_the_order_from_being_paid(double, gateway):
    double.tell("trouble", trouble="answer", status=500, where="inside")
    with pytest.raises(ProviderSilent):
        gateway.open_payment("ord_1", "1", DUE)
    assert gateway.open_payment("ord_1", "1", DUE).reference


def test_a_wrong_key_is_for_staff_to_mend_and_nothing_of_it_is_told(double, caplog):
    caplog.set_level(logging.DEBUG)
    key = "sk_test_wrong_and_very_secret"
    with pytest.raises(ProviderSilent) as why:
        StripeGateway(key, SECRET, double.url).find_payment("pi_1")
    assert (why.value.problem, why.value.__cause__) == ("provider_key_refused", None)
    assert key not in caplog.text


def test_what_stripe_does_not_know_is_told_so(gateway):
    with pytest.raises(ProviderRefused) as why:
        gateway.find_payment("pi_unknown")
    assert why.value.problem == "provider_does_not_know"


def event(**about):
    return json.dumps({"id": "evt_1", "object": "event", "type": "x.y", "data": {"object": about}})


def signed(body, *, age=0, secret=SECRET):
    at = int(datetime.now(UTC).timestamp()) - age
    return stripe.WebhookSignature.generate_signature_header(body, secret, at)


@pytest.mark.parametrize(
    ("about", "payment", "refund"),
    [
        ({"object": "payment_intent", "id": "pi_1"}, "pi_1", None),
        ({"object": "charge", "id": "ch_1", "payment_intent": "pi_1"}, "pi_1", None),
        ({"object": "refund", "id": "re_1", "payment_intent": "pi_1"}, "pi_1", "re_1"),
        ({"object": "customer", "id": "cus_1"}, None, None),
    ],
)
def test_an_event_names_what_it_is_about(gateway, about, payment, refund):
    body = event(**about)
    found = gateway.read_event(body.encode(), signed(body))
    assert (found.id, found.payment_reference, found.refund_reference) == ("evt_1", payment, refund)


def test_what_stripe_has_not_signed_just_now_is_not_read(gateway):
    body = event()
    old, forged = signed(body, age=301), signed(body, secret="whsec_other")
    for header in (None, "", "nonsense", "t=1,v1=é", old, forged, signed(body + " ")):
        with pytest.raises(NotSigned):
            gateway.read_event(body.encode(), header)
    with pytest.raises(NotSigned):
        gateway.read_event(b"\xff\xfe", signed("x"))
    with pytest.raises(ValueError, match="event"):
        gateway.read_event(b"[]", signed("[]"))

"""PaymentIntents of the double, through the `stripe` library."""

from __future__ import annotations

import pytest
import stripe

BACK = "https://shop.example/back"


def test_a_new_intent_waits_for_a_payment_method(client, event_types):
    intent = client.v1.payment_intents.create(
        {
            "amount": 2000,
            "currency": "usd",
            "automatic_payment_methods": {"enabled": True},
            "metadata": {"order": "ord_1"},
            "description": "Order 1",
        }
    )
    assert intent.status == "requires_payment_method"
    assert (intent.amount, intent.currency, intent.livemode) == (2000, "usd", False)
    assert intent.metadata["order"] == "ord_1"
    assert intent.id.startswith("pi_")
    assert intent.client_secret.startswith(f"{intent.id}_secret_")
    assert intent.payment_method_types == ["card", "alipay", "wechat_pay"]
    assert client.v1.payment_intents.retrieve(intent.id) == intent
    assert event_types() == ["payment_intent.created"]


def test_a_card_pays_at_once(client, pay, event_types):
    intent = pay("pm_card_visa")
    assert intent.status == "succeeded"
    assert intent.amount_received == 2000
    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (charge.status, charge.paid, charge.amount_refunded, charge.refunded) == ("succeeded", True, 0, False)
    assert charge.id.startswith("ch_")
    assert charge.payment_method_details.card.last4 == "4242"
    assert charge.outcome.type == "authorized"
    assert event_types() == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


@pytest.mark.parametrize(
    ("method", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
        ("pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
        ("pm_card_visa_chargeDeclinedVelocityLimitExceeded", "card_declined", "card_velocity_exceeded"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", None),
        ("pm_card_radarBlock", "card_declined", "fraudulent"),
    ],
)
def test_a_declined_card_says_why(client, pay, event_types, method, code, decline_code):
    with pytest.raises(stripe.CardError) as declined:
        pay(method)
    error = declined.value.error
    assert (declined.value.http_status, declined.value.code, error.type) == (402, code, "card_error")
    assert getattr(error, "decline_code", None) == decline_code
    intent = client.v1.payment_intents.retrieve(error.payment_intent.id)
    assert (intent.status, intent.payment_method) == ("requires_payment_method", None)
    assert intent.last_payment_error.code == code
    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (charge.status, charge.paid, charge.failure_code) == ("failed", False, code)
    assert charge.id == error.charge
    assert event_types() == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]


def test_a_declined_card_is_tried_again_with_another(client, pay):
    with pytest.raises(stripe.CardError) as declined:
        pay("pm_card_chargeDeclined")
    intent_id = declined.value.error.payment_intent.id
    intent = client.v1.payment_intents.confirm(intent_id, {"payment_method": "pm_card_visa", "return_url": BACK})
    assert (intent.status, intent.last_payment_error) == ("succeeded", None)
    statuses = [charge.status for charge in client.v1.charges.list({"payment_intent": intent_id}).data]
    assert statuses == ["succeeded", "failed"]


@pytest.mark.parametrize(
    ("method", "outcome", "status", "code"),
    [
        ("pm_card_authenticationRequired", "complete", "succeeded", None),
        ("pm_card_authenticationRequired", "fail", "requires_payment_method", "payment_intent_authentication_failure"),
        ("pm_card_threeDSecureRequiredChargeDeclined", "complete", "requires_payment_method", "card_declined"),
    ],
)
def test_three_d_secure_asks_the_customer_first(stripe_double, client, pay, method, outcome, status, code):
    intent = pay(method)
    assert intent.status == "requires_action"
    assert intent.next_action.type == "redirect_to_url"
    assert intent.next_action.redirect_to_url.return_url == BACK
    assert intent.latest_charge is None
    stripe_double.tell(f"payment_intents/{intent.id}/challenge", outcome=outcome)
    intent = client.v1.payment_intents.retrieve(intent.id)
    assert (intent.status, intent.next_action) == (status, None)
    assert (intent.last_payment_error and intent.last_payment_error.code) == code


@pytest.mark.parametrize(
    ("kind", "options", "action"),
    [
        ("alipay", {}, "alipay_handle_redirect"),
        ("wechat_pay", {"payment_method_options": {"wechat_pay": {"client": "web"}}}, "wechat_pay_display_qr_code"),
    ],
)
def test_alipay_and_wechat_pay_send_the_customer_away(stripe_double, client, event_types, kind, options, action):
    intent = client.v1.payment_intents.create({"amount": 9900, "currency": "cny"})
    told = {"payment_method_data": {"type": kind}, "return_url": BACK, **options}
    intent = client.v1.payment_intents.confirm(intent.id, told)
    assert (intent.status, intent.next_action.type) == ("requires_action", action)
    stripe_double.tell(f"payment_intents/{intent.id}/challenge", outcome="process")
    assert client.v1.payment_intents.retrieve(intent.id).status == "processing"
    with pytest.raises(stripe.InvalidRequestError, match="canceled"):
        client.v1.payment_intents.cancel(intent.id)
    stripe_double.tell(f"payment_intents/{intent.id}/challenge", outcome="complete")
    intent = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert intent.status == "succeeded"
    assert intent.latest_charge.id.startswith("py_")
    assert intent.latest_charge.payment_method_details.type == kind
    assert event_types() == [
        "payment_intent.created",
        "payment_intent.requires_action",
        "payment_intent.processing",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


def test_a_payment_turned_down_at_alipay_can_be_made_by_card(stripe_double, client):
    intent = client.v1.payment_intents.create({"amount": 9900, "currency": "cny"})
    alipay = client.v1.payment_methods.create({"type": "alipay"})
    client.v1.payment_intents.confirm(intent.id, {"payment_method": alipay.id, "return_url": BACK})
    stripe_double.tell(f"payment_intents/{intent.id}/challenge", outcome="fail")
    assert client.v1.payment_intents.retrieve(intent.id).status == "requires_payment_method"
    paid = client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa", "return_url": BACK})
    assert paid.status == "succeeded"


def test_a_device_confirms_with_the_publishable_key_and_the_client_secret(stripe_double, client):
    intent = client.v1.payment_intents.create({"amount": 2000, "currency": "usd"})
    device = stripe_double.client(stripe_double.publishable_key)
    told = {"client_secret": intent.client_secret, "payment_method": "pm_card_visa", "use_stripe_sdk": True}
    with pytest.raises(stripe.InvalidRequestError, match="client_secret"):
        device.v1.payment_intents.confirm(intent.id, {**told, "client_secret": f"{intent.id}_secret_wrong"})
    assert device.v1.payment_intents.confirm(intent.id, told).status == "succeeded"
    with pytest.raises(stripe.PermissionError):
        device.v1.payment_intents.list()


def test_methods_that_may_redirect_need_an_address_to_come_back_to(client):
    intent = client.v1.payment_intents.create({"amount": 2000, "currency": "usd"})
    with pytest.raises(stripe.InvalidRequestError, match="return_url"):
        client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    told = {"automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}
    intent = client.v1.payment_intents.create({"amount": 2000, "currency": "usd", **told})
    assert intent.payment_method_types == ["card"]
    assert client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).status == "succeeded"


def test_the_amount_is_changed_until_it_is_paid(client):
    intent = client.v1.payment_intents.create({"amount": 2000, "currency": "usd", "payment_method": "pm_card_visa"})
    assert intent.status == "requires_confirmation"
    intent = client.v1.payment_intents.update(intent.id, {"amount": 1500, "metadata": {"a": "1", "b": "2"}})
    assert intent.amount == 1500
    intent = client.v1.payment_intents.confirm(intent.id, {"return_url": BACK})
    assert intent.amount_received == 1500
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.update(intent.id, {"amount": 1000})
    assert refused.value.code == "payment_intent_unexpected_state"
    assert refused.value.error.payment_intent.status == "succeeded"
    intent = client.v1.payment_intents.update(intent.id, {"metadata": {"a": "", "c": "3"}})
    assert intent.metadata.to_dict() == {"b": "2", "c": "3"}


@pytest.mark.parametrize("method", [None, "pm_card_visa", "pm_card_authenticationRequired"])
def test_what_is_not_paid_can_be_canceled(client, pay, event_types, method):
    if method == "pm_card_authenticationRequired":
        intent = pay(method)
    else:
        told = {"payment_method": method} if method else {}
        intent = client.v1.payment_intents.create({"amount": 2000, "currency": "usd", **told})
    canceled = client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    assert canceled.canceled_at
    assert event_types()[-1] == "payment_intent.canceled"
    for deed in (client.v1.payment_intents.cancel, client.v1.payment_intents.confirm):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            deed(intent.id)
        assert refused.value.code == "payment_intent_unexpected_state"


def test_what_is_paid_cannot_be_canceled(client, pay):
    intent = pay()
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.cancel(intent.id)
    assert (refused.value.http_status, refused.value.code) == (400, "payment_intent_unexpected_state")
    assert refused.value.error.payment_intent.status == "succeeded"


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (49, "usd", "amount_too_small"),
        (50, "usd", None),
        (49, "jpy", "amount_too_small"),
        (500, "jpy", None),
        (399, "cny", "amount_too_small"),
        (100_000_000, "usd", "amount_too_large"),
        (0, "usd", "parameter_invalid_integer"),
        (1234, "kwd", "parameter_invalid_integer"),
        (1230, "kwd", None),
    ],
)
def test_amounts_are_checked_by_currency(client, amount, currency, code):
    if code is None:
        assert client.v1.payment_intents.create({"amount": amount, "currency": currency}).amount == amount
        return
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.create({"amount": amount, "currency": currency})
    assert (refused.value.code, refused.value.param) == (code, "amount")


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"currency": "usd"}, "parameter_missing", "amount"),
        ({"amount": 2000}, "parameter_missing", "currency"),
        ({"amount": 2000, "currency": "xxx"}, None, "currency"),
        ({"amount": 2000, "currency": "USD"}, None, "currency"),
        ({"amount": "20.00", "currency": "usd"}, "parameter_invalid_integer", "amount"),
        ({"amount": 2000, "currency": "usd", "colour": "red"}, "parameter_unknown", "colour"),
        ({"amount": 2000, "currency": "usd", "payment_method": "pm_nobody"}, "resource_missing", "payment_method"),
        ({"amount": 2000, "currency": "usd", "confirm": True}, "parameter_missing", "payment_method"),
        (
            {"amount": 2000, "currency": "usd", "automatic_payment_methods": {"colour": "red", "enabled": True}},
            "parameter_unknown",
            "automatic_payment_methods[colour]",
        ),
    ],
)
def test_wrong_parameters_are_named(client, params, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.create(params)
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (400, code, param)
    assert client.v1.payment_intents.list().data == []

"""No key, no client secret, no signature and nothing of a card is in the log, whatever happens to a payment."""

from __future__ import annotations

import io
import json
import logging
import time
from datetime import timedelta

import httpx2
import pytest
import stripe

from api.logging import set_up_logging
from tests.support.online_shop import SHOP_KEY, WEBHOOK_SECRET

CARD_WORDS = ("4242424242424242", "last4", "exp_month", "pm_card", "_secret_", "whsec_", "sk_test", "pk_test")


@pytest.fixture(params=[True, False], ids=["in JSON", "in lines"])
def log(request):
    """Starts to write down what is logged, at the finest level."""
    handlers, level = logging.root.handlers[:], logging.root.level
    names = ("sqlalchemy", "stripe", "urllib3", "uvicorn", "httpx", "httpx2", "httpcore", "httpcore2")
    levels = {name: logging.getLogger(name).level for name in names}
    written = io.StringIO()

    def start():
        set_up_logging(production=request.param, level=logging.DEBUG)
        logging.getLogger("sqlalchemy").setLevel(logging.INFO)
        logging.getLogger("urllib3").setLevel(logging.DEBUG)
        logging.root.handlers[0].stream = written
        return written

    yield start
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def found(text, secrets):
    return sorted(secret for secret in secrets if secret in text)


def test_nothing_of_a_payment_that_is_secret_is_in_the_log(online, log):
    written = log()
    secrets = {SHOP_KEY, WEBHOOK_SECRET, online.double.secret_key, online.talk.member_token, online.talk.staff_token}
    secrets |= set(CARD_WORDS)
    order = online.place(2, gift_card="100.00")
    secrets.add(order["payment"]["clientSecret"].partition("_secret")[2])
    for card in ("pm_card_visa_chargeDeclined", "pm_card_radarBlock"):
        with pytest.raises(stripe.CardError):
            online.confirm(order, card)
    online.confirm(order, "pm_card_threeDSecure2Required")
    online.settle()
    online.challenge(order, "complete")
    online.double.trouble("answer", status=500, method="GET", path="/v1/payment_intents/*", times=2)
    online.settle()
    online.settle(later=timedelta(minutes=1))
    online.talk.ship(order["id"])
    for trouble in ("refund_refused", "die_after", "die_before"):
        online.double.trouble(trouble, **({} if trouble == "refund_refused" else {"path": "/v1/refunds"}))
    online.take_back(order)
    online.settle()
    online.settle(later=timedelta(minutes=1))
    online.settle(later=timedelta(minutes=2))
    body = json.dumps({"id": "evt_1", "type": "charge.succeeded", "card": {"last4": "4242"}})
    signature = stripe.WebhookSignature.generate_signature_header(body, "whsec_wrong", int(time.time()))
    secrets.add(signature.rpartition("v1=")[2])
    headers = {"Stripe-Signature": signature}
    answer = httpx2.post(f"{online.url}/webhooks/stripe", content=body, headers=headers, trust_env=False, verify=False)
    assert answer.status_code == 400
    text = written.getvalue()
    # The log was on, and saw both the statements and the requests.
    assert "a webhook was not signed" in text
    assert "/v1/refunds" in text
    assert "UPDATE outbox" in text
    assert found(text, secrets) == []
    online.differs = True


def test_an_unexpected_error_at_the_provider_tells_its_place_and_no_secret(online, log, monkeypatch):
    written = log()
    order = online.place(1)
    online.confirm(order)
    secret = order["payment"]["clientSecret"]
    find = stripe.PaymentIntentService.retrieve

    def broken(self, reference, *args, **kwargs):
        intent = find(self, reference, *args, **kwargs)
        raise RuntimeError(f"cannot read {intent.id}")

    monkeypatch.setattr(stripe.PaymentIntentService, "retrieve", broken)
    online.settle()
    monkeypatch.undo()
    text = written.getvalue()
    assert "a message could not be sent" in text
    assert found(text, {secret, *CARD_WORDS, online.double.secret_key}) == []
    online.settle(later=timedelta(minutes=1))
    assert online.look(order)["status"] == "PAID"


def test_members_are_told_nothing_of_what_the_provider_said(online):
    from tests.support.talk import PLACE

    line = online.stock.line("shirt", 1)
    for trouble in ({"status": 500}, {"status": 402, "where": "door"}, {"status": 401, "where": "door"}):
        online.double.trouble("answer", method="POST", path="/v1/payment_intents", **trouble)
        asked = online.talk.order_input([line], key=f"k-{trouble['status']}")
        told = json.dumps(online.talk.post(PLACE, {"input": asked}), ensure_ascii=False)
        assert "PaymentProviderError" in told
        assert found(told, {"ordered:", "Stripe", "sk_test", "req_"}) == []


def test_a_secret_in_the_log_would_be_found():
    assert found('{"client_secret": "pi_1_secret_abc"}', {"_secret_"}) == ["_secret_"]

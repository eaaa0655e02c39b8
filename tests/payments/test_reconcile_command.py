"""`jifen reconcile`: what differs between our books and the provider's is found and named; what agrees is not."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from checkout.payments.records import payments_t

SINCE = "2020-01-01"


@pytest.fixture
def reconcile(online):
    """Runs the command against the shop that is open: exit code, and what it says."""
    from api.cli import app

    handlers, level = logging.root.handlers[:], logging.root.level

    def run(since=SINCE):
        result = CliRunner().invoke(app, ["reconcile", "--since", since])
        return result.exit_code, result.output

    yield run
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.fixture
def order(online):
    """Two shirts, shipped, one of them returned and refunded."""
    order = online.shipped(2, gift_card="100.00")
    online.take_back(order)
    online.settle()
    return order


def test_books_that_agree(online, order, reconcile):
    waiting = online.place(1)
    cancelled = online.paid(1)
    online.talk.cancel(cancelled["id"])
    online.settle()
    assert online.look(waiting)["status"] == "AWAITING_PAYMENT"
    assert reconcile() == (0, "Nothing differs.\n")


def test_a_refund_made_in_the_providers_dashboard(online, order, reconcile):
    made = online.stripe.v1.refunds.create({"payment_intent": online.intent_id(order), "amount": 100})
    online.settle()
    code, told = reconcile()
    assert (code, "1 difference." in told) == (1, True)
    assert all(word in told for word in (order["number"], made.id, "1.00 CNY"))
    online.differs = True


def test_a_payment_that_we_know_nothing_of_however_many_others_there_are(online, order, reconcile):
    asked = {"amount": 5000, "currency": "cny", "automatic_payment_methods": {"enabled": True}}
    paid = {**asked, "payment_method": "pm_card_visa", "confirm": True, "return_url": "https://shop.test"}
    made = online.stripe.v1.payment_intents.create(paid)
    # An account may serve other businesses; of those that nobody paid there is nothing to say.
    for _ in range(101):
        online.stripe.v1.payment_intents.create(asked)
    code, told = reconcile()
    assert (code, made.id in told, "1 difference." in told) == (1, True, True)
    online.differs = True


def test_an_amount_that_was_changed_there(online, reconcile):
    order = online.place(1)
    online.stripe.v1.payment_intents.update(online.intent_id(order), params={"amount": 19800})
    code, told = reconcile()
    assert (code, "199.00 CNY" in told, "198.00 CNY" in told, order["number"] in told) == (1, True, True, True)
    online.differs = True


def test_an_amount_that_was_changed_here(online, order, reconcile):
    with online.db.write() as tx:
        tx.execute(payments_t.update().values(amount=29700))
    code, told = reconcile()
    assert (code, "297.00 CNY" in told, "298.00 CNY" in told) == (1, True, True)
    with online.db.write() as tx:
        tx.execute(payments_t.update().values(amount=29800))


def test_money_that_nobody_has_noticed_yet(online, reconcile):
    online.deaf()
    order = online.place(1)
    online.confirm(order)
    code, told = reconcile()
    assert (code, "PENDING" in told, "SUCCEEDED" in told) == (1, True, True)
    online.settle(later=timedelta(minutes=2))
    assert reconcile()[0] == 0


def test_a_refund_that_waits_to_be_sent(online, order, reconcile):
    online.take_back(order)
    code, told = reconcile()
    assert (code, "PENDING 149.00 CNY" in told) == (1, True)
    online.settle()
    assert reconcile()[0] == 0


def test_what_is_older_than_asked_for_is_left_alone(online, order, reconcile):
    online.stripe.v1.refunds.create({"payment_intent": online.intent_id(order), "amount": 100})
    assert reconcile("2999-01-01")[0] == 0
    assert reconcile()[0] == 1
    online.differs = True


def test_where_nothing_could_be_compared_that_is_said(online, reconcile, monkeypatch):
    online.double.trouble("die_before", times=None)
    code, told = reconcile()
    assert (code, "does not answer" in told) == (2, True)
    online.double.take_back("trouble")
    assert reconcile("last summer")[0] == 2
    monkeypatch.setenv("JIFEN_STRIPE_API_KEY", "sk_test_of_somebody_else")
    code, told = reconcile()
    assert (code, "key" in told) == (2, True)
    for name in ("API_KEY", "WEBHOOK_SECRET", "API_BASE"):
        monkeypatch.delenv(f"JIFEN_STRIPE_{name}")
    code, told = reconcile()
    assert (code, "JIFEN_STRIPE_API_KEY" in told) == (2, True)

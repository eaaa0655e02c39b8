"""The door through which the payment provider tells us things."""

from __future__ import annotations

import json
import time

import pytest
import stripe
from sqlalchemy import select

from checkout.payments.take_event import events_t
from kernel.database import Database
from kernel.outbox import outbox_page
from kernel.paging import Window

SECRET = "whsec_test"
# Nobody listens there: an event is answered without asking anybody.
SETTINGS = {
    "STRIPE_API_KEY": "sk_test_secret",
    "STRIPE_WEBHOOK_SECRET": SECRET,
    "STRIPE_API_BASE": "http://127.0.0.1:9",
}


@pytest.fixture
def send(client):
    browser = client(**SETTINGS)

    def post(body, *, age=0, secret=SECRET, header=None):
        at = int(time.time()) - age
        text = body if isinstance(body, str) else json.dumps(body)
        signature = header or stripe.WebhookSignature.generate_signature_header(text, secret, at)
        return browser.post("/webhooks/stripe", content=text, headers={"Stripe-Signature": signature})

    return post


@pytest.fixture
def stored(database_url):
    def look():
        database = Database(database_url)
        try:
            with database.read() as conn:
                rows = conn.execute(select(events_t.c.id, events_t.c.kind, events_t.c.reference))
                return [tuple(row) for row in rows], [(m.kind, m.key) for m in outbox_page(conn, Window()).items]
        finally:
            database.close()

    return look


def event(about=None, id="evt_1", type="payment_intent.succeeded"):
    about = {"object": "payment_intent", "id": "pi_1"} if about is None else about
    return {"id": id, "object": "event", "type": type, "data": {"object": about}}


def test_an_event_is_written_down_once_and_looked_into_later(send, stored):
    answers = [send(event()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [answer.json()["new"] for answer in answers] == [True, False, False]
    assert stored() == ([("evt_1", "payment_intent.succeeded", "pi_1")], [("payment.look", "evt_1")])


def test_an_event_about_a_refund_looks_at_the_refund(send, stored):
    assert send(event({"object": "refund", "id": "re_1", "payment_intent": "pi_1"})).status_code == 200
    assert stored()[1] == [("refund.look", "evt_1")]


def test_what_concerns_nobody_is_written_down_and_answered(send, stored):
    assert send(event({"object": "customer", "id": "cus_1"}, type="customer.created")).status_code == 200
    assert send(event({}, id="evt_2", type="balance.available")).status_code == 200
    events, messages = stored()
    assert (len(events), messages) == (2, [])


@pytest.mark.parametrize(
    "how", [{"secret": "whsec_wrong"}, {"age": 301}, {"header": "t=1,v1=00"}, {"header": "x"}, {"header": "t=,v1="}]
)
def test_what_is_not_signed_just_now_is_refused_and_leaves_nothing(send, stored, how):
    answer = send(event(), **how)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert stored() == ([], [])


def test_without_a_signature_nothing_is_read(client, stored):
    assert client(**SETTINGS).post("/webhooks/stripe", content=json.dumps(event())).status_code == 400
    assert stored() == ([], [])


@pytest.mark.parametrize("body", ["", "no json", "[]", "{}", '{"id": 1, "type": "x"}'])
def test_what_is_signed_and_no_event_is_refused(send, stored, body):
    assert send(body).status_code == 400
    assert stored() == ([], [])


def test_ten_megabytes_are_refused(send, stored):
    assert send("x" * 10 * 2**20).status_code == 413
    assert stored() == ([], [])


def test_a_shop_without_online_payments_says_so(client):
    answer = client().post("/webhooks/stripe", content="{}")
    assert (answer.status_code, "JIFEN_STRIPE_API_KEY" in answer.text) == (404, True)


def test_nobody_reads_there(client):
    assert client(**SETTINGS).get("/webhooks/stripe").status_code == 405

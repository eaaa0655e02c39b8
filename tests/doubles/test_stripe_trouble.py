"""Trouble to order, webhooks, and the double as a program of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import stripe

from tests.doubles.mailbox import Mailbox, open_mailbox

USD = {"amount": 2000, "currency": "usd"}
KEY = {"idempotency_key": "order-1"}
SECRET = "whsec_double"


@pytest.fixture
def mailbox(stripe_double) -> Iterator[Mailbox]:
    with open_mailbox() as mailbox:
        stripe_double.tell("deliveries/pauses", pauses=[0.01, 0.01])
        stripe_double.tell("webhooks/shop", url=mailbox.url, secret=SECRET)
        yield mailbox
        stripe_double.take_back("webhooks/shop")


def sent(stripe_double, mailbox) -> list[stripe.Event]:
    """What has come, once nothing is under way; each signature is checked."""
    assert stripe_double.tell("deliveries/wait", seconds=5)["idle"]
    return [stripe.Webhook.construct_event(body, signature, SECRET) for body, signature in mailbox.letters]


def kinds(events) -> list[str]:
    return [event.type for event in events]


def count(client) -> int:
    return len(client.v1.payment_intents.list().data)


def test_it_can_die_before_taking_a_request(stripe_double, client):
    stripe_double.trouble("die_before", method="POST", path="/v1/payment_intents")
    with pytest.raises(stripe.APIConnectionError):
        client.v1.payment_intents.create(USD, KEY)
    assert count(client) == 0
    assert client.v1.payment_intents.create(USD, KEY).last_response.headers.get("Idempotent-Replayed") is None


def test_it_can_die_after_taking_a_request(stripe_double, client):
    stripe_double.trouble("die_after", method="POST")
    with pytest.raises(stripe.APIConnectionError):
        client.v1.payment_intents.create(USD, KEY)
    assert count(client) == 1
    again = client.v1.payment_intents.create(USD, KEY)
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert count(client) == 1


def test_the_library_tries_again_by_itself(stripe_double):
    stripe_double.trouble("die_after", method="POST")
    stripe_double.client(retries=1).v1.payment_intents.create(USD)
    assert count(stripe_double.client()) == 1


@pytest.mark.parametrize("code", ["rate_limit", "lock_timeout"])
def test_a_429_is_not_remembered(stripe_double, client, code):
    stripe_double.trouble("answer", status=429, code=code)
    with pytest.raises(stripe.RateLimitError) as refused:
        client.v1.payment_intents.create(USD, KEY)
    assert (refused.value.http_status, refused.value.error.code) == (429, code)
    assert client.v1.payment_intents.create(USD, KEY).amount == 2000


@pytest.mark.parametrize(
    ("where", "done", "remembered"), [("door", 0, False), ("inside", 0, True), ("exit", 1, True), (None, 0, True)]
)
def test_a_500_is_remembered_where_work_had_begun(stripe_double, client, where, done, remembered):
    stripe_double.trouble("answer", status=500, where=where, method="POST")
    with pytest.raises(stripe.APIError) as failed:
        client.v1.payment_intents.create(USD, KEY)
    assert (failed.value.http_status, failed.value.error.type) == (500, "api_error")
    assert count(client) == done
    if remembered:
        with pytest.raises(stripe.APIError):
            client.v1.payment_intents.create(USD, KEY)
    else:
        client.v1.payment_intents.create(USD, KEY)
    client.v1.payment_intents.create(USD, {"idempotency_key": "order-1-again"})


@pytest.mark.parametrize("when", ["before", "after"])
def test_it_can_be_slow(stripe_double, client, when):
    stripe_double.trouble("slow", seconds=0.2, when=when)
    begun = time.monotonic()
    client.v1.payment_intents.create(USD)
    assert time.monotonic() - begun >= 0.2


def test_an_answer_can_hang_although_the_work_is_done(stripe_double, client):
    stripe_double.trouble("hang", method="POST")
    answers: list[object] = []

    def create() -> None:
        try:
            answers.append(stripe_double.client().v1.payment_intents.create(USD, KEY))
        except stripe.APIConnectionError as error:
            answers.append(error)

    thread = threading.Thread(target=create)
    thread.start()
    end = time.monotonic() + 5
    while not count(client) and time.monotonic() < end:
        time.sleep(0.01)
    assert (count(client), answers) == (1, [])
    assert client.v1.payment_intents.create(USD, KEY).last_response.headers["Idempotent-Replayed"] == "true"
    stripe_double.tell("trouble/let_go")
    thread.join(timeout=5)
    assert [type(answer) for answer in answers] == [stripe.APIConnectionError]


def test_trouble_comes_as_often_as_ordered_and_where_it_was_ordered(stripe_double, client):
    intent = client.v1.payment_intents.create(USD)
    stripe_double.trouble("answer", status=503, times=2, skip=1, path="/v1/refunds*")
    client.v1.payment_intents.retrieve(intent.id)
    client.v1.refunds.list()
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            client.v1.refunds.list()
    client.v1.refunds.list()
    assert stripe_double.ask("trouble") == []
    stripe_double.trouble("die_before", times=None)
    for _ in range(3):
        with pytest.raises(stripe.APIConnectionError):
            client.v1.refunds.list()
    stripe_double.take_back("trouble")
    client.v1.refunds.list()


@pytest.mark.parametrize(
    "order", [{"trouble": "rain"}, {"trouble": "slow", "second": 1}, {}, {"trouble": "webhook_late", "path": "/v1/*"}]
)
def test_an_order_that_is_not_understood_is_refused(stripe_double, order):
    with pytest.raises(httpx2.HTTPStatusError):
        stripe_double.tell("trouble", **order)


def test_events_are_sent_signed_in_their_order(stripe_double, client, mailbox, pay):
    intent = pay()
    client.v1.refunds.create({"payment_intent": intent.id})
    events = sent(stripe_double, mailbox)
    assert kinds(events) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "refund.created",
        "charge.refunded",
    ]
    assert [event.id for event in events] == [event.id for event in client.v1.events.list().data][::-1]
    assert events[2].data.object.id == intent.id
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(*mailbox.letters[0], "whsec_other")
    assert client.v1.events.list({"delivery_success": False}).data == []


def test_an_event_is_sent_again_until_it_is_taken(stripe_double, client, mailbox):
    mailbox.answers = [500, 302]
    client.v1.payment_intents.create(USD)
    assert len({event.id for event in sent(stripe_double, mailbox)}) == 1
    tries = [(one["attempt"], one["status"]) for one in stripe_double.ask("deliveries")]
    assert tries == [(1, 500), (2, 302), (3, 200)]


def test_a_target_that_is_down_gets_nothing_and_may_be_sent_it_later(stripe_double, client, mailbox):
    mailbox.answers = [500] * 3
    client.v1.payment_intents.create(USD)
    (event_id,) = {event.id for event in sent(stripe_double, mailbox)}
    assert client.v1.events.retrieve(event_id).pending_webhooks == 1
    stripe_double.tell(f"events/{event_id}/send")
    assert len(sent(stripe_double, mailbox)) == 4
    assert client.v1.events.retrieve(event_id).pending_webhooks == 0


def test_a_target_that_has_moved_gets_what_was_on_its_way(stripe_double, client, mailbox):
    stripe_double.trouble("webhook_held")
    stripe_double.tell("webhooks/shop", url="http://127.0.0.1:9/gone", secret=SECRET)
    client.v1.payment_intents.create(USD)
    stripe_double.tell("webhooks/shop", url=mailbox.url, secret=SECRET)
    stripe_double.tell("deliveries/release")
    assert len(sent(stripe_double, mailbox)) == 1


def test_webhooks_come_twice(stripe_double, mailbox, pay):
    stripe_double.trouble("webhook_twice", event="payment_intent.succeeded")
    pay()
    assert kinds(sent(stripe_double, mailbox)) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "payment_intent.succeeded",
    ]


def test_webhooks_come_late(stripe_double, mailbox, pay):
    stripe_double.trouble("webhook_late", seconds=0.4, event="payment_intent.created")
    pay()
    assert kinds(sent(stripe_double, mailbox))[-1] == "payment_intent.created"


def test_webhooks_come_in_another_order(stripe_double, client, mailbox, pay):
    stripe_double.trouble("webhook_shuffled", times=5)
    client.v1.refunds.create({"payment_intent": pay().id})
    made = [event.id for event in client.v1.events.list().data][::-1]
    came = [event.id for event in sent(stripe_double, mailbox)]
    assert sorted(came) == sorted(made)
    assert came != made


def test_a_shuffle_does_not_wait_for_ever(stripe_double, mailbox, pay):
    stripe_double.trouble("webhook_shuffled", times=100, seconds=0.05)
    pay()
    assert len(sent(stripe_double, mailbox)) == 3


def test_webhooks_get_lost_or_are_held_back(stripe_double, mailbox, pay):
    stripe_double.trouble("webhook_dropped", event="charge.*")
    stripe_double.trouble("webhook_held", event="payment_intent.*", times=2)
    pay()
    assert sent(stripe_double, mailbox) == []
    assert stripe_double.tell("deliveries/release") == {"released": 2}
    assert kinds(sent(stripe_double, mailbox)) == ["payment_intent.created", "payment_intent.succeeded"]


@pytest.mark.parametrize("kind", ["webhook_old", "webhook_forged"])
def test_webhooks_come_with_a_signature_that_must_not_be_believed(stripe_double, client, mailbox, kind):
    stripe_double.trouble(kind)
    client.v1.payment_intents.create(USD)
    with pytest.raises(stripe.SignatureVerificationError):
        sent(stripe_double, mailbox)


def test_a_target_that_is_taken_away_hears_nothing_more(stripe_double, client, mailbox):
    stripe_double.tell("webhooks/other", url=mailbox.url, secret=SECRET)
    stripe_double.take_back("webhooks/other")
    client.v1.payment_intents.create(USD)
    assert len(sent(stripe_double, mailbox)) == 1


def test_what_is_being_sent_to_a_target_that_is_taken_away_has_come_by_then(stripe_double, client, mailbox):
    begun, take = threading.Event(), mailbox.take

    def slowly(body, signature):
        begun.set()
        time.sleep(0.2)
        return take(body, signature)

    mailbox.take = slowly
    client.v1.payment_intents.create(USD)
    assert begun.wait(5)
    stripe_double.take_back("webhooks/shop")
    assert len(mailbox.letters) == 1
    stripe_double.tell("webhooks/shop", url=mailbox.url, secret=SECRET)


def test_it_runs_as_a_program_of_its_own():
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "tests.doubles.stripe", "--port", "0", "--secret-key", "sk_test_mine"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout
            url = program.stdout.readline().strip()
            http = stripe.RequestsClient()
            client = stripe.StripeClient("sk_test_mine", base_addresses={"api": url}, http_client=http)
            assert client.v1.payment_intents.create(USD).amount == 2000
            http.close()
        finally:
            program.terminate()
    assert program.returncode is not None

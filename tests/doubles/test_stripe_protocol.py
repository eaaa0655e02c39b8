"""What holds for every request to the double: keys, idempotency, lists, errors, the fields of its answers."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from tests.doubles.stripe.errors import Fault
from tests.doubles.stripe.keys import asker

USD = {"amount": 2000, "currency": "usd"}
KEY = {"idempotency_key": "order-1"}


def test_only_its_own_key_opens_it(stripe_double):
    with pytest.raises(stripe.AuthenticationError) as refused:
        stripe_double.client("sk_test_of_somebody_else").v1.payment_intents.list()
    assert refused.value.http_status == 401
    assert "of_somebody" not in str(refused.value)


def test_the_key_is_taken_by_basic_authentication_too():
    assert asker("Basic " + b64encode(b"sk_1:").decode(), "sk_1", "pk_1") == "shop"
    assert asker("Bearer pk_1", "sk_1", "pk_1") == "device"
    for authorization in (None, "Basic !", "Digest sk_1", "Bearer sk_2"):
        with pytest.raises(Fault) as refused:
            asker(authorization, "sk_1", "pk_1")
        assert refused.value.status == 401


def test_a_version_that_cannot_be_is_refused(client):
    with pytest.raises(stripe.InvalidRequestError, match="version"):
        client.v1.payment_intents.list(None, {"stripe_version": "latest"})


def test_every_answer_has_a_request_id_and_names_the_version(client):
    answer = client.v1.payment_intents.create(USD).last_response
    assert answer.headers["Request-Id"].startswith("req_")
    assert answer.headers["Stripe-Version"] == stripe.api_version
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.retrieve("pi_nobody")
    assert refused.value.request_id.startswith("req_")


@pytest.mark.parametrize(
    ("table", "wanted", "param"),
    [("payment_intents", "pi_x", "intent"), ("charges", "ch_x", "id"), ("refunds", "re_x", "refund")],
)
def test_what_is_not_there_is_a_404(client, table, wanted, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        getattr(client.v1, table).retrieve(wanted)
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (404, "resource_missing", param)


def test_the_same_request_with_the_same_key_gives_the_same_answer(client):
    first = client.v1.payment_intents.create(USD, KEY)
    again = client.v1.payment_intents.create(USD, KEY)
    assert again == first
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert again.last_response.headers["Original-Request"] == first.last_response.headers["Request-Id"]
    assert len(client.v1.payment_intents.list().data) == 1


def test_a_replay_tells_what_was_and_not_what_is(client):
    first = client.v1.payment_intents.create(USD, KEY)
    client.v1.payment_intents.cancel(first.id)
    assert client.v1.payment_intents.create(USD, KEY).status == "requires_payment_method"


def test_a_key_is_for_one_request_only(client):
    first = client.v1.payment_intents.create(USD, KEY)
    with pytest.raises(stripe.IdempotencyError) as other_amount:
        client.v1.payment_intents.create({**USD, "amount": 2001}, KEY)
    with pytest.raises(stripe.IdempotencyError) as other_path:
        client.v1.payment_intents.cancel(first.id, None, KEY)
    for refused in (other_amount, other_path):
        assert (refused.value.http_status, refused.value.error.type) == (400, "idempotency_error")
    assert client.v1.payment_intents.retrieve(first.id).status == "requires_payment_method"


def test_a_declined_card_is_remembered_by_its_key(client, pay):
    intent = client.v1.payment_intents.create(USD)
    told = {"payment_method": "pm_card_chargeDeclined", "return_url": "https://shop.example/back"}
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            client.v1.payment_intents.confirm(intent.id, told, KEY)
    assert len(client.v1.charges.list({"payment_intent": intent.id}).data) == 1


def test_a_request_that_could_not_be_is_not_remembered(client):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create({"amount": 2000}, KEY)
    assert client.v1.payment_intents.create(USD, KEY).amount == 2000


def test_a_key_is_free_again_after_a_day(stripe_double, client):
    stripe_double.tell("clock", now=1_767_225_600)
    first = client.v1.payment_intents.create(USD, KEY)
    stripe_double.tell("clock", now=1_767_225_600 + 24 * 3600)
    assert client.v1.payment_intents.create(USD, KEY).id != first.id


def test_two_at_once_with_one_key_is_a_conflict(stripe_double, client):
    stripe_double.trouble("hang", done=False)

    def create() -> None:
        with pytest.raises(stripe.APIConnectionError):
            stripe_double.client().v1.payment_intents.create(USD, KEY)

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(create)
        while not stripe_double.ask("requests") and not first.done():
            time.sleep(0.01)
        with pytest.raises(stripe.APIError) as refused:
            client.v1.payment_intents.create(USD, KEY)
        assert (refused.value.http_status, refused.value.error.code) == (409, "idempotency_key_in_use")
        stripe_double.tell("trouble/let_go")
        first.result(timeout=10)
    assert client.v1.payment_intents.create(USD, KEY).amount == 2000


def test_a_list_is_read_page_by_page(client):
    made = [client.v1.payment_intents.create({**USD, "amount": 100 + number}).id for number in range(12)][::-1]
    page = client.v1.payment_intents.list()
    assert ([one.id for one in page.data], page.has_more) == (made[:10], True)
    rest = client.v1.payment_intents.list({"starting_after": made[9]})
    assert ([one.id for one in rest.data], rest.has_more) == (made[10:], False)
    before = client.v1.payment_intents.list({"ending_before": made[5], "limit": 2})
    assert ([one.id for one in before.data], before.has_more) == (made[3:5], True)
    assert [one.id for one in client.v1.payment_intents.list({"limit": 5}).auto_paging_iter()] == made
    for params in (
        {"limit": 0},
        {"limit": 101},
        {"starting_after": "pi_x"},
        {"ending_before": "a", "starting_after": "b"},
    ):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.payment_intents.list(params)


def test_a_list_is_narrowed_by_date(stripe_double, client):
    made = []
    for day in range(3):
        stripe_double.tell("clock", now=1_767_225_600 + day * 86_400)
        made.append(client.v1.payment_intents.create(USD).id)
    stripe_double.tell("clock", now=None)

    def listed(**created: int) -> list[str]:
        return [one.id for one in client.v1.payment_intents.list({"created": created}).data]

    assert listed(gte=1_767_225_600 + 86_400) == [made[2], made[1]]
    assert listed(gt=1_767_225_600 + 86_400) == [made[2]]
    assert listed(lt=1_767_225_600 + 86_400) == [made[0]]
    assert listed(gte=1_767_225_601, lte=1_767_225_600 + 86_400) == [made[1]]


def test_events_tell_what_happened_and_by_which_request(client, pay):
    intent = pay(metadata={"order": "ord_1"})
    refund = client.v1.refunds.create({"payment_intent": intent.id}, {"idempotency_key": "return-1"})
    event = client.v1.events.list({"type": "charge.refunded"}).data[0]
    assert client.v1.events.retrieve(event.id) == event
    assert event.request.idempotency_key == "return-1"
    assert event.request.id == refund.last_response.headers["Request-Id"]
    assert event.data.object.amount_refunded == 2000
    assert event.data.previous_attributes.to_dict() == {"amount_refunded": 0, "refunded": False}
    created = client.v1.events.list({"types": ["payment_intent.created"]}).data[0]
    assert created.data.object.status == "requires_confirmation"
    assert [one.type for one in client.v1.events.list({"type": "refund.*"}).data] == ["refund.created"]


def test_ids_are_expanded_where_that_is_asked(client, pay):
    intent = client.v1.payment_intents.retrieve(pay().id, {"expand": ["latest_charge", "payment_method"]})
    assert intent.latest_charge.payment_intent == intent.id
    assert intent.payment_method.card.brand == "visa"
    refund = client.v1.refunds.create({"payment_intent": intent.id, "expand": ["charge.payment_intent"]})
    assert refund.charge.payment_intent.id == intent.id
    listed = client.v1.refunds.list({"expand": ["data.charge"]}).data[0]
    assert listed.charge.id == intent.latest_charge.id
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.payment_intents.retrieve(intent.id, {"expand": ["amount"]})


def test_the_log_of_requests_holds_keys_but_nothing_secret(stripe_double, client, pay):
    intent = client.v1.payment_intents.create(USD, KEY)
    device = stripe_double.client(stripe_double.publishable_key)
    told = {"client_secret": intent.client_secret, "payment_method": "pm_card_visa", "use_stripe_sdk": True}
    device.v1.payment_intents.confirm(intent.id, told)
    created, confirmed = stripe_double.ask("requests")
    assert (created["method"], created["path"], created["status"]) == ("POST", "/v1/payment_intents", 200)
    assert created["idempotency_key"] == "order-1"
    assert created["params"] == {"amount": "2000", "currency": "usd"}
    assert confirmed["params"] == {}
    assert "secret" not in json.dumps([created, confirmed])


def missing_fields(published: object, ours: object, path: str) -> list[str]:
    """Fields of a published example that an answer of ours lacks; null stands for any object, metadata for any."""
    if not isinstance(published, dict) or not isinstance(ours, dict) or path.endswith(".metadata"):
        return []
    return [f"{path}.{name}" for name in published if name not in ours] + [
        field
        for name in published
        if name in ours
        for field in missing_fields(published[name], ours[name], f"{path}.{name}")
    ]


def test_answers_carry_the_fields_of_the_published_examples(shared, client, pay):
    examples = json.loads(shared("data/stripe-fixtures/fixtures3.json").read_text())["resources"]
    intent = pay()
    refund = client.v1.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.CardError):
        pay("pm_card_chargeDeclined")
    pay("pm_card_authenticationRequired")
    answers = [
        intent,
        *client.v1.payment_intents.list().data,
        *client.v1.charges.list().data,
        refund,
        client.v1.payment_methods.retrieve(intent.payment_method),
        client.v1.accounts.retrieve_current(),
    ]
    events = client.v1.events.list({"limit": 100}).data
    for answer in [*answers, *events, *(event.data.object for event in events)]:
        ours = json.loads(str(answer))
        example = dict(examples[ours["object"]])
        if ours["object"] == "event":
            example.pop("data")
        assert missing_fields(example, ours, ours["object"]) == []


def test_answers_have_no_field_that_the_library_does_not_know(shared, client, pay):
    examples = json.loads(shared("data/stripe-fixtures/fixtures3.json").read_text())["resources"]
    intent = pay()
    refund = client.v1.refunds.create({"payment_intent": intent.id})
    for answer in (intent, client.v1.charges.retrieve(intent.latest_charge), refund, client.v1.events.list().data[0]):
        ours = set(json.loads(str(answer)))
        assert ours <= set(type(answer).__annotations__) | set(examples[answer.object])

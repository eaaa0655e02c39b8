"""Whatever arrives at the door is answered in JSON, with a code and the right status, and shows nothing internal."""

from __future__ import annotations

import hashlib
import json
import logging
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from api.doors import admin_door
from kernel.database import Database
from schema.door import Door
from tests.support.shop import PlayShop
from tests.support.shop_api import ShopApi

QUERY = "{ program { version } }"
ANSWER = {"data": {"program": {"version": 1}}}
GRAPHQL_JSON = "application/graphql-response+json"


@pytest.fixture(scope="module")
def module_api(sqlite_databases):
    """One shop for all: nothing here changes it."""
    with sqlite_databases.migrated() as url:
        db = Database(url)
        api = ShopApi(PlayShop(db))
        yield api
        api.close()
        db.close()


@pytest.fixture
def client(module_api) -> TestClient:
    return module_api.client


def code(response) -> str:
    assert response.headers["content-type"].startswith(("application/json", GRAPHQL_JSON))
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"
    errors = response.json()["errors"]
    assert all(isinstance(error["message"], str) for error in errors)
    return errors[0]["extensions"]["code"]


def post(client: TestClient, content: bytes | str, content_type: str = "application/json", **headers: str):
    return client.post("/graphql", content=content, headers={"Content-Type": content_type, **headers})


def test_a_query_is_answered(client) -> None:
    response = client.post("/graphql", json={"query": QUERY}, headers={"Accept-Language": "en"})
    assert (response.status_code, response.json()) == (200, ANSWER)
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["content-language"] == "en"
    assert "Accept-Language" in response.headers["vary"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"1",
        b'"x"',
        b"true",
        b"[]",
        b'[{"query":"{ me { id } }"}]',
        b"{",
        b"\xff\xfe",
        b'{"query": "\xff"}',
        b'{"query": "\\ud800"}',
        b"{}",
        b'{"query": null}',
        b'{"query": ""}',
        b'{"query": " "}',
        b'{"query": 1}',
        b'{"query": ["{ me { id } }"]}',
        b'{"query": "{ me { id } }", "variables": []}',
        b'{"query": "{ me { id } }", "variables": "x"}',
        b'{"query": "{ me { id } }", "operationName": 1}',
        b'{"query": "{ me { id } }", "operationName": "Other"}',
        b'{"query": "query A { me { id } } query B { me { id } }"}',
        b'{"query": "query A { me { id } } mutation B { clearCart { errors { path } } }", "operationName": null}',
        b'{"query": "{ me { id } }", "extensions": []}',
        b'{"query": "{ me { id } }", "extensions": {"persistedQuery": 1}}',
        b'{"query": "{ me { id } }", "extensions": {"persistedQuery": {"version": 2, "sha256Hash": "x"}}}',
        b'{"query": NaN}',
        b"[" * 100_000,
    ],
)
def test_a_broken_body_is_a_bad_request(client, body) -> None:
    for accept in ("application/json", GRAPHQL_JSON):
        response = post(client, body, accept=accept)
        assert response.status_code == 400
        assert code(response) == "BAD_REQUEST"
        assert "data" not in response.json()


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_only_json_is_taken(client, content_type) -> None:
    response = post(client, json.dumps({"query": QUERY}), content_type)
    assert (response.status_code, code(response)) == (415, "BAD_REQUEST")


def test_the_kind_of_a_body_may_be_written_in_any_case(client) -> None:
    assert post(client, json.dumps({"query": QUERY}), "Application/JSON; Charset=UTF-8").json() == ANSWER


def test_a_form_is_answered_as_json_is_where_no_page_elsewhere_could_have_sent_it(client) -> None:
    files = {"operations": (None, json.dumps({"query": QUERY})), "map": (None, "{}")}
    assert client.post("/graphql", files=files, headers={"GraphQL-Require-Preflight": "1"}).json() == ANSWER
    assert code(client.post("/graphql", files=files)) == "BAD_REQUEST"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_not_allowed(client, method) -> None:
    response = client.request(method, "/graphql", json={"query": QUERY})
    assert (response.status_code, code(response)) == (405, "BAD_REQUEST")
    assert response.headers["allow"] == "GET, POST"


def test_a_get_request_queries_and_never_changes_anything(client) -> None:
    assert client.get("/graphql", params={"query": QUERY}).json() == ANSWER
    assert client.get("/graphql", params={"query": QUERY, "variables": ""}).json() == ANSWER
    response = client.get("/graphql", params={"query": "mutation { clearCart { errors { path } } }"})
    assert (response.status_code, code(response)) == (405, "BAD_REQUEST")
    response = client.get("/graphql", params={"query": QUERY, "variables": "{"})
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")
    response = client.get("/graphql")
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


def test_chinese_and_emoji_may_stand_in_a_get_request(client) -> None:
    query = '{ products(filter: {search: "马克杯 🍵"}) { totalCount } }'
    assert client.get("/graphql", params={"query": query}).json() == {"data": {"products": {"totalCount": 0}}}


BAD = [
    ("{", "GRAPHQL_PARSE_FAILED"),
    ('{ me { id }', "GRAPHQL_PARSE_FAILED"),
    ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
    ("{ product { id } }", "GRAPHQL_VALIDATION_FAILED"),
    ("subscription { me { id } }", "GRAPHQL_VALIDATION_FAILED"),
    ("query($x: Nothing) { me { id } }", "GRAPHQL_VALIDATION_FAILED"),
    ("{ products(sort: PRICE) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
    ("{ exchangeOffers(filter: {maxPoints: 1.5}) { totalCount } }", "BAD_USER_INPUT"),
    ('{ exchangeOffers(filter: {maxPoints: "1"}) { totalCount } }', "BAD_USER_INPUT"),
    (f"{{ exchangeOffers(filter: {{maxPoints: 1{'0' * 100}}}) {{ totalCount }} }}", "BAD_USER_INPUT"),
    ('mutation { updateProfile(input: {birthday: "2026-02-30"}) { errors { path } } }', "BAD_USER_INPUT"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), BAD)
def test_a_request_that_never_ran_is_400_for_those_who_speak_graphql_over_http(client, query, expected) -> None:
    for _ in range(2):
        plain = client.post("/graphql", json={"query": query})
        spoken = client.post("/graphql", json={"query": query}, headers={"Accept": f"{GRAPHQL_JSON}, */*;q=0.1"})
        if query.startswith("subscription"):
            assert (plain.status_code, code(plain)) in ((200, expected), (400, "BAD_REQUEST"), (405, "BAD_REQUEST"))
            continue
        assert (plain.status_code, code(plain)) == (200, expected)
        assert plain.json()["data"] is None
        assert (spoken.status_code, code(spoken)) == (400, expected)
        assert "data" not in spoken.json()
        assert spoken.headers["content-type"].startswith(GRAPHQL_JSON)


@pytest.mark.parametrize(
    ("accept", "spoken"),
    [
        ("", False),
        ("*/*", False),
        ("application/json", False),
        (f"{GRAPHQL_JSON},application/json;q=0.9", True),
        (f"{GRAPHQL_JSON};q=0.5,application/json", False),
        (f"{GRAPHQL_JSON};q=0", False),
        (f"{GRAPHQL_JSON};q=x", False),
        ("text/html", False),
    ],
)
def test_the_answer_is_of_the_type_that_the_client_likes_best(client, accept, spoken) -> None:
    response = client.post("/graphql", json={"query": QUERY}, headers={"Accept": accept})
    assert response.headers["content-type"].startswith(GRAPHQL_JSON if spoken else "application/json")
    assert (response.status_code, response.json()) == (200, ANSWER)


def test_an_error_of_a_field_is_200_for_everybody(client) -> None:
    query = {"query": '{ program { version } node(id: "x") { id } }'}
    for accept in ("application/json", GRAPHQL_JSON):
        response = client.post("/graphql", json=query, headers={"Accept": accept})
        assert (response.status_code, code(response)) == (200, "BAD_USER_INPUT")
        assert response.json()["data"] == {"program": {"version": 1}, "node": None}


@pytest.mark.parametrize("value", [None, 1.5, "x", [], {}, 2**40, True])
def test_a_variable_that_does_not_fit_is_the_clients_mistake(client, value) -> None:
    body = {"query": "query($first: Int!) { products(first: $first) { totalCount } }", "variables": {"first": value}}
    response = client.post("/graphql", json=body)
    assert (response.status_code, code(response)) == (200, "BAD_USER_INPUT")


def test_more_items_than_any_list_may_have_are_refused_before_they_are_read(client) -> None:
    query = "query($input: QuoteInput!) { quote(input: $input) { errors { path } } }"
    for lines in ([{}] * 20_001, [[{"quantity": [0] * 20_001}]]):
        response = client.post("/graphql", json={"query": query, "variables": {"input": {"lines": lines}}})
        assert (response.status_code, code(response)) == (200, "QUERY_TOO_EXPENSIVE")


def test_nobody_is_told_what_else_there_is(client) -> None:
    for query in (
        "{ mee { id } }",
        "{ products(frist: 1) { totalCount } }",
        "{ products(sort: NEWER) { totalCount } }",
    ):
        message = client.post("/graphql", json={"query": query}).json()["errors"][0]["message"]
        assert "Did you mean" not in message


def test_the_unexpected_is_hidden_and_logged_with_its_stack(module_api, client, monkeypatch, caplog) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(type(module_api.services.shelf), "programs", fail)
    with caplog.at_level(logging.INFO, "jifen.graphql"):
        response = client.post("/graphql", json={"query": "{ categories { id } }"})
    assert code(response) == "INTERNAL_SERVER_ERROR"
    assert "42" not in response.text
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "the secret is 42" in caplog.text


def test_a_failing_door_answers_500_in_json(module_api, monkeypatch, caplog) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret is 42")

    door = module_api.client.app
    assert isinstance(door, Door)
    monkeypatch.setattr(door, "_new_context", fail)
    response = module_api.client.post("/graphql", json={"query": QUERY})
    assert (response.status_code, code(response)) == (500, "INTERNAL_SERVER_ERROR")
    assert "42" not in response.text


def test_a_clients_mistake_is_one_line_without_its_text(client, caplog) -> None:
    with caplog.at_level(logging.INFO, "jifen.graphql"):
        client.post("/graphql", json={"query": "{ phone13800138000 }"})
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert "13800138000" not in caplog.text


# ---------------------------------------------------------------- persisted queries


def hashed(query: str) -> dict[str, object]:
    return {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(query.encode()).hexdigest()}}


def test_a_query_is_known_by_its_hash_once_it_was_sent_with_it(client) -> None:
    query = "{ program { version } } # kept"
    alone = {"extensions": hashed(query)}
    response = client.post("/graphql", json=alone)
    assert (response.status_code, code(response)) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert response.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    spoken = client.post("/graphql", json=alone, headers={"Accept": GRAPHQL_JSON})
    assert (spoken.status_code, code(spoken)) == (400, "PERSISTED_QUERY_NOT_FOUND")
    assert client.post("/graphql", json={"query": query, **alone}).json() == ANSWER
    assert client.post("/graphql", json=alone).json() == ANSWER
    address = "/graphql?" + urlencode({"extensions": json.dumps(hashed(query))})
    assert client.get(address).json() == ANSWER


def test_a_query_with_another_ones_hash_is_refused(client) -> None:
    response = client.post("/graphql", json={"query": QUERY, "extensions": hashed("{ me { id } }")})
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


def test_a_query_that_does_not_run_is_not_kept(client) -> None:
    query = "{ nothing }"
    client.post("/graphql", json={"query": query, "extensions": hashed(query)})
    response = client.post("/graphql", json={"extensions": hashed(query)})
    assert code(response) == "PERSISTED_QUERY_NOT_FOUND"


def test_one_of_several_operations_is_named(client) -> None:
    query = "query A { program { version } } query B { me { id } }"
    assert client.post("/graphql", json={"query": query, "operationName": "A"}).json() == ANSWER
    assert client.post("/graphql", json={"query": f"query query {QUERY} # mutation"}).json() == ANSWER


# ---------------------------------------------------------------- uploads, which the admin API takes


UPLOAD = """mutation($file: Upload!) { uploadProductImage(input: {productId: "x", file: $file}) { errors { path } } }"""


def upload(module_api, headers: dict[str, str], **parts: str):
    operations = json.dumps({"query": UPLOAD, "variables": {"file": None}})
    fields = {"operations": operations, "map": json.dumps({"0": ["variables.file"]}), **parts}
    files = {**{name: (None, text) for name, text in fields.items()}, "0": ("a.png", b"x", "image/png")}
    return TestClient(admin_door(module_api.services)).post("/admin/graphql", files=files, headers=headers)


@pytest.mark.parametrize("header", ["GraphQL-Require-Preflight", "Apollo-Require-Preflight"])
def test_an_upload_comes_with_a_header_that_no_form_sends(module_api, header) -> None:
    # The file has arrived where it belongs: all that is missing is the session.
    assert code(upload(module_api, {header: "1"})) == "UNAUTHENTICATED"
    response = upload(module_api, {})
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "parts",
    [
        {"operations": "{"},
        {"operations": "1"},
        {"operations": "[]"},
        {"map": "x"},
        {"map": "[]"},
        {"map": '{"0": ["variables.file.more"]}'},
        {"map": '{"0": ["nowhere.file"]}'},
        {"map": '{"0": [1]}'},
        {"map": '{"1": ["variables.file"]}'},
        {"operations": '{"query": "{ staff { id } }", "variables": []}', "map": "{}"},
    ],
)
def test_a_broken_upload_is_a_bad_request(module_api, parts) -> None:
    response = upload(module_api, {"GraphQL-Require-Preflight": "1"}, **parts)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


def test_a_text_is_no_file(module_api) -> None:
    body = {"query": UPLOAD, "variables": {"file": "x"}}
    assert code(TestClient(admin_door(module_api.services)).post("/admin/graphql", json=body)) == "BAD_USER_INPUT"


# ---------------------------------------------------------------- development and production


def test_graphiql_is_for_browsers_in_development(client) -> None:
    response = client.get("/graphql", headers={"Accept": "text/html,*/*"})
    assert response.status_code == 200
    assert "graphiql" in response.text.lower()


def test_in_production_there_is_neither_graphiql_nor_introspection(module_api) -> None:
    api = ShopApi(module_api.play, production=True)
    response = api.client.get("/graphql", headers={"Accept": "text/html"})
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")
    assert api.code("{ __schema { __typename } }") == "GRAPHQL_VALIDATION_FAILED"
    assert api.ask("{ __typename }") == {"__typename": "Query"}
    api.services.executor.shutdown()


def test_there_are_no_websockets(client) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/graphql", subprotocols=["graphql-ws"]):
        pass

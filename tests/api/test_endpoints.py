"""What is served beside GraphQL, and what every answer says."""

from __future__ import annotations

import hashlib
import io
import re

import anyio
import pytest
from PIL import Image

from media.storage import write_image


def _picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def databases(sqlite_databases):
    """One kind is enough here: nothing of this depends on it."""
    return sqlite_databases


@pytest.fixture
def shop(client):
    return client(TEST_CLOCK="2026-01-01T09:00:00+08:00")


@pytest.fixture
def picture(shop):
    """The address of a picture that was stored before there were renditions."""
    key = f"{hashlib.sha256(_picture()).hexdigest()}.png"
    write_image(shop.app.state.services.media, key, _picture())
    return f"/media/{key}"


def test_the_shop_says_that_it_is_alive_and_ready(shop):
    assert shop.get("/healthz").json() == {"status": "ok"}
    ready = shop.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


def test_a_shop_without_a_program_is_not_ready(client):
    answer = client(ready=False).get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reason"] == "no program has been published"


def test_a_shop_whose_database_is_a_step_behind_is_not_ready(shop, database_url):
    from migrations.run import downgrade

    downgrade(database_url, "0001")
    answer = shop.get("/readyz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "the database has not been migrated")


def test_a_shop_whose_database_is_gone_is_not_ready_but_alive(client, tmp_path):
    shop = client(ready=False, DATABASE_URL=f"sqlite:///{tmp_path}/no/such/folder/shop.db")
    answer = shop.get("/readyz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "the database cannot be reached")
    assert shop.get("/healthz").status_code == 200


def test_a_picture_is_served_once_and_for_all(shop, picture):
    answer = shop.get(picture)
    assert answer.content == _picture()
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = shop.get(picture, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert shop.get(picture, headers={"If-None-Match": '"another"'}).status_code == 200
    assert shop.head(picture).headers["content-length"] == str(len(_picture()))


@pytest.mark.parametrize(
    "key", ["nothing.png", "..%2Fjifen.db", "%2e%2e%2fsecret_key", hashlib.sha256(b"").hexdigest() + ".png", "%00"]
)
def test_a_picture_that_is_not_there_is_not_found(shop, key):
    answer = shop.get(f"/media/{key}")
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


def test_an_unknown_address_is_told_in_json(shop):
    answer = shop.get("/admin")
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert shop.post("/healthz").status_code == 405


def test_every_answer_is_neither_framed_nor_guessed_at(shop):
    for path in ("/healthz", "/graphql?query={__typename}", "/nowhere"):
        headers = shop.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("path", ["/graphql", "/admin/graphql"])
def test_both_apis_answer(shop, path):
    assert shop.post(path, json={"query": "{ __typename }"}).json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("path", ["/graphql", "/admin/graphql"])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(shop, path):
    for body in (b" " * (2 * 2**20 + 1), iter([b" " * 2**20] * 3)):
        answer = shop.post(path, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 413
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    padded = b'{"query": "{ __typename }"}' + b" " * (2 * 2**20 - 100)
    assert shop.post(path, content=padded, headers={"Content-Type": "application/json"}).status_code == 200


@pytest.mark.parametrize(
    ("megabytes", "told", "taken"), [(10, True, 10), (10, False, 10), (100, True, 0), (100, False, 20)]
)
def test_whoever_sends_somewhat_too_much_may_finish_and_then_hears_so(shop, megabytes, told, taken):
    """Most clients listen only when they have sent everything; nobody may send without an end."""
    parts, started = iter(range(megabytes)), []

    async def receive():
        number = next(parts)
        assert not started, "the answer came first"
        return {"type": "http.request", "body": bytes(2**20), "more_body": number < megabytes - 1}

    async def send(message):
        if message["type"] == "http.response.start":
            started.append(message["status"])

    length = [(b"content-length", str(megabytes * 2**20).encode())] if told else []
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": length}
    anyio.run(shop.app, scope, receive, send)
    assert (started, megabytes - len(list(parts))) == ([413], taken)


def test_ten_thousand_lines_with_both_ids_are_a_basket_of_too_many(shop):
    line = {"variantId": "var_" + "0" * 32, "exchangeOfferId": "off_" + "0" * 32, "quantity": 1}
    body = {
        "query": "query($input: QuoteInput!) { quote(input: $input) { errors { __typename path } } }",
        "variables": {"input": {"lines": [line] * 10_000}},
    }
    answer = shop.post("/graphql", json=body).json()
    assert answer == {"data": {"quote": {"errors": [{"__typename": "InvalidInputError", "path": ["lines"]}]}}}


def test_only_whoever_may_be_signed_in_sends_large_bodies(shop):
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    assert shop.post("/graphql", content=b" " * (2 * 2**20 + 1), headers=form).status_code == 413
    member = form | {"Authorization": "Bearer x"}
    assert shop.post("/graphql", content=b" " * (5 * 2**20), headers=member).status_code == 400
    assert shop.post("/graphql", content=b" " * (7 * 2**20), headers=member).status_code == 413
    assert shop.post("/admin/graphql", content=b" " * (2 * 2**20 + 1), headers=form).status_code == 400
    assert shop.post("/admin/graphql", content=b" " * (12 * 2**20), headers=form).status_code == 413


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "内容过大"), ("en", "This is too large to send at once")])
def test_staff_who_send_too_much_get_a_page_in_their_language(shop, jifen, language, words):
    assert jifen("create-staff", "--email", "ana@shop.test", "--role", "ADMIN", "--password", "long enough 1").code == 0
    headers = {"Accept-Language": language}
    token = re.search(r'name="csrf" value="(\w+)"', shop.get("/console/sign-in", headers=headers).text)[1]
    entering = {"csrf": token, "email": "ana@shop.test", "password": "long enough 1"}
    assert shop.post("/console/sign-in", data=entering, headers=headers).url.path == "/console/"
    for path, size, most in (("/products/x/pictures", 42, "40 MB"), ("/products/new", 3, "1 MB")):
        for body in (bytes(size * 2**20), iter([bytes(2**20)] * size)):
            form = headers | {"Content-Type": "multipart/form-data; boundary=x"}
            answer = shop.post(f"/console{path}", content=body, headers=form)
            assert answer.status_code == 413
            assert answer.headers["content-type"].startswith("text/html")
            assert words in answer.text
            assert most in answer.text
    shop.cookies.clear()
    answer = shop.post("/console/products/new", content=bytes(2**21 + 1), headers=headers)
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


def test_graphiql_is_for_development(client):
    html = {"Accept": "text/html"}
    shop = client()
    for path in ("/graphql", "/admin/graphql"):
        assert "graphiql" in shop.get(path, headers=html).text.lower()
    shop = client(ENV="production", SECRET_KEY="k" * 32, PUBLIC_URL="https://shop.example.com")
    for path in ("/graphql", "/admin/graphql"):
        answer = shop.get(path, headers=html)
        assert answer.status_code == 400
        assert "max-age" in answer.headers["strict-transport-security"]


def test_a_page_elsewhere_may_ask_where_the_shop_allows_it(client):
    asks = {"Origin": "https://mall.example.com", "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in client().options("/graphql", headers=asks).headers
    shop = client(CORS_ORIGINS="https://mall.example.com")
    allowed = shop.options("/graphql", headers=asks | {"Access-Control-Request-Headers": "authorization"})
    assert allowed.headers["access-control-allow-origin"] == "https://mall.example.com"
    stranger = shop.options("/graphql", headers=asks | {"Origin": "https://evil.example.com"})
    assert "access-control-allow-origin" not in stranger.headers

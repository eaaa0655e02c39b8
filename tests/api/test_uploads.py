"""Pictures over HTTP: sent without GraphQL, and served for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api import worker
from kernel.sessions import open_session
from media.images import content_hash
from media.queries import images_t
from media.studio import Busy
from media.sweep import GRACE
from staff.accounts import create_staff
from staff.tables import Role
from tests.doubles.s3 import bucket
from tests.support.catalog import picture, stock_goods
from tests.support.pictures import BAD, GPS_NOTE, photograph, tagged

JPEG = {"Content-Type": "image/jpeg"}


@pytest.fixture
def databases(sqlite_databases):
    """One kind is enough here: nothing of this depends on it."""
    return sqlite_databases


@pytest.fixture
def shop(client):
    return client(TEST_CLOCK="2026-01-01T09:00:00+08:00")


def sign_in(shop, role="MERCHANDISER"):
    services = shop.app.state.services
    now = services.clock.now()
    with services.db.write() as tx:
        staff_id = create_staff(
            tx, email=f"{role}@shop.test", password="long enough for staff", role=Role(role), name=""
        )
        session = open_session(tx, staff_id, now=now, lifetime=timedelta(hours=8))
    token = services.tokens.issue("admin", staff_id, session.session_id, now).text
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def staff(shop):
    return sign_in(shop)


@pytest.fixture
def product_id(shop):
    services = shop.app.state.services
    stock_goods(services.db, "HAT", now=services.clock.now())
    query = '{ product(slug: "hat") { id } }'
    return shop.post("/graphql", json={"query": query}).json()["data"]["product"]["id"]


def path_of(url):
    return "/" + url.split("/", 3)[3]


def stored(shop):
    services = shop.app.state.services
    with services.db.read() as conn:
        rows = {row.key for row in conn.execute(images_t.select())}
    return rows, {entry["path"] for batch in services.media.list() for entry in batch}


def test_a_file_is_sent_as_it_is_and_comes_back_in_every_width(shop, staff, product_id):
    data = photograph((900, 600))
    answer = shop.post(f"/admin/media?productId={product_id}&alt=A hat", content=data, headers=staff | JPEG)
    assert (answer.status_code, answer.json()["errors"]) == (201, [])
    image = answer.json()["image"]
    assert image["key"] == f"{content_hash(data)}-p1.jpg"
    assert (image["width"], image["height"], image["productId"]) == (900, 600, product_id)
    assert {(each["width"], each["format"]) for each in image["renditions"]} == {
        (width, format) for width in (200, 400, 800, 900) for format in ("WEBP", "JPEG")
    }
    for each in image["renditions"]:
        served = shop.get(path_of(each["url"]))
        assert (served.status_code, served.headers["content-type"]) == (200, f"image/{each['format'].lower()}")
    query = '{ product(slug: "hat") { image { alt url(width: 300) } } }'
    shown = shop.post("/graphql", json={"query": query}).json()["data"]["product"]["image"]
    assert shown["alt"] == "A hat"
    assert path_of(shown["url"]) == f"/media/{content_hash(data)}-p1-400.webp"


def test_a_file_is_sent_in_a_form(shop, staff, product_id):
    form = {"productId": product_id, "alt": "红"}
    answer = shop.post("/admin/media", data=form, files={"file": ("a.png", picture())}, headers=staff)
    assert (answer.status_code, answer.json()["image"]["productId"]) == (201, product_id)


def test_a_picture_can_be_sent_before_there_is_a_product_and_is_swept_if_none_comes(shop, staff):
    answer = shop.post("/admin/media", content=picture(), headers=staff)
    assert (answer.status_code, answer.json()["image"]["productId"]) == (201, None)
    services = shop.app.state.services
    worker.tidy(services.shop, services.media)
    assert stored(shop)[0] == {answer.json()["image"]["key"]}
    query = "mutation($to: DateTime!) { advanceTestClock(input: {to: $to}) { errors { message } } }"
    to = (services.clock.now() + GRACE).isoformat()
    variables = {"query": query, "variables": {"to": to}}
    assert shop.post("/admin/graphql", json=variables, headers=sign_in(shop, "ADMIN")).json()["data"]
    worker.tidy(services.shop, services.media)
    assert stored(shop) == (set(), set())


@pytest.mark.parametrize(("language", "has"), [("zh-CN", True), ("en", False)])
def test_a_bad_file_is_refused_in_words_and_nothing_is_stored(shop, staff, language, has):
    for name, (data, _) in BAD.items():
        answer = shop.post("/admin/media", content=data, headers=staff | {"Accept-Language": language})
        body = answer.json()
        (error,) = body["errors"]
        if name == "100 MB":
            # Refused by its length, before it is read.
            assert (answer.status_code, error["extensions"]["code"]) == (413, "BAD_REQUEST")
        else:
            assert (answer.status_code, answer.headers["content-language"]) == (422, language)
            assert (body["image"], error["type"], error["path"]) == (None, "InvalidInputError", ["file"]), name
        assert any("一" <= letter <= "鿿" for letter in error["message"]) is has
        assert stored(shop) == (set(), set())


@pytest.mark.parametrize("path", ["/admin/graphql", "/graphql"])
@pytest.mark.parametrize(("language", "word"), [("zh-CN", "文件"), ("en", "file")])
def test_what_is_far_too_large_is_told_in_words_by_graphql_too(shop, staff, path, language, word):
    form = {"Content-Type": "multipart/form-data; boundary=x", "Accept-Language": language}
    answer = shop.post(path, content=bytes(100 * 2**20), headers=staff | form)
    assert answer.status_code == 413
    assert word in answer.json()["errors"][0]["message"]


def test_all_that_is_wrong_is_told_at_once(shop, staff):
    answer = shop.post(f"/admin/media?productId=prd_{'0' * 32}", content=b"", headers=staff)
    assert [error["type"] for error in answer.json()["errors"]] == ["NotFoundError", "InvalidInputError"]
    answer = shop.post("/admin/media?productId=hat", content=picture(), headers=staff)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")
    for more in ({"data": {"alt": "x"}, "files": {"other": b"x"}}, {"data": {"file": "text"}, "files": {"x": b""}}):
        assert shop.post("/admin/media", headers=staff, **more).status_code == 422
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert shop.post("/admin/media", content=b"no form", headers=staff | broken).status_code in (400, 422)


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_only_roles_that_write_the_catalogue_send_pictures(shop, role):
    answer = shop.post("/admin/media", content=picture(), headers=sign_in(shop, role))
    assert answer.status_code == (201 if role in ("ADMIN", "MERCHANDISER") else 403)
    if answer.status_code == 403:
        assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert stored(shop) == (set(), set())


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer none"}, {"Authorization": "Basic none"}])
def test_signed_out_nobody_sends_one(shop, headers):
    answer = shop.post("/admin/media", content=picture(), headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert shop.get("/admin/media").status_code == 405


def test_too_many_at_once_are_asked_to_come_later(shop, staff, monkeypatch):
    def busy(*_, **__):
        raise Busy

    monkeypatch.setattr("media.studio.Studio.hand_in", busy)
    answer = shop.post("/admin/media", content=picture(), headers=staff)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
    assert answer.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


# ---------------------------------------------------------------- served


def test_where_it_was_taken_is_nowhere_in_what_is_served(shop, staff):
    image = shop.post("/admin/media", content=tagged(), headers=staff).json()["image"]
    for path in (f"/media/{image['key']}", *(path_of(each["url"]) for each in image["renditions"])):
        assert GPS_NOTE not in shop.get(path).content


def test_a_rendition_is_served_once_and_for_all(shop, staff):
    image = shop.post("/admin/media", content=photograph((500, 400)), headers=staff).json()["image"]
    path = path_of(image["url"])
    answer = shop.get(path)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    head = shop.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "cache-control", "etag"):
        assert head.headers[name] == answer.headers[name]
    for tags in (answer.headers["etag"], f'"x", W/{answer.headers["etag"]}', "*"):
        again = shop.get(path, headers={"If-None-Match": tags})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
    assert shop.get(path, headers={"If-None-Match": '"x"'}).status_code == 200


def test_what_is_not_there_is_not_found_whatever_is_asked(shop):
    path = f"/media/{'ab' * 32}-p1-200.webp"
    assert shop.get(path).status_code == shop.head(path).status_code == 404
    assert shop.get(path, headers={"If-None-Match": "*"}).status_code == 404
    assert "immutable" not in shop.get(path).headers.get("cache-control", "")


def test_pictures_are_kept_in_a_bucket_where_one_is_named(client, environment):
    with bucket() as held:
        environment.setenv("AWS_ENDPOINT_URL", held.address)
        environment.setenv("AWS_ACCESS_KEY_ID", "pictures")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "s" * 40)
        shop = client(TEST_CLOCK="2026-01-01T09:00:00+08:00", MEDIA_ROOT="s3://shop/pictures")
        staff = sign_in(shop)
        image = shop.post("/admin/media", content=picture(), headers=staff).json()["image"]
        assert f"/shop/pictures/{image['key']}" in held.objects
        served = shop.get(path_of(image["url"]))
        assert (served.status_code, served.headers["content-type"]) == (200, "image/webp")
        held.down = True
        away = shop.get(path_of(image["url"]))
        assert (away.status_code, away.headers["retry-after"]) == (503, "5")
        assert shop.post("/admin/media", content=picture("blue"), headers=staff).status_code == 500
        assert shop.app.state.services.shop is not None
        # The tidying goes on without.
        worker.tidy(shop.app.state.services.shop, shop.app.state.services.media)


def test_avif_is_made_where_the_shop_says_so(client):
    shop = client(TEST_CLOCK="2026-01-01T09:00:00+08:00", AVIF="true")
    image = shop.post("/admin/media", content=picture(), headers=sign_in(shop)).json()["image"]
    served = [shop.get(path_of(each["url"])) for each in image["renditions"]]
    assert {answer.headers["content-type"] for answer in served} == {"image/webp", "image/jpeg", "image/avif"}

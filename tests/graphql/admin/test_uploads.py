"""Pictures of products, sent by the GraphQL multipart request specification."""

from __future__ import annotations

import json

import pytest

from media.queries import images_t
from media.storage import read_image
from tests.support.catalog import picture
from tests.support.pictures import BAD, GPS_NOTE, photograph, tagged

UPLOAD = """mutation($input: UploadProductImageInput!) { uploadProductImage(input: $input) {
  product { images { url(width: 20) large: url jpeg: url(width: 300, format: JPEG) alt width height placeholder key } }
  errors { __typename path message } } }"""

IMAGES = "product { images { key alt } }"


@pytest.fixture
def upload(shop):
    def upload(product_id, data, alt="", language="zh-CN", role="MERCHANDISER"):
        operations = {"query": UPLOAD, "variables": {"input": {"productId": product_id, "file": None, "alt": alt}}}
        answer = shop.post(
            role=role,
            language=language,
            data={"operations": json.dumps(operations), "map": '{"0": ["variables.input.file"]}'},
            files={"0": ("a.png", data)},
            headers={"GraphQL-Require-Preflight": "1"},
        ).json()
        assert "errors" not in answer, answer
        return answer["data"]["uploadProductImage"]

    return upload


def stored(shop):
    with shop.db.read() as conn:
        rows = {row.key for row in conn.execute(images_t.select())}
    return rows, {entry["path"] for batch in shop.services.media.list() for entry in batch}


def name_of(url):
    assert url.startswith("https://shop.test/media/")
    return url.rpartition("/")[2]


def test_a_picture_is_uploaded_and_shown_in_the_width_and_format_asked_for(shop, upload):
    product = shop.stock()
    image = upload(product["id"], photograph((1000, 600)), "红")["product"]["images"][0]
    assert (image["alt"], image["width"], image["height"]) == ("红", 1000, 600)
    assert image["placeholder"].startswith("data:image/webp;base64,")
    names = [name_of(image[url]) for url in ("url", "large", "jpeg")]
    assert [name.partition("-")[2] for name in names] == ["p1-200.webp", "p1-1000.webp", "p1-400.jpg"]
    assert all(read_image(shop.services.media, name) for name in names)


def test_where_a_picture_was_taken_is_not_told(shop, upload):
    upload(shop.stock()["id"], tagged())
    for name in stored(shop)[1]:
        assert GPS_NOTE not in read_image(shop.services.media, name)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_bad_file_is_refused_in_words_and_nothing_is_stored(shop, upload, language):
    product = shop.stock()
    for name, (data, _) in BAD.items():
        if name == "100 MB":
            continue
        answer = upload(product["id"], data, language=language)
        (error,) = answer["errors"]
        assert (answer["product"], error["__typename"], error["path"]) == (None, "InvalidInputError", ["file"]), name
        assert any("一" <= letter <= "鿿" for letter in error["message"]) is (language == "zh-CN")
        assert "_" not in error["message"]
        assert stored(shop) == (set(), set())


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_made_of_the_file(shop, upload):
    def errors(*arguments):
        return [(error["__typename"], error["path"]) for error in upload(*arguments)["errors"]]

    nowhere = "prd_" + "0" * 32
    assert errors(nowhere, b"rubbish") == [("NotFoundError", ["productId"]), ("InvalidInputError", ["file"])]
    assert errors(nowhere, picture()) == [("NotFoundError", ["productId"])]
    assert errors(nowhere, picture(), "x" * 201) == [("NotFoundError", ["productId"]), ("InvalidInputError", ["alt"])]
    product = shop.stock()["id"]
    assert errors(product, b"", "x" * 201) == [("InvalidInputError", ["alt"]), ("InvalidInputError", ["file"])]
    assert stored(shop) == (set(), set())


def test_a_product_has_twenty_pictures_and_the_same_one_once(shop, upload):
    product = shop.stock()["id"]
    for n in range(20):
        upload(product, picture(size=(9, 9 + n)))
    assert upload(product, picture(size=(5, 5)))["errors"][0]["path"] == ["file"]
    again = upload(product, picture(size=(9, 9)), "the first")
    assert (again["errors"], len(again["product"]["images"])) == ([], 20)
    assert again["product"]["images"][0]["alt"] == "the first"
    assert len(stored(shop)[0]) == 20


def test_a_file_that_was_stored_otherwise_before_is_renewed_in_its_place(shop, upload):
    product = shop.stock()["id"]
    for size in ((9, 9), (300, 200)):
        upload(product, picture(size=size))
    shop.services.studio.avif = True
    images = upload(product, picture(size=(9, 9)))["product"]["images"]
    assert [image["key"].partition("-")[2] for image in images] == ["p2.jpg", "p1.jpg"]
    assert images[0]["width"] == 9


def test_pictures_are_put_in_order_taken_away_and_named(shop, upload):
    product = shop.stock()["id"]
    for size in ((9, 9), (10, 10), (11, 11)):
        images = upload(product, picture(size=size), f"{size[0]}")["product"]["images"]
    keys = [image["key"] for image in images]

    def arrange(*images):
        inputs = [{"key": key} if alt is None else {"key": key, "alt": alt} for key, alt in images]
        return shop.do("arrangeProductImages", IMAGES, "MERCHANDISER", productId=product, images=inputs)

    shown = arrange((keys[2], None), (keys[0], "nine"))["product"]["images"]
    assert shown == [{"key": keys[2], "alt": "11"}, {"key": keys[0], "alt": "nine"}]
    assert arrange((keys[1], "back"))["product"]["images"] == [{"key": keys[1], "alt": "back"}]
    assert arrange()["product"]["images"] == []
    entries = shop.ask("{ auditLog { edges { node { action before after } } } }")["auditLog"]["edges"]
    assert entries[0]["node"]["action"] == "arrangeProductImages"
    assert entries[0]["node"]["before"]["images"] == [{"key": keys[1], "alt": "back"}]
    assert entries[0]["node"]["after"]["images"] == []


def test_an_order_of_pictures_that_cannot_be_is_refused(shop, upload):
    product = shop.stock()["id"]
    key = upload(product, picture())["product"]["images"][0]["key"]

    def refused(*images, product=product):
        return shop.refused("arrangeProductImages", productId=product, images=list(images))

    assert refused({"key": "nothing"}) == [("NotFoundError", ["images", "0", "key"])]
    assert refused({"key": key}, {"key": key}) == [("InvalidInputError", ["images", "1", "key"])]
    assert refused({"key": key, "alt": "x" * 201}) == [("InvalidInputError", ["images", "0", "alt"])]
    assert refused(product="prd_" + "0" * 32) == [("NotFoundError", ["productId"])]
    assert len(shop.ask("{ products { edges { node { images { key } } } } }")["products"]["edges"][0]["node"]["images"])

"""Reads by id, and what checkout is told of the goods."""

from __future__ import annotations

import pytest

from catalog.attach_picture import MAX_PICTURES, AttachPicture, attach_picture
from catalog.checks import Translation
from catalog.queries import (
    pictures_of_products,
    product_by_sku,
    product_by_slug,
    products_by_id,
    sellable,
    variants_by_id,
    variants_of_products,
)
from tests.support.catalog import (
    DAY,
    offer,
    product_and_variants,
    put_on_sale,
    refused,
    statements,
    stock_goods,
    variant,
)
from tests.support.members import NOON


@pytest.fixture
def coat(db):
    stock_goods(
        db, "COAT", "899.00",
        translations=(Translation("zh-CN", "大衣"), Translation("en", "Coat")),
        variants=(variant("COAT", "899.00", name="M", on_hand=4), variant("COAT-L", "899.00")),
    )  # fmt: skip
    return product_and_variants(db, "coat")[0].id


def attach(db, product_id, key, **more):
    with db.write() as tx:
        return attach_picture(tx, AttachPicture(product_id, key, 40, 30, **more))


def pictures(db, product_id, **asked):
    with db.read() as conn:
        return [(p.image_key, p.alt) for p in pictures_of_products(conn, [product_id], **asked)[product_id]]


def test_checkout_is_told_of_variants_and_of_the_variants_of_offers_in_two_statements(db, coat):
    hat = stock_goods(db, "HAT", "59.00", published=False)
    put_on_sale(db, "COAT", "700.00", ends_at=NOON + DAY)
    attach(db, coat, "a.png", alt="front")
    attach(db, coat, "b.png")
    offered = offer(db, "HAT", "30.00", 500)
    variants = product_and_variants(db, "coat")[1]
    ids = [variants["COAT"].id, variants["COAT-L"].id, "var_" + "0" * 32]
    with statements(db.engines[1]) as seen, db.read() as conn:
        goods, offers = sellable(conn, ids, [offered, "off_" + "0" * 32], NOON)
        assert len(seen) == 2
        later, _ = sellable(conn, ids, [], NOON + DAY)
    assert set(goods) == {*ids[:2], hat}
    assert set(offers) == {offered}
    one = goods[ids[0]]
    assert (one.sku, one.variant_name, one.regular_price, one.available, one.on_sale) == (
        "COAT", "M", 89900, 4, True,
    )  # fmt: skip
    assert (one.product_id, one.product_slug, one.product_name) == (coat, "coat", "COAT")
    assert one.product_names == {"zh-CN": "大衣", "en": "Coat"}
    assert (one.special.price, one.special.price_class) == (70000, "SALE")
    assert (one.image.image_key, one.image.alt) == ("a.png", "front")
    assert goods[ids[1]].special is None
    assert later[ids[0]].special is None
    assert not goods[hat].on_sale
    assert goods[hat].image is None
    assert goods[hat].product_names == {}


def test_nothing_asked_is_nothing_told(db):
    with db.read() as conn:
        assert sellable(conn, [], [], NOON) == ({}, {})


def test_products_are_found_by_slug_sku_and_id(db, coat):
    with db.read() as conn:
        assert product_by_slug(conn, "coat", "zh-CN").name == "大衣"
        assert product_by_sku(conn, " COAT-L ", "en").id == coat
        assert product_by_slug(conn, "hat", None) is None
        assert product_by_sku(conn, "HAT", None) is None
        assert products_by_id(conn, ["prd_x"], None) == {}
        assert list(variants_of_products(conn, [coat, "prd_x"], NOON, active_only=True)["prd_x"]) == []
        assert variants_by_id(conn, [], NOON) == {}


def test_pictures_come_in_their_order_and_each_once(db, coat):
    for key in ("b.png", "a.png", "b.png"):
        assert attach(db, coat, key, alt="front") == coat
    assert pictures(db, coat) == [("b.png", "front"), ("a.png", "front")]
    assert pictures(db, coat, first_only=True) == [("b.png", "front")]
    attach(db, coat, "b.png", alt="back")
    attach(db, coat, "a.png")
    assert pictures(db, coat) == [("b.png", "back"), ("a.png", "front")]


def test_a_product_has_twenty_pictures_at_most(db, coat):
    for i in range(MAX_PICTURES):
        attach(db, coat, f"{i}.png")
    assert refused(attach, db, coat, "more.png", alt="x" * 201) == {"file": "too_many", "alt": "too_long"}
    attach(db, coat, "3.png")


def test_pictures_belong_to_products_that_exist(db):
    assert refused(attach, db, "prd_" + "0" * 32, "a.png") == {"productId": "NotFound"}

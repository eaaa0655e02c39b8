"""Saving a product: what is named is sold, what is left out is no longer, and nothing is half done."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.checks import Translation
from catalog.columns import variants_t
from catalog.queries import products_by_id, translations_of
from catalog.save_category import SaveCategory, save_category
from catalog.save_product import SaveProduct, save_product
from tests.support.catalog import DAY, offer, product_and_variants, put_on_sale, refused, stock_goods, variant
from tests.support.members import NOON, PROGRAM


def save(db, now=NOON, **command):
    with db.write() as tx:
        return save_product(tx, SaveProduct(**command), now=now, program=PROGRAM)


def save_coat(db, **changes):
    return save(db, **{"slug": "coat", "name": "Coat", "variants": (variant("COAT", "899.00"),), **changes})


def test_a_new_product_is_published_our_own_and_out_of_stock(db):
    save_coat(db)
    product, variants = product_and_variants(db, "coat")
    assert (product.published, product.third_party, product.points_rate, product.description) == (
        True, False, None, "",
    )  # fmt: skip
    assert (variants["COAT"].regular_price, variants["COAT"].on_hand, variants["COAT"].name) == (89900, 0, "")


def test_what_a_change_leaves_out_stays(db):
    with db.write() as tx:
        save_category(tx, SaveCategory(slug="outdoor", name="Outdoor"))
    id_ = save_coat(
        db,
        description="Warm.",
        published=False,
        third_party=True,
        points_rate=Decimal("0.3"),
        required_tier_code="VIP",
        category_slug="outdoor",
        translations=(Translation("zh-CN", "大衣", "暖和。"),),
        variants=(variant("COAT", "899.00", name="M", on_hand=7),),
    )
    save_coat(db, id=id_, name="Long coat", variants=(variant("COAT", "799.00"),))
    product, variants = product_and_variants(db, "coat")
    assert (product.name, product.description, product.published, product.third_party) == (
        "Long coat", "Warm.", False, True,
    )  # fmt: skip
    assert (product.points_rate, product.required_tier_code) == (Decimal("0.3"), "VIP")
    assert product.category_id is not None
    assert (variants["COAT"].name, variants["COAT"].on_hand, variants["COAT"].regular_price) == ("M", 7, 79900)
    with db.read() as conn:
        assert [t.name for t in translations_of(conn, [id_])[id_]] == ["大衣"]


def test_null_takes_rate_tier_and_category_away(db):
    id_ = save_coat(db, points_rate=Decimal(1), required_tier_code="VIP")
    save_coat(db, id=id_, points_rate=None, required_tier_code=None, category_slug=None)
    product, _ = product_and_variants(db, "coat")
    assert (product.points_rate, product.required_tier_code, product.category_id) == (None, None, None)


def test_translations_are_replaced_together(db):
    id_ = save_coat(db, translations=(Translation("ZH-cn", "大衣"), Translation("fr", "Manteau")))
    save_coat(db, id=id_, translations=(Translation("en", "Overcoat", "Warm"),))
    with db.read() as conn:
        (only,) = translations_of(conn, [id_])[id_]
        assert (only.locale, only.name, only.description) == ("en", "Overcoat", "Warm")
        assert products_by_id(conn, [id_], "en")[id_].name == "Overcoat"
        assert products_by_id(conn, [id_], "zh-CN")[id_].name == "Coat"


def test_a_translation_without_description_shows_the_products_own(db):
    id_ = save_coat(db, description="Warm.", translations=(Translation("zh-CN", "大衣"),))
    with db.read() as conn:
        product = products_by_id(conn, [id_], "zh-CN")[id_]
    assert (product.name, product.description) == ("大衣", "Warm.")


def test_variants_that_are_left_out_are_kept_and_no_longer_sold(db):
    id_ = save_coat(db, variants=(variant("S"), variant("M"), variant("L")))
    save_coat(db, id=id_, variants=(variant("L"), variant("S")))
    _, variants = product_and_variants(db, "coat")
    assert {sku: v.active for sku, v in variants.items()} == {"L": True, "S": True, "M": False}
    assert list(variants) == ["L", "S", "M"]


def test_a_variant_that_is_named_again_is_sold_again(db):
    id_ = save_coat(db, variants=(variant("S", on_hand=4), variant("M")))
    _, before = product_and_variants(db, "coat")
    save_coat(db, id=id_, variants=(variant("M"),))
    save_coat(db, id=id_, variants=(variant("S"),))
    _, variants = product_and_variants(db, "coat")
    assert (variants["S"].id, variants["S"].active, variants["S"].on_hand) == (before["S"].id, True, 4)


def test_skus_are_renamed_and_even_swapped_by_id(db):
    id_ = save_coat(db, variants=(variant("S"), variant("M")))
    _, before = product_and_variants(db, "coat")
    save_coat(db, id=id_, variants=(variant("M", id=before["S"].id), variant("S", id=before["M"].id)))
    _, variants = product_and_variants(db, "coat")
    assert (variants["M"].id, variants["S"].id) == (before["S"].id, before["M"].id)
    save_coat(db, id=id_, variants=(variant("XS", id=before["S"].id), variant("M")))
    _, variants = product_and_variants(db, "coat")
    assert variants["XS"].id == before["S"].id
    assert variants["M"].id not in (before["S"].id, before["M"].id)


def test_a_sku_of_another_product_and_of_a_variant_left_out_is_taken(db):
    save(db, slug="hat", name="Hat", variants=(variant("HAT"),))
    id_ = save_coat(db, variants=(variant("S"), variant("M")))
    _, there = product_and_variants(db, "coat")
    assert refused(save_coat, db, id=id_, variants=(variant("HAT"),)) == {"variants.0.sku": "taken"}
    assert refused(save_coat, db, id=id_, variants=(variant("M", id=there["S"].id),)) == {"variants.0.sku": "taken"}
    assert refused(save_coat, db, id=id_, variants=(variant("X"), variant(" X "))) == {"variants.1.sku": "repeated"}


def test_ids_of_other_products_variants_are_not_found(db):
    save(db, slug="hat", name="Hat", variants=(variant("HAT"),))
    _, hats = product_and_variants(db, "hat")
    id_ = save_coat(db)
    _, coats = product_and_variants(db, "coat")
    hat, coat = hats["HAT"].id, coats["COAT"].id
    assert refused(save_coat, db, id=id_, variants=(variant("X", id=hat),)) == {"variants.0.id": "NotFound"}
    assert refused(save, db, slug="new", name="New", variants=(variant("X", id=coat),)) == {"variants.0.id": "NotFound"}
    assert refused(save_coat, db, id=id_, variants=(variant("A", id=coat), variant("B", id=coat))) == {
        "variants.1.id": "repeated"
    }


def test_everything_wrong_is_told_at_once_and_nothing_is_saved(db):
    reasons = refused(
        save_coat,
        db,
        id="prd_" + "0" * 32,
        slug="Not A Slug",
        name="  ",
        description="x" * 2001,
        points_rate=Decimal("NaN"),
        required_tier_code="NOBILITY",
        category_slug="nowhere",
        translations=(Translation("?", ""), Translation("en", "A"), Translation("EN", "x" * 201)),
        variants=(
            variant("", "1.005"),
            variant("A", "-1.00"),
            variant("B", "NaN", on_hand=-1),
            variant("C\0", "1e12", name="x" * 201),
        ),
    )
    assert reasons == {
        "id": "NotFound",
        "slug": "not_a_slug",
        "name": "empty",
        "description": "too_long",
        "pointsRate": "not_between",
        "requiredTierCode": "NotFound",
        "categorySlug": "NotFound",
        "translations.0.locale": "not_a_locale",
        "translations.0.name": "empty",
        "translations.2.locale": "repeated",
        "translations.2.name": "too_long",
        "variants.0.sku": "empty",
        "variants.0.regularPrice": "not_an_amount",
        "variants.1.regularPrice": "negative",
        "variants.2.regularPrice": "not_an_amount",
        "variants.2.onHand": "not_between",
        "variants.3.sku": "bad_characters",
        "variants.3.regularPrice": "not_an_amount",
        "variants.3.name": "too_long",
    }
    with db.read() as conn:
        assert conn.execute(variants_t.select()).all() == []


@pytest.mark.parametrize(("count", "reason"), [(0, "empty"), (101, "too_many")])
def test_a_product_has_one_variant_to_a_hundred(db, count, reason):
    assert refused(save_coat, db, variants=tuple(variant(f"S{i}") for i in range(count))) == {"variants": reason}


def test_a_slug_is_taken_once(db):
    save_coat(db)
    assert refused(save, db, slug=" coat ", name="Other", variants=(variant("X"),)) == {"slug": "taken"}


@pytest.mark.parametrize("slug", ["coat", "404.038.96", "a_b-c", "羽绒服"])
def test_slugs_may_be_skus_in_small_letters(db, slug):
    save(db, slug=slug, name="Coat", variants=(variant("COAT"),))
    assert product_and_variants(db, slug)[0].slug == slug


@pytest.mark.parametrize("rate", ["-0.1", "1000.1", "Infinity"])
def test_a_rate_of_its_own_is_between_0_and_1000(db, rate):
    assert refused(save_coat, db, points_rate=Decimal(rate)) == {"pointsRate": "not_between"}


def test_a_rate_of_its_own_has_six_places_at_most(db):
    assert refused(save_coat, db, points_rate=Decimal("0.1234567")) == {"pointsRate": "too_many_places"}
    save_coat(db, points_rate=Decimal("0.123456"))


def test_the_regular_price_stays_above_live_special_prices_and_offers(db):
    stock_goods(db, "COAT", "100.00")
    put_on_sale(db, "COAT", "80.00", starts_at=NOON + DAY, ends_at=NOON + 2 * DAY)
    offer(db, "COAT", "60.00", ends_at=NOON + 3 * DAY)
    product, _ = product_and_variants(db, "coat")

    def reprice(price, now):
        save_coat(db, id=product.id, variants=(variant("COAT", price),), now=now)

    told = {"variants.0.regularPrice": "live_price_not_below"}
    assert refused(reprice, "80.00", NOON) == told
    reprice("80.01", NOON)
    assert refused(reprice, "60.00", NOON + 2 * DAY) == told
    reprice("60.01", NOON + 2 * DAY)
    reprice("1.00", NOON + 3 * DAY)


def test_stock_on_hand_stays_above_what_is_reserved(db):
    id_ = stock_goods(db, "COAT", on_hand=5)
    with db.write() as tx:
        tx.execute(variants_t.update().where(variants_t.c.id == id_).values(reserved=3))
    product, _ = product_and_variants(db, "coat")
    assert refused(save_coat, db, id=product.id, variants=(variant("COAT", on_hand=2),)) == {
        "variants.0.onHand": "stock_below_zero"
    }
    save_coat(db, id=product.id, variants=(variant("COAT", on_hand=3),))
    assert product_and_variants(db, "coat")[1]["COAT"].available == 0

"""Options and attributes: optional, bounded, and kept as they were given."""

from __future__ import annotations

from decimal import Decimal

from catalog.details import Attribute, AttributeTranslation, Option
from catalog.low_stock import low_stock_count, low_stock_page
from catalog.product_list import ProductFilter, product_page
from catalog.queries import product_by_slug, product_details, variant_details
from catalog.save_product import SaveProduct, SaveVariant, save_product
from kernel.paging import Window
from tests.support.catalog import refused, stock_goods, variant, variant_id
from tests.support.members import NOON, PROGRAM

SIZES = Option("尺码", ("M", "L"))
COLOURS = Option("颜色", ("红", "藏青"))


def save(db, **more):
    with db.write() as tx:
        there = product_by_slug(tx, "coat", None)
        command = SaveProduct(
            **{
                "id": there.id if there else None,
                "slug": "coat",
                "name": "Coat",
                "variants": (SaveVariant("C-1", Decimal(100), option_values=("M", "藏青")),),
                "options": (SIZES, COLOURS),
                **more,
            }
        )
        return save_product(tx, command, now=NOON, program=PROGRAM)


def details(db, id_):
    with db.read() as conn:
        return product_details(conn, [id_])[id_], variant_details(conn, [variant_id(db, "C-1")])


def test_a_variant_chooses_one_value_of_each_option(db):
    id_ = save(db, attributes=(Attribute("材质", "羊毛", (AttributeTranslation("EN", "Fabric", "Wool"),)),))
    product, variants = details(db, id_)
    assert product.options == [{"name": "尺码", "values": ["M", "L"]}, {"name": "颜色", "values": ["红", "藏青"]}]
    assert product.attributes == [
        {"name": "材质", "value": "羊毛", "translations": [{"locale": "en", "name": "Fabric", "value": "Wool"}]}
    ]
    assert next(iter(variants.values())).option_values == ["M", "藏青"]
    with db.read() as conn:
        for search in ("藏青", "羊毛", "wool"):
            page = product_page(
                conn, Window(), locale=None, at=NOON, program=PROGRAM, filter=ProductFilter(search=search)
            )
            assert [found.slug for found in page.items] == ["coat"], search


def test_what_is_not_named_stays_and_an_empty_list_takes_away(db):
    id_ = save(db, attributes=(Attribute("材质", "羊毛"),))
    with db.write() as tx:
        command = SaveProduct(id=id_, slug="coat", name="Coat", variants=(variant("C-1"),))
        save_product(tx, command, now=NOON, program=PROGRAM)
    product, variants = details(db, id_)
    assert (len(product.options), len(product.attributes)) == (2, 1)
    assert next(iter(variants.values())).option_values == ["M", "藏青"]
    save(db, options=(), attributes=(), variants=(SaveVariant("C-1", Decimal(100), option_values=()),))
    product, variants = details(db, id_)
    assert (product.options, product.attributes) == ([], [])
    assert next(iter(variants.values())).option_values == []


def test_choices_that_there_are_not_are_refused(db):
    def with_values(*values, **more):
        return refused(save, db, variants=(SaveVariant("C-1", Decimal(100), option_values=values),), **more)

    assert with_values("M") == {"variants.0.optionValues": "one_for_each_option"}
    assert with_values("M", "绿") == {"variants.0.optionValues.1": "not_one_of"}
    assert with_values("M", options=()) == {"variants.0.optionValues": "one_for_each_option"}
    assert refused(save, db, options=(SIZES, SIZES), variants=(variant("C-1"),)) == {"options.1.name": "repeated"}
    assert refused(save, db, options=(Option("A", ()), Option("", ("x", "x"))), variants=(variant("C-1"),)) == {
        "options.0.values": "empty",
        "options.1.name": "empty",
        "options.1.values.1": "repeated",
    }
    many = tuple(Option(str(i), ("x",)) for i in range(6))
    assert refused(save, db, options=many, variants=(variant("C-1"),)) == {"options": "too_many"}
    assert refused(save, db, attributes=(Attribute("", "x" * 201), Attribute("a", "b"), Attribute("a", ""))) == {
        "attributes.0.name": "empty",
        "attributes.0.value": "too_long",
        "attributes.2.name": "repeated",
        "attributes.2.value": "empty",
    }
    wrong = Attribute("a", "b", (AttributeTranslation("klingon!", "", "c"),) * 2)
    assert refused(save, db, attributes=(wrong,))["attributes.0.translations.0.locale"] == "not_a_locale"


def test_a_window_ends_after_it_starts(db):
    assert refused(save, db, published_from=NOON, published_until=NOON) == {"publishedUntil": "ends_before_start"}
    save(db, published_from=NOON)
    assert refused(save, db, published_until=NOON) == {"publishedUntil": "ends_before_start"}


def test_low_stock_is_what_is_left_of_what_is_sold_by_each_variants_own_threshold(db):
    stock_goods(db, "MANY", on_hand=6)
    stock_goods(db, "FEW", on_hand=5)
    stock_goods(db, "OWN", variants=(variant("OWN", on_hand=40, low_stock_at=40),))
    stock_goods(db, "NEVER", variants=(variant("NEVER", on_hand=1, low_stock_at=0),))
    stock_goods(db, "HIDDEN", on_hand=0, published=False)
    with db.read() as conn:
        page = low_stock_page(conn, Window(), at=NOON)
        assert [found.sku for found, _ in page.items] == ["FEW", "OWN"]
        first = low_stock_page(conn, Window(size=1), at=NOON, threshold=6)
        rest = low_stock_page(conn, Window(after=first.items[0][1]), at=NOON, threshold=6)
        assert [found.sku for found, _ in (*first.items, *rest.items)] == ["FEW", "MANY", "OWN"]
        assert low_stock_count(conn, at=NOON, threshold=6) == 3

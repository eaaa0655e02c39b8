"""The list of products: filters, sorts, pages both ways."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog import stock
from catalog.attach_picture import AttachPicture, attach_picture
from catalog.checks import Translation
from catalog.columns import specials_t, variants_t
from catalog.movements import Cause
from catalog.product_list import ProductFilter, product_count, product_page
from catalog.queries import offers_of_variants, pictures_of_products, product_by_sku, variants_of_products
from catalog.save_category import SaveCategory, save_category
from catalog.save_product import SaveProduct, save_product
from kernel.money import Money
from kernel.paging import Window
from tests.support.catalog import DAY, offer, put_on_sale, statements, stock_goods, variant
from tests.support.members import NOON, PROGRAM


def page(db, window=None, *, at=NOON + DAY, locale="en", program=PROGRAM, published_only=True, sort="NEWEST", **filter):
    with db.read() as conn:
        return product_page(
            conn, window or Window(), locale=locale, at=at, program=program, published_only=published_only,
            filter=ProductFilter(**filter), sort=sort,
        )  # fmt: skip


def names(db, **asked):
    return [product.name for product in page(db, **asked).items]


def count(db, at=NOON + DAY, published_only=True, **filter):
    with db.read() as conn:
        return product_count(
            conn, at=at, program=PROGRAM, published_only=published_only, filter=ProductFilter(**filter)
        )


def test_the_newest_come_first(db):
    for i, sku in enumerate(("A", "B", "C")):
        stock_goods(db, sku, now=NOON + i * DAY)
    assert names(db) == ["C", "B", "A"]


def test_names_sort_alike_on_both_databases_and_pages_go_on_there(db):
    # A dictionary of some language would pass over blanks and hyphens, and put ä beside a.
    wanted = ["a b", "a-c", "a1", "aa", "ab", "ä", "一"]
    for i, name in enumerate(reversed(wanted)):
        stock_goods(db, f"n{i}", name=name)
    assert names(db, sort="NAME") == wanted
    for i, product in enumerate(page(db, sort="NAME").items):
        assert names(db, window=Window(after=product.key), sort="NAME") == wanted[i + 1 :]
        assert names(db, window=Window(before=product.key, backwards=True), sort="NAME") == wanted[:i]
    if not db.is_sqlite:
        with db.read() as conn:
            collations = "SELECT collation_name FROM information_schema.columns WHERE column_name = 'name_key'"
            assert conn.exec_driver_sql(collations).scalars().all() == ["C", "C"]


@pytest.mark.parametrize("sort", ["NEWEST", "NAME", "PRICE_ASC", "PRICE_DESC"])
def test_pages_go_on_where_the_last_ended_both_ways(db, sort):
    for i, (sku, price) in enumerate(zip("DBACEFG", (5, 3, 3, 3, 9, 1, 5), strict=True)):
        stock_goods(db, sku, f"{price}.00", now=NOON + (i // 2) * DAY)
    everything = page(db, sort=sort)
    assert not everything.has_next
    assert not everything.has_previous
    keys = [product.key for product in everything.items]
    found, window = [], Window(size=3)
    while True:
        part = page(db, window, sort=sort)
        found += part.items
        assert part.has_previous == (window.after is not None)
        if not part.has_next:
            break
        window = Window(size=3, after=part.items[-1].key)
    assert [product.key for product in found] == keys
    before = page(db, Window(size=2, before=keys[5], backwards=True), sort=sort)
    assert [product.key for product in before.items] == keys[3:5]
    assert before.has_previous
    assert before.has_next
    between = page(db, Window(size=5, after=keys[1], before=keys[4]), sort=sort)
    assert [product.key for product in between.items] == keys[2:4]


def test_names_sort_in_the_viewers_language_whatever_their_case(db):
    stock_goods(db, "X1", name="banana", translations=(Translation("zh-CN", "一"),))
    stock_goods(db, "X2", name="Apple", translations=(Translation("zh-CN", "三"),))
    stock_goods(db, "X3", name="ｃherry")
    assert names(db, sort="NAME") == ["Apple", "banana", "ｃherry"]
    assert names(db, sort="NAME", locale="zh-CN") == ["ｃherry", "一", "三"]


def test_prices_sort_by_the_lowest_current_price_of_what_is_sold(db):
    stock_goods(db, "MID", "50.00")
    stock_goods(db, "SALE", "90.00")
    stock_goods(db, "MANY", "1.00", variants=(variant("MANY1", "70.00"), variant("MANY2", "40.00")))
    put_on_sale(db, "SALE", "30.00", starts_at=NOON + DAY, ends_at=NOON + 2 * DAY)
    assert names(db, sort="PRICE_ASC") == ["SALE", "MANY", "MID"]
    assert names(db, sort="PRICE_DESC") == ["MID", "MANY", "SALE"]
    assert names(db, sort="PRICE_ASC", at=NOON + 2 * DAY) == ["MANY", "MID", "SALE"]
    assert [product.key[0] for product in page(db, sort="PRICE_ASC").items] == [3000, 4000, 5000]


def test_the_database_and_the_checkout_know_one_price(db):
    from checkout.pricing.unit_price import SpecialPrice, unit_price

    prices = [(19999, None, None), (19999, 19500, "SALE"), (10000, 9700, "GROUP_BUY"), (3, 2, "SALE"), (50, None, None)]
    for i, (regular, _, _) in enumerate(prices):
        stock_goods(db, f"P{i}", str(Decimal(regular) / 100))
    with db.write() as tx:
        for i, (_, special, price_class) in enumerate(prices):
            if special is not None:
                id_ = tx.execute(variants_t.select().where(variants_t.c.sku == f"P{i}")).one().id
                tx.execute(
                    specials_t.insert().values(
                        id=f"spp_{i}", variant_id=id_, price=special, price_class=price_class, starts_at=NOON
                    )
                )
    for rate in ("1", "0.98", "0.955", "0.5", "0.333333"):
        for excluded in ((), ("SALE",), ("SALE", "GROUP_BUY", "EXCHANGE")):
            tier = replace(PROGRAM.entry_tier, price_rate=Decimal(rate))
            program = replace(PROGRAM, tiers=(tier,), excluded_classes=frozenset(excluded))
            found = {p.name: p.key[0] for p in page(db, sort="PRICE_ASC", program=program).items}
            for i, (regular, special, price_class) in enumerate(prices):
                told = None if special is None else SpecialPrice(Money(special, "CNY"), price_class)
                charged = unit_price(program, tier, Money(regular, "CNY"), told).cash.minor
                assert found[f"P{i}"] == charged, (rate, excluded, i)


def test_what_is_withdrawn_or_no_longer_sold_is_for_staff_alone(db):
    stock_goods(db, "SOLD")
    stock_goods(db, "HIDDEN", published=False)
    stock_goods(db, "GONE")
    with db.write() as tx:
        tx.execute(variants_t.update().where(variants_t.c.sku == "GONE").values(active=False))
    assert names(db) == ["SOLD"]
    assert count(db) == 1
    assert set(names(db, published_only=False)) == {"SOLD", "HIDDEN", "GONE"}
    assert set(names(db, published_only=False, sort="PRICE_DESC")) == {"SOLD", "HIDDEN", "GONE"}
    assert count(db, published_only=False) == 3


def test_a_category_shows_what_is_below_it_too(db):
    with db.write() as tx:
        save_category(tx, SaveCategory(slug="home", name="Home"))
        save_category(tx, SaveCategory(slug="lamps", name="Lamps", parent_slug="home"))
        save_category(tx, SaveCategory(slug="desk-lamps", name="Desk lamps", parent_slug="lamps"))
        save_category(tx, SaveCategory(slug="other", name="Other"))
    for sku, slug in (("SOFA", "home"), ("DESK", "desk-lamps"), ("ELSE", "other"), ("NONE", None)):
        stock_goods(db, sku, category_slug=slug)
    assert set(names(db, category_slug="home")) == {"SOFA", "DESK"}
    assert names(db, category_slug="lamps") == ["DESK"]
    assert names(db, category_slug="nowhere") == []
    assert count(db, category_slug="home") == 2


def test_a_search_finds_all_its_words_in_names_slug_and_skus(db):
    stock_goods(db, "TS-001", name="T-Shirts", slug="tee", translations=(Translation("zh-CN", "男士轻薄羽绒服"),))
    stock_goods(db, "MUG%1", name="Mug", slug="mug")
    for words in ("shirt", "SHIRT", "ｓｈｉｒｔ", "羽绒", "ts-001", "tee", "轻薄  shirt", "T-SHIRTS 001"):
        assert names(db, search=words) == ["T-Shirts"], words
    assert names(db, search="shirt mug") == []
    assert names(db, search="mug%1") == ["Mug"]
    assert names(db, search="%") == []
    assert names(db, search="_") == []
    assert names(db, search="\\") == []
    assert names(db, search="a\0b") == []
    assert len(names(db, search="   ")) == 2
    assert names(db, search="mug" + " " * 300 + "shirt") == ["Mug"]
    assert count(db, search="shirt") == 1


def test_a_search_follows_what_is_renamed(db):
    stock_goods(db, "OLD", name="Old name")
    with db.read() as conn:
        product = product_by_sku(conn, "OLD", None)
    with db.write() as tx:
        save_product(
            tx, SaveProduct(id=product.id, slug="new", name="New name", variants=(variant("NEW"),)),
            now=NOON, program=PROGRAM,
        )  # fmt: skip
    assert names(db, search="new") == ["New name"]
    assert names(db, search="old") == []


def test_goods_are_in_stock_where_any_variant_is(db):
    stock_goods(db, "FULL", on_hand=1)
    stock_goods(db, "EMPTY", on_hand=0)
    reserved = stock_goods(db, "RESERVED", on_hand=1)
    stock_goods(db, "HALF", variants=(variant("H1", on_hand=0), variant("H2", on_hand=1)))
    with db.write() as tx:
        stock.reserve(tx, {reserved: 1}, Cause(NOON))
    assert set(names(db, in_stock=True)) == {"FULL", "HALF"}
    assert set(names(db, in_stock=False)) == {"EMPTY", "RESERVED"}


def test_price_classes_are_those_of_now(db):
    stock_goods(db, "PLAIN")
    stock_goods(db, "SALE")
    stock_goods(db, "GROUP")
    stock_goods(db, "BOTH", variants=(variant("B1"), variant("B2")))
    put_on_sale(db, "SALE", "50.00", starts_at=NOON + DAY)
    put_on_sale(db, "GROUP", "50.00", price_class="GROUP_BUY")
    put_on_sale(db, "B1", "50.00")
    offer(db, "PLAIN", ends_at=NOON + 2 * DAY)
    offer(db, "SALE", starts_at=NOON + 2 * DAY)
    assert set(names(db, price_class="REGULAR")) == {"PLAIN", "BOTH"}
    assert set(names(db, price_class="SALE")) == {"SALE", "BOTH"}
    assert names(db, price_class="GROUP_BUY") == ["GROUP"]
    assert names(db, price_class="EXCHANGE") == ["PLAIN"]
    assert names(db, price_class="SALE", at=NOON) == ["BOTH"]
    assert names(db, price_class="EXCHANGE", at=NOON + 2 * DAY) == ["SALE"]


def test_a_page_with_all_that_it_shows_takes_four_statements(db):
    for i in range(5):
        stock_goods(db, f"S{i}")
        offer(db, f"S{i}")
        with db.write() as tx:
            product = product_by_sku(tx, f"S{i}", None)
            attach_picture(tx, AttachPicture(product.id, f"{i}.png", 4, 3))
    with statements(db.engines[1]) as seen, db.read() as conn:
        items = product_page(conn, Window(), locale="en", at=NOON, program=PROGRAM).items
        ids = [product.id for product in items]
        variants = variants_of_products(conn, ids, NOON, active_only=True)
        offers = offers_of_variants(conn, [v.id for vs in variants.values() for v in vs], NOON)
        pictures = pictures_of_products(conn, ids, first_only=True)
    assert len(seen) == 4
    assert (len(items), len(offers), sum(map(len, pictures.values()))) == (5, 5, 5)

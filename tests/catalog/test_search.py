"""What a search finds, in which order, and that no search costs much."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from catalog.checks import Translation
from catalog.columns import postings_t, products_t
from catalog.finding import lookup, ranked
from catalog.finding.document import read
from catalog.finding.index import index_everything
from catalog.finding.numbers import highest_first
from catalog.finding.postings import unpack
from catalog.finding.terms import read_search
from catalog.product_list import ProductFilter, category_counts, product_count, product_page
from catalog.queries import product_by_slug
from catalog.save_category import SaveCategory, save_category
from catalog.save_product import SaveProduct, save_product
from kernel.paging import Window
from tests.support.at_once import at_once
from tests.support.catalog import put_on_sale, statements, stock_goods, variant
from tests.support.members import NOON, PROGRAM


def page(db, search, window=None, *, sort="RELEVANCE", locale=None, **filter):
    with db.read() as conn:
        return product_page(
            conn, window or Window(), locale=locale, at=NOON, program=PROGRAM, sort=sort,
            filter=ProductFilter(search=search, **filter),
        )  # fmt: skip


def found(db, search, **more):
    return [product.slug for product in page(db, search, **more).items]


def count(db, search, **filter):
    with db.read() as conn:
        return product_count(conn, at=NOON, program=PROGRAM, filter=ProductFilter(search=search, **filter))


def counts(db, search=None, **filter):
    with db.read() as conn:
        return category_counts(conn, at=NOON, program=PROGRAM, filter=ProductFilter(search=search, **filter))


def entries_of(conn):
    """All that the index says: word, level and product's number."""
    i = postings_t.c
    rows = conn.execute(select(i.word, i.level, i.block, i.products)).all()
    return sorted(
        (word, level, block * 4096 + offset)
        for word, level, block, products in rows
        for offset in highest_first(unpack(products))
    )


@pytest.fixture(params=["rare", "common"])
def frequency(request, monkeypatch):
    """Whether little is found or much, it must be the same."""
    if request.param == "common":
        monkeypatch.setattr(ranked, "FEW", 0)
        monkeypatch.setattr(ranked, "FIRST", 1)
        monkeypatch.setattr(ranked, "GROWTH", 2)
    return request.param


def test_chinese_and_english_names_are_found_by_their_parts(db, frequency):
    stock_goods(db, "D1", name="男士轻薄羽绒服", slug="down")
    stock_goods(db, "T1", name="T-Shirts", slug="tee", translations=(Translation("zh-CN", "短袖Ｔ恤"),))
    for search in ("羽绒", "羽绒服", "轻薄 羽绒", "男士羽绒服", "绒服男", "服", "down"):
        assert found(db, search) == ["down"], search
    for search in ("shirt", "SHIRTS", "t-shirt", "tshirt", "shi", "短袖", "t恤", "恤", "T1"):
        assert found(db, search) == ["tee"], search
    for search in ("羽毛", "绒羽", "skirt", "hirt", "shirt 羽绒"):
        assert found(db, search) == [], search


def test_the_whole_sku_comes_first_then_name_then_kind_then_description(db, frequency):
    with db.write() as tx:
        save_category(tx, SaveCategory(slug="wool", name="Wool"))
    stock_goods(db, "A-1", slug="text", name="Scarf", description="Made of wool.")
    stock_goods(db, "A-2", slug="kind", name="Hat", category_slug="wool")
    stock_goods(db, "A-3", slug="name", name="Wool socks", description="Wool, wool, wool.")
    stock_goods(db, "Wool", slug="sku", name="Gloves")
    stock_goods(db, "A-4", slug="late-name", name="Wool coat")
    assert found(db, "wool") == ["sku", "late-name", "name", "kind", "text"]
    # The weakest of several words decides.
    stock_goods(db, "A-5", slug="both", name="Wool scarf")
    assert found(db, "wool scarf") == ["both", "text"]


def test_variants_options_and_attributes_are_looked_into(db):
    stock_goods(db, "X", slug="x", name="Coat", variants=(variant("X-1", name="M / 藏青色"), variant("X-2")))
    assert found(db, "藏青") == ["x"]
    assert found(db, "x-1") == found(db, "X-2") == found(db, "x-") == ["x"]


def test_a_category_is_found_by_its_names_and_by_those_above_it_whatever_becomes_of_them(db):
    with db.write() as tx:
        top = save_category(tx, SaveCategory(slug="home", name="Home", translations=(Translation("zh-CN", "家居"),)))
        low = save_category(tx, SaveCategory(slug="lamps", name="Lamps", parent_slug="home"))
    stock_goods(db, "L", slug="l", name="Lumen", category_slug="lamps")
    for search in ("lamp", "home", "家居"):
        assert found(db, search) == ["l"], search
    with db.write() as tx:
        save_category(tx, SaveCategory(id=top, slug="home", name="Wohnen", translations=()))
        save_category(tx, SaveCategory(id=low, slug="lamps", name="Lamps", parent_slug=None))
    assert found(db, "home") == found(db, "wohnen") == found(db, "家居") == []
    with db.write() as tx:
        save_category(tx, SaveCategory(id=low, slug="lamps", name="Lights", parent_slug="home"))
    assert found(db, "wohnen light") == ["l"]
    assert found(db, "lumen", category_slug="home") == ["l"]


def test_the_index_holds_what_the_products_say_and_no_more(db):
    for name in ("Old wool scarf", "New wool hat", "New wool hat"):
        with db.read() as conn:
            there = product_by_slug(conn, "s", None)
        with db.write() as tx:
            save_product(
                tx,
                SaveProduct(
                    id=there.id if there else None, slug="s", name=name, variants=(variant("S"),), description="棉"
                ),
                now=NOON,
                program=PROGRAM,
            )
    with db.read() as conn:
        entries = {word: level for word, level, _ in entries_of(conn)}
        (text,) = conn.execute(select(products_t.c.search_text)).scalars()
    assert entries == read(text)
    assert {"new": 3, "wool": 3, "hat": 3, "棉": 1, "=s": 4}.items() <= entries.items()
    assert not {"old", "scarf"} & entries.keys()


def test_an_index_that_was_lost_is_made_anew(db):
    for i in range(3):
        stock_goods(db, f"S{i}", name="Scarf")
    with db.read() as conn:
        before = entries_of(conn)
    with db.write() as tx:
        tx.execute(postings_t.delete())
        tx.execute(products_t.update().values(search_text="scarf"))
    assert found(db, "scarf") == []
    assert index_everything(db) == 3
    assert index_everything(db) == 0
    with db.read() as conn:
        assert entries_of(conn) == before
    assert index_everything(db, anew=True) == 3
    with db.read() as conn:
        assert entries_of(conn) == before


NOUNS = ("shirt", "scarf", "羽绒服", "卫衣", "lamp")
OTHERS = ("red", "wool", "轻薄", "red lamp", "男士")


def _goods(db, number):
    chance = random.Random(7)
    with db.write() as tx:
        for slug in ("a", "b"):
            save_category(tx, SaveCategory(slug=slug, name=chance.choice(OTHERS)))
    for i in range(number):
        stock_goods(
            db,
            f"K{i}",
            name=" ".join(chance.sample(NOUNS + OTHERS, 2)),
            description=" ".join(chance.sample(NOUNS + OTHERS, 3)),
            category_slug=chance.choice(("a", "b", None)),
        )


def _by_hand(db, search):
    """Slugs in the order that the words of each product call for."""
    with db.read() as conn:
        rows = conn.execute(select(products_t.c.id, products_t.c.slug, products_t.c.search_text)).all()
    asked = read_search(search)
    ranked = []
    for id_, slug, text in rows:
        levels = read(text)
        best = [
            max(
                (
                    level
                    for word, level in levels.items()
                    if level < 4 and (word == term.word or (term.prefix and word.startswith(term.prefix)))
                ),
                default=0,
            )
            for term in asked.terms
        ]
        if asked.sku in levels:
            ranked.append((4, id_, slug))
        elif best and min(best) > 0:
            ranked.append((min(best), id_, slug))
    return [slug for *_, slug in sorted(ranked, reverse=True)]


SEARCHES = (
    "shirt",
    "sh",
    "s",
    "red lamp",
    "羽绒",
    "羽绒服 男士",
    "wool sc",
    "k1",
    "k",
    "卫衣 轻薄 red",
    "r l",
    "nothing",
)


def test_every_search_finds_what_its_words_call_for_page_by_page_both_ways(db, frequency):
    _goods(db, 60)
    for search in SEARCHES:
        wanted = _by_hand(db, search)
        forwards, window = [], Window(size=7)
        while True:
            part = page(db, search, window)
            forwards += part.items
            assert part.has_previous == (window.after is not None)
            if not part.has_next:
                break
            window = Window(size=7, after=part.items[-1].key)
        assert [product.slug for product in forwards] == wanted, search
        assert count(db, search) == len(wanted), search
        newest = page(db, search, Window(size=100), sort="NEWEST").items
        assert {product.slug for product in newest} == set(wanted), search
        if len(wanted) > 7:
            backwards, window = [], Window(size=7, backwards=True)
            while True:
                part = page(db, search, window)
                backwards = [product.slug for product in part.items] + backwards
                if not part.has_previous:
                    break
                window = Window(size=7, before=part.items[0].key, backwards=True)
            assert backwards == wanted, search
            between = Window(size=20, after=forwards[0].key, before=forwards[5].key)
            assert [product.slug for product in page(db, search, between).items] == wanted[1:5]


def test_a_search_keeps_to_the_filters_and_other_sorts(db, frequency):
    _goods(db, 40)
    put_on_sale(db, "K3", "50.00")
    everything = _by_hand(db, "red")
    in_a = found(db, "red", category_slug="a")
    assert 0 < len(in_a) < len(everything)
    assert [slug for slug in everything if slug in in_a] == in_a
    assert found(db, "red", category_slug="nowhere") == []
    assert set(found(db, "k3", price_class="SALE")) == {"k3"}
    assert found(db, "k3", min_price=5000, max_price=5000) == ["k3"]
    assert found(db, "k3", min_price=5001, max_price=9999) == []
    assert found(db, "k3", in_stock=False) == []
    by_price = [product.slug for product in page(db, "k3", sort="PRICE_ASC").items]
    assert by_price[0] == "k3"
    names = [product.name for product in page(db, "red", Window(size=100), sort="NAME").items]
    assert names == sorted(names)
    assert len(names) == len(everything)


def test_counts_by_category_are_those_of_the_filtered_list(db):
    with db.write() as tx:
        a = save_category(tx, SaveCategory(slug="a", name="A"))
        b = save_category(tx, SaveCategory(slug="b", name="B", parent_slug="a"))
    for sku, slug, price in (("A1", "a", "10"), ("A2", "a", "20"), ("B1", "b", "30"), ("N1", None, "40")):
        stock_goods(db, sku, price, name="Scarf", category_slug=slug)
    assert counts(db) == counts(db, "scarf") == {a: 2, b: 1}
    assert counts(db, "scarf", category_slug="b") == {b: 1}
    assert counts(db, "scarf", max_price=1500) == {a: 1}
    assert counts(db, "hat") == {}


HOSTILE = {
    "one letter": "s",
    "fifty words": " ".join(f"word{i}" for i in range(50)),
    "fifty words that there are": " ".join(f"{a}" for a in NOUNS * 10),
    "two thousand characters": "羽绒服" * 667,
    "punctuation": "!?%_*'\"\\;--" * 10,
    "wildcards": "%_%_% _ %%%",
    "emoji": "👕" * 100 + "👩‍👩‍👧",
    "quotes": "' OR 1=1 --",
    "nul": "a\0b\0",
    "beyond": "\U0010ffff" * 3,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_search_takes_more_than_a_handful_of_statements_or_fails(db, frequency, kind):
    _goods(db, 10)
    with statements(db.engines[1]) as seen:
        page(db, HOSTILE[kind])
    assert len(seen) <= 6, seen
    count(db, HOSTILE[kind])


def test_a_blank_search_is_the_plain_list(db):
    stock_goods(db, "A")
    assert found(db, "  ", sort="NEWEST") == found(db, "", sort="RELEVANCE") == ["a"]


def test_two_that_save_goods_of_the_same_words_at_once_lose_none(db):
    """Neither from the postings that they share, nor a number, nor does one of them fail."""
    names = [f"wool scarf {colour}" for colour in ("red", "blue")]
    for i, name in enumerate(names):
        stock_goods(db, f"OLD{i}", name=name)

    def saves(of: int):
        def deed() -> None:
            for i in range(8):
                # Their words come in different orders, and the old product changes its words each time.
                stock_goods(db, f"N{of}-{i}", name=" ".join(("wool", "hat", "lamp", "red")[:: 1 if of else -1]))
                with db.read() as conn:
                    there = product_by_slug(conn, f"old{of}", None)
                command = SaveProduct(
                    id=there.id, slug=f"old{of}", name=("hat", "wool lamp")[i % 2], variants=(variant(f"OLD{of}"),)
                )
                with db.write() as tx:
                    save_product(tx, command, now=NOON, program=PROGRAM)

        return deed

    assert at_once(saves(0), saves(1)) == [None, None]
    with db.read() as conn:
        rows = conn.execute(select(products_t.c.search_number, products_t.c.search_text)).all()
        assert len({number for number, _ in rows}) == len(rows) == 18
        assert entries_of(conn) == sorted(
            (word, level, number) for number, text in rows for word, level in read(text).items()
        )


def test_of_too_many_words_that_begin_so_the_first_stand_for_all(db, monkeypatch):
    monkeypatch.setattr(lookup, "MOST_BEGUN", 2)
    for name in ("lamp", "lantern", "lava", "la", "lemon"):
        stock_goods(db, f"X{name}", name=name)
    assert found(db, "la") == ["xla", "xlamp"]
    assert found(db, "lav") == ["xlava"]


def test_a_page_is_filled_however_much_the_filters_reject(db):
    for i in range(30):
        stock_goods(db, f"S{i}", "10.00" if i in (3, 4, 20) else "99.00", name="Scarf")
    assert found(db, "scarf", window=Window(size=1), max_price=1000) == ["s20"]
    assert found(db, "scarf", window=Window(size=2, backwards=True), max_price=1000) == ["s4", "s3"]
    assert found(db, "scarf", window=Window(size=3), max_price=1000) == ["s20", "s4", "s3"]


@pytest.mark.parametrize("key", [(3, 2**62), (2**62, 1), (-5, -5), (3, -(2**62))])
def test_a_key_that_no_row_has_is_a_page_all_the_same(db, key):
    stock_goods(db, "S", name="Scarf")
    for window in (Window(after=key), Window(before=key), Window(before=key, backwards=True)):
        assert found(db, "scarf", window=window) in ([], ["s"])

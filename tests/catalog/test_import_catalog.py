"""Bringing in a catalogue from Vendure's CSV: all or nothing, told by line, and the same twice."""

from __future__ import annotations

import pytest
from obstore.store import MemoryStore
from sqlalchemy import func, select

from catalog import stock
from catalog.columns import categories_t, pictures_t, products_t, variants_t
from catalog.imports.import_catalog import Pictures, import_catalog
from catalog.imports.picture_files import Folder
from catalog.imports.vendure import COLUMNS
from catalog.movements import Cause
from catalog.queries import categories, pictures_of_products
from catalog.save_category import SaveCategory, save_category
from kernel.clock import FixedClock
from media.images import check_image
from media.keep_image import take_image
from media.recipes import Use
from media.studio import Studio
from tests.support.catalog import picture, product_and_variants, put_on_sale, stock_goods
from tests.support.members import NOON, PROGRAM

HEADING = ",".join((*COLUMNS, "variantAssets"))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pictures").mkdir()
    for name, color in (("red.png", "red"), ("blue.png", "blue")):
        (tmp_path / "pictures" / name).write_bytes(picture(color))
    return tmp_path


@pytest.fixture
def run(db, folder):
    studio = Studio(db, MemoryStore())
    pictures = Pictures(
        Folder(folder / "pictures"),
        lambda data: studio.take_in(data, Use.PRODUCT, NOON),
        lambda tx, image: take_image(tx, image.key, NOON),
    )

    def run(*lines, raw=None, heading=HEADING, pictures=pictures, **options):
        file = folder / "goods.csv"
        file.write_bytes("\n".join((heading, *lines)).encode() if raw is None else raw)
        return import_catalog(db, FixedClock(NOON), PROGRAM, file, pictures, **options)

    return run


def row(name="", slug="", sku="", price="1.00", stock="5", options="", assets="", facets="", description=""):
    return ",".join(f'"{cell}"' for cell in (name, slug, description, assets, facets, options, sku, price, stock, ""))


def told(report):
    return [(problem.line, problem.column, problem.reason) for problem in report.problems]


def in_all(db):
    with db.read() as conn:
        return [
            conn.execute(select(func.count()).select_from(table)).scalar()
            for table in (products_t, variants_t, pictures_t)
        ]


def tallies(report):
    return [
        (tally.added, tally.changed, tally.unchanged) for tally in (report.products, report.variants, report.pictures)
    ]


def test_the_sample_catalogue_comes_in_whole_and_a_second_time_changes_nothing(db, shared):
    sample = shared("data/vendure-sample")
    # What becomes of these very pictures is in tests/media.
    pictures = Pictures(Folder(sample / "assets"), check_image, lambda tx, image: None)
    steps = []

    def bring_in():
        return import_catalog(
            db, FixedClock(NOON), PROGRAM, sample / "products.csv", pictures,
            progress=lambda done, total: steps.append((done, total)),
        )  # fmt: skip

    report = bring_in()
    assert tallies(report) == [(54, 0, 0), (86, 0, 0), (54, 0, 0)]
    assert told(report) == [(88, "sku", "repeated_from_line"), (89, "sku", "repeated_from_line")]
    assert report.done
    assert not report.broken
    assert steps[-1] == (54, 54)
    assert in_all(db) == [54, 86, 54]
    laptop, variants = product_and_variants(db, "laptop")
    assert [(v.sku, v.name, v.regular_price, v.on_hand) for v in variants.values()][:2] == [
        ("L2201308", "13 inch / 8GB", 129900, 100),
        ("L2201508", "15 inch / 8GB", 139900, 100),
    ]
    with db.read() as conn:
        tree = {category.id: category for category in categories(conn, None)}
        assert tree[laptop.category_id].slug == "computers"
        assert tree[tree[laptop.category_id].parent_id].slug == "electronics"
        assert len(tree) == 9
        (shown,) = pictures_of_products(conn, [laptop.id])[laptop.id]
    assert shown.alt == "Laptop"
    assert tallies(bring_in()) == [(0, 0, 54), (0, 0, 86), (0, 0, 54)]
    assert in_all(db) == [54, 86, 54]


def test_a_wrong_row_leaves_everything_undone_and_all_that_is_wrong_is_told(db, run):
    report = run(
        row("Hat", "hat", "HAT", "x"),
        row(sku="HAT-L", price="1.005"),
        row(sku="HAT-M", stock="-1"),
        row("Coat", "coat", "COAT", assets="gone.png"),
        row("", "nameless", "N1"),
        row(sku="N2"),
        row("Hat again", "hat", "H2"),
        row("Scarf", "scarf", ""),
        row("Good", "good", "GOOD"),
        row("Thief", "thief", "GOOD"),
    )
    assert not report.done
    assert report.broken
    assert told(report) == [
        (2, "price", "not_a_number"),
        (3, "price", "not_an_amount"),
        (4, "stockOnHand", "not_a_whole_number"),
        (5, "assets", "picture_missing"),
        (6, "name", "empty"),
        (7, "name", "product_left_out"),
        (8, "slug", "repeated_from_line"),
        (9, "sku", "empty"),
        (11, "sku", "repeated_from_line"),
    ]
    assert in_all(db) == [0, 0, 0]
    with db.read() as conn:
        assert conn.execute(categories_t.select()).all() == []


def test_with_skip_broken_the_good_rows_go_in(db, run):
    report = run(
        row("Hat", "hat", "HAT", "x"),
        row(sku="HAT-L", price="1.005"),
        row(sku="HAT-M", price="9.90"),
        row("Coat", "coat", "COAT", assets="gone.png"),
        row(sku="COAT-L"),
        row("N" * 201, "long", "LONG"),
        row(sku="LONG-L"),
        row("Scarf", "scarf", "SCARF", "59.00", "7", assets="red.png|blue.png", facets="category:Wool"),
        skip_broken=True,
    )
    assert told(report) == [
        (2, "price", "not_a_number"),
        (3, "price", "not_an_amount"),
        (5, "assets", "picture_missing"),
        (6, "name", "product_left_out"),
        (7, "name", "too_long"),
        (8, "name", "product_left_out"),
    ]
    assert report.done
    assert tallies(report) == [(2, 0, 0), (2, 0, 0), (2, 0, 0)]
    assert list(product_and_variants(db, "hat")[1]) == ["HAT-M"]
    assert product_and_variants(db, "scarf")[1]["SCARF"].on_hand == 7


def test_a_sku_that_comes_again_otherwise_is_broken(db, run):
    report = run(
        row("Hat", "hat", "HAT", "9.90", options="red"),
        row(sku="HAT", price="9.90", options="blue"),
        row(sku="HAT", price="8.90"),
        row("Cap", "cap", "HAT", "9.90"),
    )
    assert [(problem.line, problem.broken) for problem in report.problems] == [(3, False), (4, True), (5, True)]
    assert not report.done


def test_a_sku_or_slug_that_the_shop_has_elsewhere_is_told(db, run):
    stock_goods(db, "HAT", slug="other")
    report = run(row("Hat", "hat", "HAT"), row(sku="HAT-L"), skip_broken=True)
    assert told(report) == [(2, "sku", "taken")]
    assert list(product_and_variants(db, "hat")[1]) == ["HAT-L"]


def test_lines_are_those_of_the_file_where_cells_hold_line_breaks(db, run):
    report = run(
        row("Hat", "hat", "HAT", description="one\ntwo\nthree"),
        "",
        row(sku="HAT-L", price="cheap"),
    )
    assert told(report) == [(6, "price", "not_a_number")]


def test_a_mark_at_the_start_and_blanks_around_cells_are_no_matter(db, run):
    padded = "  ,".join(HEADING.split(","))
    line = ' Hat ,hat  ,  "warm, and red" ,,,"S | M" , HAT ,9.90 , 3 ,'
    report = run(raw=b"\xef\xbb\xbf" + f"{padded}\r\n{line}\r\n".encode())
    assert report.problems == []
    product, variants = product_and_variants(db, "hat")
    assert product.description == "warm, and red"
    assert (variants["HAT"].name, variants["HAT"].on_hand) == ("S / M", 3)


def test_missing_columns_are_told_at_the_heading(db, run):
    report = run("Hat,hat", heading="name,slug")
    assert told(report) == [(1, column, "missing") for column in COLUMNS if column not in ("name", "slug")]


def test_a_file_in_another_encoding_is_told_by_its_line(db, run):
    report = run(raw=f"{HEADING}\n".encode() + b"caf\xe9,")
    assert told(report) == [(2, None, "unknown_encoding")]
    assert not report.done


def test_an_empty_file_and_a_row_of_the_wrong_width_are_told(db, run):
    assert {reason for _, _, reason in told(run(raw=b""))} == {"empty_file"}
    report = run("Hat,hat", row("Cap", "cap", "CAP"), skip_broken=True)
    assert told(report) == [(2, None, "wrong_number_of_cells")]
    assert in_all(db)[0] == 1


def test_a_row_without_a_product_above_is_told(db, run):
    assert told(run(row(sku="HAT"))) == [(2, "name", "no_product_above")]


def test_pictures_outside_the_folder_and_files_that_are_none_are_told(db, run, folder):
    (folder / "secret.png").write_bytes(picture())
    (folder / "pictures" / "text.png").write_text("no picture")
    report = run(
        row("Hat", "hat", "HAT", assets="../secret.png"),
        row("Cap", "cap", "CAP", assets="text.png"),
        row("Bag", "bag", "BAG", assets="."),
    )
    assert told(report) == [
        (2, "assets", "picture_missing"),
        (3, "assets", "unknown_picture_kind"),
        (4, "assets", "picture_missing"),
    ]


def test_without_a_folder_of_pictures_the_goods_come_without_them(db, run):
    report = run(row("Hat", "hat", "HAT", assets="gone.png"), pictures=None)
    assert report.problems == []
    assert tallies(report)[2] == (0, 0, 0)


def test_a_changed_file_changes_what_it_names_and_nothing_else(db, run):
    run(
        row("Hat", "hat", "HAT", "9.90", "5", assets="red.png"),
        row(sku="HAT-L", price="9.90"),
        row("Cap", "cap", "CAP"),
    )
    hat = product_and_variants(db, "hat")[1]["HAT"]
    with db.write() as tx:
        stock.reserve(tx, {hat.id: 2}, Cause(NOON))
        stock.ship(tx, {hat.id: 2}, Cause(NOON))
    report = run(
        row("Hat", "hat", "HAT", "8.90", "5", assets="red.png|blue.png"),
        row(sku="HAT-S", price="7.90", stock="4"),
        row("Cap", "cap", "CAP"),
    )
    assert tallies(report) == [(0, 1, 1), (1, 1, 1), (1, 0, 1)]
    _, variants = product_and_variants(db, "hat")
    assert {sku: (v.regular_price, v.on_hand, v.active) for sku, v in variants.items()} == {
        "HAT": (890, 3, True),
        "HAT-S": (790, 4, True),
        "HAT-L": (990, 5, True),
    }


def test_a_price_below_a_live_special_price_is_told_by_its_line(db, run):
    run(row("Hat", "hat", "HAT", "9.90"), row(sku="HAT-L", price="9.90"))
    put_on_sale(db, "HAT-L", "8.00")
    report = run(row("Hat", "hat", "HAT", "9.90"), row(sku="HAT-L", price="7.90"))
    assert told(report) == [(3, "price", "live_price_not_below")]


def test_categories_are_found_by_name_and_get_slugs_that_are_free(db, run):
    with db.write() as tx:
        save_category(tx, SaveCategory(slug="boots", name="Rubber boots"))
    report = run(
        row("A", "a", "A", facets="category:Men|category:Boots|color:black"),
        row("B", "b", "B", facets="category:Women|category:Boots"),
        row("C", "c", "C", facets="category:男装"),
        row("D", "d", "D", facets="category:Men"),
    )
    assert report.problems == []
    with db.read() as conn:
        slugs = {category.slug for category in categories(conn, None)}
    assert slugs == {"boots", "men", "men-boots", "women", "women-boots", "男装"}

"""What is exported imports to the same, whatever people call their goods; and no cell can become a formula."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from catalog.attach_picture import content_of
from catalog.cells import apart, guarded, joined, unguarded
from catalog.checks import Translation
from catalog.details import Attribute, AttributeTranslation, Option
from catalog.exports.catalog_rows import export_catalog
from catalog.exports.csv_sheet import csv_parts
from catalog.exports.template import template_csv, template_xlsx
from catalog.exports.xlsx_sheet import write_xlsx
from catalog.imports.import_catalog import ImportCatalog, Pictures, import_catalog
from catalog.imports.picture_files import Folder
from catalog.imports.report import ImportReport
from catalog.imports.sheet import read_sheet
from catalog.product_list import ProductFilter
from catalog.save_category import SaveCategory, save_category
from catalog.save_product import SaveProduct, SaveVariant, save_product
from catalog.tables import SpecialPriceClass
from kernel.clock import FixedClock
from kernel.database import Database
from media.images import check_image, content_hash
from tests.support.catalog import DAY, offer, picture, put_on_sale
from tests.support.members import NOON, PROGRAM

LATER = NOON + timedelta(hours=1)
TABLES = (
    *("search_posting", "product_image", "special_price", "exchange_offer", "price_change", "stock_movement"),
    *("variant", "translation", "product", "category"),
)


def wipe(db: Database) -> None:
    """Nothing is left of the catalogue; histories are wiped past the guard that keeps them."""
    with db.write() as tx:
        if db.is_sqlite:
            names = tx.execute(
                text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN "
                     "('price_change', 'stock_movement')")
            ).all()  # fmt: skip
            for name, _ in names:
                tx.execute(text(f"DROP TRIGGER {name}"))
        else:
            tx.execute(text("SET LOCAL session_replication_role = replica"))
            names = []
        for table in TABLES:
            if table == "category" and db.is_sqlite:
                tx.execute(text("UPDATE category SET parent_id = NULL"))
            tx.execute(text(f"DELETE FROM {table}"))
        for _, sql in names:
            tx.execute(text(sql))


def exported(db: Database, at: Any = LATER, **more: Any) -> bytes:
    with db.read() as conn:
        export = export_catalog(conn, at=at, program=PROGRAM, **more)
        return b"".join(csv_parts(export.columns, export.rows))


def exported_workbook(db: Database, at: Any = LATER) -> bytes:
    file = io.BytesIO()
    with db.read() as conn:
        export = export_catalog(conn, at=at, program=PROGRAM)
        write_xlsx(file, export.columns, export.rows)
    return file.getvalue()


def imported(db: Database, data: bytes, pictures: Pictures | None = None, at: Any = LATER, **more: Any) -> ImportReport:
    return import_catalog(db, FixedClock(at), PROGRAM, ImportCatalog(data, **more), pictures)


class Shelf:
    """Pictures by the names under which they were exported."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def read(self, name: str) -> bytes:
        if name not in self._files:
            raise ValueError(name)
        return self._files[name]


def pictures_of(files: dict[str, bytes]) -> Pictures:
    return Pictures(Shelf(files), check_image, lambda tx, image: None)


def variant(sku: str, price: str = "100.00", **more: Any) -> SaveVariant:
    return SaveVariant(sku=sku, regular_price=Decimal(price), **more)


def saved(db: Database, **command: Any) -> str:
    with db.write() as tx:
        return save_product(tx, SaveProduct(**command), now=NOON, program=PROGRAM)


def fill(db: Database) -> None:
    """Goods of every kind that there is."""
    with db.write() as tx:
        save_category(tx, SaveCategory(slug="wear", name="服饰", translations=(Translation("en", "Wear > more"),)))
        save_category(tx, SaveCategory(slug="men-wear", name="男装|>\\", parent_slug="wear"))
        save_category(tx, SaveCategory(slug="empty", name="Nothing here", parent_slug="wear",
                                       translations=(Translation("en", "=Nothing"),)))  # fmt: skip
    saved(
        db,
        slug="coat",
        name="=HYPERLINK(1)",
        description="one\r\ntwo, \"three\"\nfour; five",
        translations=(Translation("en", "+Coat", "-warm"), Translation("zh-CN", "@大衣")),
        category_slug="men-wear",
        third_party=True,
        points_rate=Decimal("1.5"),
        required_tier_code="VIP",
        published_from=NOON + DAY,
        published_until=NOON + 90 * DAY,
        options=(Option("颜色: |", ("红, 黑", "蓝")), Option("Size", ("M", "L"))),
        attributes=(
            Attribute("面料", "羊毛: 90 | 10", (AttributeTranslation("en", "Fabric", "=wool"),)),
            Attribute("Origin", "Wuxi"),
        ),
        variants=(
            variant("00123", on_hand=7, name="红 / M", option_values=("红, 黑", "M"), low_stock_at=3),
            variant("1E5", "99.90", option_values=("蓝", "L")),
            variant("#N/A", "0.50"),
        ),
    )  # fmt: skip
    saved(db, slug="bag", name="Bag", published=False, variants=(variant("-1+1", "1299.00", on_hand=2),))
    put_on_sale(db, "00123", "80.00", ends_at=NOON + 5 * DAY)
    put_on_sale(db, "00123", "70.50", price_class=SpecialPriceClass.GROUP_BUY, starts_at=NOON + 7 * DAY)
    offer(db, "00123", cash="60.00", points=1500, quota=20, per_member_limit=2, ends_at=NOON + 30 * DAY)
    offer(db, "00123", cash="0", points=9000, required_tier_code="VIP", starts_at=NOON + 3 * DAY)
    offer(db, "00123", cash="50.00", points=3000)
    offer(db, "1E5", cash="9.00", points=500)


@pytest.mark.parametrize("export", [exported, exported_workbook], ids=["csv", "xlsx"])
def test_what_is_exported_imports_to_the_same(db, export):
    fill(db)
    before = exported(db)
    file = export(db)
    again = imported(db, file)
    assert again.problems == []
    assert {tally.changed + tally.added for tally in (again.products, again.variants, again.offers)} == {0}
    assert again.specials.unchanged == 2
    wipe(db)
    assert exported(db) != before
    report = imported(db, file)
    assert report.problems == []
    assert (report.products.added, report.variants.added, report.specials.added, report.offers.added) == (2, 4, 2, 4)
    assert exported(db) == before


def test_no_exported_cell_can_become_a_formula(db):
    fill(db)
    rows = list(csv.reader(io.StringIO(exported(db).decode("utf-8-sig"), newline="")))
    assert any("HYPERLINK" in cell for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]


def test_pictures_come_along_by_name(db):
    file = b"slug,name,sku,price,pictures,picture_texts\nhat,Hat,H,9,a.png | b.png,A | \n"
    originals = {"a.png": picture("red"), "b.png": picture("blue")}
    report = imported(db, file, pictures_of(originals))
    assert (report.problems, report.pictures.added) == ([], 2)
    first = exported(db)
    assert b'"hat-1.jpg | hat-2.jpg","A |"' in first
    wipe(db)
    named = {"hat-1.jpg": originals["a.png"], "hat-2.jpg": originals["b.png"]}
    assert imported(db, first, pictures_of(named)).problems == []
    assert exported(db) == first
    assert [(p.line, p.column, p.reason) for p in imported(db, first, pictures_of({})).problems] == [
        (2, "pictures", "picture_missing"),
        (2, "pictures", "picture_missing"),
    ]


def test_the_sample_catalogue_goes_round_with_its_pictures_sales_and_offers(db, shared):
    sample = shared("data/vendure-sample")
    originals = Folder(sample / "assets")
    bring = (sample / "products.csv").read_bytes()
    assert imported(db, bring, Pictures(originals, check_image, lambda tx, image: None)).products.added == 54
    put_on_sale(db, "L2201308", "999.00", now=LATER, ends_at=LATER + DAY)
    for sku, points in (("L2201308", 9000), ("L2201508", 8000), ("L2201316", 7000)):
        offer(db, sku, cash="500.00", points=points, now=LATER, quota=10)
    with db.read() as conn:
        export = export_catalog(conn, at=LATER, program=PROGRAM)
        before = b"".join(csv_parts(export.columns, export.rows))
    keys = {content_of(picture.key): picture.name for picture in export.pictures}
    named = {keys[content_hash(file.read_bytes())]: file.read_bytes() for file in (sample / "assets").iterdir()
             if content_hash(file.read_bytes()) in keys}  # fmt: skip
    wipe(db)
    report = imported(db, before, pictures_of(named))
    assert (report.problems, report.pictures.added, report.offers.added, report.specials.added) == ([], 54, 3, 1)
    assert exported(db) == before


def test_a_part_of_the_catalogue_can_be_exported(db):
    fill(db)
    part = exported(db, filter=ProductFilter(published=False))
    assert b"-1+1" in part
    assert b"Nothing here" not in part


@pytest.mark.parametrize("chinese", [True, False])
def test_the_template_can_be_imported_as_it_is(db, chinese):
    for file in (template_csv(chinese=chinese), template_xlsx(chinese=chinese)):
        report = imported(db, file, dry_run=True)
        assert report.problems == []
        assert (report.products.added, report.variants.added, report.categories.added) == (1, 2, 2)


TEXTS = st.text(
    st.one_of(st.sampled_from("=+-@'|>:,;\\\"\t\r\n _x0041_\ufeff ＝"), st.characters(exclude_categories=["Cs"])),
    max_size=12,
).filter(lambda each: "\0" not in each)


@given(TEXTS)
def test_what_looks_like_a_formula_is_guarded_and_comes_back(cell):
    written = guarded(cell)
    assert written[:1] not in tuple("=+-@\t\r＝")
    assert unguarded(written) == cell


@given(st.lists(TEXTS.map(str.strip).filter(bool), max_size=4), st.sampled_from("|>:,"))
def test_several_texts_in_a_cell_come_apart_as_they_were(parts, sign):
    assert apart(joined(parts, sign), sign) == parts


@given(st.lists(TEXTS.map(str.strip), min_size=1, max_size=3))
def test_any_text_comes_back_from_both_kinds_of_file(texts):
    columns = [f"c{number}" for number in range(len(texts))] + ["last"]
    rows = [dict(zip(columns, [*texts, "end"], strict=True))]
    workbook = io.BytesIO()
    write_xlsx(workbook, columns, rows)
    for data in (b"".join(csv_parts(columns, rows)), workbook.getvalue()):
        problems: list[Any] = []
        sheet = read_sheet(data, problems)
        assert problems == []
        assert sheet is not None
        assert [[row[column] for column in columns] for row in sheet.rows] == [[*texts, "end"]]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(TEXTS.map(str.strip).filter(bool), min_size=6, max_size=6))
def test_hostile_names_come_back(db, names):
    wipe(db)
    saved(
        db,
        slug="thing",
        name=names[0],
        description=names[1],
        translations=(Translation("en", names[2]),),
        options=(Option(names[3], (names[4],)),),
        attributes=(Attribute(names[5], names[1], (AttributeTranslation("en", names[0], names[3]),)),),
        variants=(variant(names[2], name=names[1], option_values=(names[4],)),),
    )
    before, workbook = exported(db), exported_workbook(db)
    for file in (before, workbook):
        wipe(db)
        assert imported(db, file).problems == []
        assert exported(db) == before

"""Sheets as people have them: Chinese encodings, other separators, workbooks with numbers, and hostile files."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from catalog.cells import read_instant, read_number, read_whole, written_instant
from catalog.imports import limits
from catalog.imports.formats import SheetFormat, read_drafts, told_apart
from catalog.imports.markup import text_of_html
from catalog.imports.report import Problem
from catalog.imports.sheet import read_sheet
from tests.support.members import PROGRAM


def rows(data: bytes) -> tuple[list[list[str]], list[tuple[int, str | None, str]], str]:
    problems: list[Problem] = []
    sheet = read_sheet(data, problems)
    told = [(problem.line, problem.column, problem.reason) for problem in problems]
    if sheet is None:
        return [], told, ""
    return [[row[column] for column in sheet.columns] for row in sheet.rows], told, sheet.encoding


def workbook(*lines: list[Any]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    sheet: Any = book.active
    for line in lines:
        sheet.append(line)
    book.save(file)
    return file.getvalue()


def drafts(data: bytes, format: SheetFormat = SheetFormat.AUTO):
    problems: list[Problem] = []
    read = read_drafts(data, format, PROGRAM.zone, problems)
    return read, [(problem.line, problem.column, problem.reason) for problem in problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_sheet_is_read_in_every_usual_encoding_with_every_usual_separator(encoding, separator):
    text = separator.join(["sku", "name"]) + "\r\n" + separator.join(["A1", '"男士轻薄, ;\t羽绒服\n第二行"']) + "\r\n"
    found, told, named = rows(text.encode(encoding))
    assert (found, told) == ([["A1", "男士轻薄, ;\t羽绒服\n第二行"]], [])
    assert named == {"utf-16": "UTF-16", "gb18030": "GB18030", "gbk": "GB18030"}.get(encoding, "UTF-8")


def test_a_line_that_names_the_separator_is_none_of_the_sheet():
    assert rows(b"sep=;\r\nsku;price\r\nA;x\r\n")[0] == [["A", "x"]]


def test_numbers_of_a_workbook_are_read_as_they_are_shown():
    found, told, _ = rows(
        workbook(
            ["sku", "price", "stock", "published", "from"],
            ["00123", 19.9, 5, True, datetime(2026, 3, 1, 8)],  # noqa: DTZ001 - a workbook knows no zones
            ["1E5", 0.1 + 0.2, 100000, False, None],
            [4891668326689, 1299, 0, None, None],
            [1234567890123456, 19.989999999999998, None, None, None],
        )
    )
    assert found == [
        ["00123", "19.9", "5", "yes", "2026-03-01 08:00:00"],
        ["1E5", "0.3", "100000", "no", ""],
        ["4891668326689", "1299", "0", "", ""],
        ["1234567890123456", "19.99", "", "", ""],
    ]
    assert told == [(5, "sku", "number_rounded")]


def test_formulas_are_not_computed_and_told_where_nobody_has():
    found, told, _ = rows(workbook(["sku", "price"], ["A", "=1+1"]))
    assert (found, told) == ([["A", ""]], [(2, "price", "formula_without_value")])


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", workbook(["sku"])[:200]],
    ids=["rubbish", "old or encrypted", "cut off"],
)
def test_what_is_no_workbook_is_told(data):
    assert rows(data)[1] == [(1, None, "not_a_workbook")]


def repacked(change: Any) -> bytes:
    """A workbook with one part changed."""
    given, file = zipfile.ZipFile(io.BytesIO(workbook(["sku"], ["A"]))), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name in given.namelist():
            out.writestr(name, change(name, given.read(name)))
    return file.getvalue()


def in_the_sheet(before: bytes, after: bytes) -> bytes:
    def change(name: str, content: bytes) -> bytes:
        return content.replace(before, after) if name.startswith("xl/worksheets/") else content

    return repacked(change)


def test_a_cell_in_the_last_corner_fills_no_memory():
    far = in_the_sheet(b'r="A2"', b'r="XFD2"')
    assert rows(far)[1] == [(1, None, "too_many_columns")]
    deep = in_the_sheet(b'<row r="2"', b'<row r="1048576"').replace(b"", b"")
    assert rows(deep)[1] == [(1, None, "too_many_rows")]


def test_a_workbook_that_would_unpack_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "MOST_UNPACKED", 100_000)
    bomb = repacked(lambda name, content: content + b" " * 200_000 if name == "xl/styles.xml" else content)
    assert len(bomb) < 20_000
    assert rows(bomb)[1] == [(1, None, "too_large")]


def test_one_long_text_that_every_cell_points_to_fills_no_memory(monkeypatch):
    monkeypatch.setattr(limits, "MOST_UNPACKED", 60_000)
    many = workbook(["sku"], *[["x" * 1000] for _ in range(100)])
    assert rows(many)[1] == [(1, None, "too_large")]


def test_a_workbook_with_a_document_type_is_refused():
    bad = in_the_sheet(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet')
    assert rows(bad)[1] == [(1, None, "not_a_workbook")]


def test_files_rows_columns_and_cells_are_bounded(monkeypatch):
    monkeypatch.setattr(limits, "MOST_ROWS", 3)
    lines = b"sku,name\n" + b"A,x\n" * 4
    assert rows(lines)[1] == [(5, None, "too_many_rows")]
    assert rows(workbook(["sku"], *[["A"]] * 4))[1] == [(5, None, "too_many_rows")]
    assert rows(b"sku,name\nA," + b"x" * 40_000 + b"\n")[1] == [(2, "name", "too_long")]
    assert rows(b",".join(b"c%d" % n for n in range(301)))[1] == [(1, None, "too_many_columns")]
    monkeypatch.setattr(limits, "MOST_BYTES", 10)
    assert rows(b"x" * 11)[1] == [(1, None, "file_too_large")]


def test_blank_cells_behind_the_heading_are_no_matter():
    assert rows(b"sku,name,,\nA,x,,\nB,y,,\n")[0] == [["A", "x"], ["B", "y"]]
    assert rows(b"sku,name\nA,x,z\n")[1] == [(2, None, "wrong_number_of_cells")]


def test_the_layout_is_told_by_the_columns():
    assert told_apart(("Handle", "Title", "Variant SKU")) is SheetFormat.SHOPIFY
    assert told_apart(("URL handle", "Title", "SKU")) is SheetFormat.SHOPIFY
    assert told_apart(("name", "slug", "sku", "optionValues", "stockOnHand")) is SheetFormat.VENDURE
    assert told_apart(("sku", "price")) is SheetFormat.JIFEN


def test_columns_may_be_headed_in_chinese_and_problems_name_them_so():
    read, told = drafts("货号,正价,商品链接名,商品名称：en\nA,贵,hat,Hat\n".encode())
    assert told == [(2, "price", "not_a_number")]
    assert read.headings["price"] == "正价"
    assert drafts("货号,sku\nA,A\n".encode())[1] == [(1, "sku", "repeated")]
    assert drafts(b"sku,prize\nA,1\n")[1] == [(1, "prize", "unknown_column")]
    assert drafts(b"sku,price:en\nA,1\n")[1] == [(1, "price:en", "unknown_column")]


def test_rows_of_one_product_belong_together_wherever_they_stand():
    read, told = drafts(b"slug,name,sku,price\nhat,,B,2\ncap,Cap,C,3\nhat,Hat,A,1\n")
    assert told == []
    hat, cap = read.drafts.products
    assert (hat.name, [variant.sku for variant in hat.variants], cap.name) == ("Hat", ["B", "A"], "Cap")
    _, told = drafts(b"slug,name,sku,price\nhat,Hat,B,2\nhat,Cat,A,1\nhat,Hat,B,3\n")
    assert told == [
        (3, "name", "differs_from_line"),
        (4, "price", "differs_from_line"),
        (2, "sku", "variant_left_out"),
    ]


def test_a_row_without_a_slug_changes_no_product():
    assert drafts(b"slug,name,sku\n,Hat,A\n")[1] == [(2, "name", "needs_slug")]
    assert drafts(b"slug,sku,name\nhat,,Hat\nhat,,\n")[1] == []
    assert drafts(b"slug,sku,price\nhat,,9\n")[1] == [(2, "sku", "empty")]


SHOPIFY = """Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Image Position,Image Alt Text,Status
shirt,Shirt,"<p>Soft &amp; warm</p><ul><li>wool</li></ul><script>x()</script>",Acme,Apparel > Shirts,Tops,"a, b",TRUE,Size,S,Color,Red,S-1,200,10,19.99,25.00,https://cdn.example/files/front.jpg?v=1,2,Front,active
shirt,,,,,,,,,M,,Red,S-2,200,-3,25.00,,https://cdn.example/files/back.jpg,1,,
shirt,,,,,,,,,,,,,,,,,https://cdn.example/files/side.jpg,3,Side,
mug,Mug,plain,Acme,,Kitchen,,FALSE,Title,Default Title,,,MUG,300,4,9.99,9.99,,,,draft
"""  # noqa: E501 - as it comes


def test_shopifys_sheet_is_read_by_its_documented_columns():
    read, told = drafts(SHOPIFY.encode())
    assert (told, read.format) == ([], SheetFormat.SHOPIFY)
    shirt, mug = read.drafts.products
    assert (shirt.name, shirt.description, shirt.published) == ("Shirt", "Soft & warm\n\n- wool", True)
    assert shirt.category is not None
    assert not isinstance(shirt.category, type(shirt.published))
    assert [picture.name for picture in shirt.pictures] == ["back.jpg", "front.jpg", "side.jpg"]
    first, second = shirt.variants
    assert (first.sku, str(first.price), first.stock, first.option_values) == ("S-1", "25.00", 10, ["S", "Red"])
    assert [str(special.price) for special in first.specials] == ["19.99"]
    assert (str(second.price), second.stock, second.specials) == ("25.00", 0, [])
    assert (mug.published, mug.variants[0].name, mug.variants[0].specials) == (False, "", [])


def test_shopifys_newer_headings_are_the_same_columns():
    newer = SHOPIFY.partition("\n")[2]
    heading = (
        "URL handle,Title,Description,Vendor,Product category,Type,Tags,Published on online store,Option1 name,"
        "Option1 value,Option2 name,Option2 value,SKU,Weight value (grams),Inventory quantity,Price,Compare-at price,"
        "Product image URL,Image position,Image alt text,Status"
    )
    old, new = drafts(SHOPIFY.encode())[0].drafts, drafts(f"{heading}\n{newer}".encode())[0].drafts
    assert old.products == new.products


def test_what_is_wrong_in_shopifys_sheet_is_told_by_its_own_columns():
    read, told = drafts(b"Handle,Title,Variant SKU,Variant Price\na,A,X,cheap\nb,B,,1\n,C,Z,1\nd,D,X,1\n")
    assert told == [
        (4, "slug", "empty"),
        (2, "price", "not_a_number"),
        (3, "sku", "empty"),
        (5, "sku", "repeated_from_line"),
    ]
    assert read.headings["price"] == "Variant Price"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a < b", "a < b"),
        ("one<br>two", "one\ntwo"),
        ("<p>x</p><p>y</p>", "x\n\ny"),
        ("<style>p{}</style>&lt;b&gt;", "<b>"),
    ],
)
def test_html_becomes_what_it_says(html, text):
    assert text_of_html(html) == text


def test_times_are_local_unless_they_say_otherwise():
    zone = ZoneInfo("Asia/Shanghai")
    expected = "2026-03-01T00:00:00+00:00"
    for cell in (
        "2026-03-01 08:00",
        "2026/3/1 8:00",
        "2026年3月1日 8:00",
        "2026-03-01T08:00:00+08:00",
        "2026-03-01T00:00:00Z",
    ):
        instant = read_instant(cell, zone)
        assert instant is not None, cell
        assert instant.isoformat() == expected
    for cell in ("tomorrow", "2026-13-01", "0001-01-01", "9999-12-31T23:59:59-12:00", "2026-02-30"):
        assert read_instant(cell, zone) is None, cell


def test_numbers_are_exact_or_none():
    assert [str(read_number(cell)) for cell in ("19.90", "1E5", "1_000", "NaN", "１", "1,5", "-1")] == [
        "19.90", "1E+5", "None", "None", "None", "None", "-1",
    ]  # fmt: skip
    assert [read_whole(cell) for cell in ("5", "5.0", "5.5", "-1", "1e2", "9" * 19)] == [5, 5, None, -1, None, None]


@pytest.mark.parametrize("instant", ["2026-03-01T10:00:00.5+00:00", "9999-12-31T23:59:59+00:00"])
def test_an_instant_is_written_so_that_it_is_read_as_the_same_one(instant):
    instant, zone = datetime.fromisoformat(instant), ZoneInfo("Asia/Shanghai")
    assert read_instant(written_instant(instant, zone), zone) == instant

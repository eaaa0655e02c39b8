"""Where an export goes on in another sheet."""

from __future__ import annotations

import io
import zipfile

import pytest

from catalog.exports.catalog_rows import CatalogExport
from catalog.exports.parts import ROOM, Room, in_parts
from catalog.exports.write import together, write_sheets
from catalog.imports import limits
from catalog.imports.sheet import read_sheet


def rows_of(*skus_of_each, text="x"):
    return [
        {"slug": f"p-{n}", "sku": f"S-{n}-{at}", "description": text if at == 0 else ""}
        for n, skus in enumerate(skus_of_each)
        for at in range(skus)
    ]


def parts_of(rows, room, *, workbook=False):
    return [[row["sku"] for row in part] for part in in_parts(rows, 3, workbook=workbook, room=room)]


def test_a_sheet_ends_where_an_import_would_take_no_more_rows():
    assert parts_of(rows_of(1, 1, 1, 1, 1), Room(rows=2)) == [["S-0-0", "S-1-0"], ["S-2-0", "S-3-0"], ["S-4-0"]]


def test_what_is_of_one_product_stays_together():
    assert parts_of(rows_of(1, 2, 1), Room(rows=2)) == [["S-0-0"], ["S-1-0", "S-1-1"], ["S-2-0"]]


def test_a_sheet_ends_where_an_import_would_take_no_more_bytes():
    rows = rows_of(1, 1, 1, text='大"' * 100)
    one = [[row["sku"]] for row in rows]
    assert parts_of(rows, Room(packed=700)) == one
    assert parts_of(rows, Room(unpacked=800), workbook=True) == one
    assert parts_of(rows, Room(unpacked=800)) == [[row["sku"] for row in rows]]


def test_without_a_row_there_is_one_sheet_with_its_heading():
    assert parts_of([], ROOM) == [[]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_sheet_of_a_large_catalogue_is_one_that_an_import_takes(tmp_path, kind, monkeypatch):
    """With bounds a hundredth of ours, and a catalogue ten times as large as them."""
    for name in ("MOST_BYTES", "MOST_UNPACKED", "MOST_ROWS"):
        monkeypatch.setattr(limits, name, getattr(limits, name) // 100)
    room = Room(ROOM.rows // 100, ROOM.packed // 100, ROOM.unpacked // 100)
    texts = rows_of(*[1] * 900, text='=价 & <"1"> ' * 120) + rows_of(*[1] * 1_500)
    export = CatalogExport(["slug", "sku", "description"], 2_400, iter(texts))
    sheets = write_sheets(tmp_path / f"all.{kind}", export, workbook=kind == "xlsx", room=room)
    assert [sheet.name for sheet in sheets] == [f"all-{n}.{kind}" for n in range(1, len(sheets) + 1)]
    found = []
    for sheet in sheets:
        problems = []
        read = read_sheet(sheet.read_bytes(), problems)
        assert problems == []
        found += [row["sku"] for row in read.rows]
    assert found == [row["sku"] for row in texts]
    packed = together(sheets)
    assert packed.name == "all.zip"
    with zipfile.ZipFile(io.BytesIO(packed.read_bytes())) as file:
        assert len(file.namelist()) == len(sheets) > 5
    assert list(tmp_path.iterdir()) == [packed]

"""The import wizard and the exports without a browser."""

from __future__ import annotations

import io
import re
import threading
import time
import zipfile
from dataclasses import replace

import pytest

from catalog import queries
from console.catalogue import sheet_runs
from console.catalogue.sheet_spool import SheetJob, Spool, Step, new_job_id
from kernel.paging import Window
from schema.admin.export_line import MOST
from staff.audit import audit_page
from tests.support.catalogue_desk import is_there, picture, product_of, variant_of
from tests.support.console import KEY, plain

SHEET = (
    "slug,name,name:en,category,sku,price,stock\ncoat,大衣,Coat,服饰,COAT-1,899.00,5\ncap,帽子,Cap,服饰,CAP-1,49.00,9\n"
)


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def send(browser, data: str | bytes, pictures: bytes | None = None, **fields):
    """Sends a sheet; gives the address of the import, once the dry run is over."""
    browser.get("/console/sheets")
    data = data.encode() if isinstance(data, str) else data
    files = {"file": ("season.csv", data, "text/csv")}
    if pictures is not None:
        files["pictures"] = ("pictures.zip", pictures, "application/zip")
    answer = browser.client.post(
        "/console/sheets", data={"csrf": browser.token, "format": "auto", **fields}, files=files
    )
    assert answer.status_code == 303, plain(answer.text)
    return settled(browser, answer.headers["location"])


def settled(browser, path):
    for _ in range(400):
        told = browser.client.get(f"{path}/progress").json()
        if "next" in told:
            assert told["next"] == path
            return path
        time.sleep(0.05)
    raise AssertionError("it never came to its end")


def apply(browser, path, **fields):
    browser.get(path)
    answer = browser.client.post(path, data={"csrf": browser.token, **fields})
    assert answer.status_code == 303
    return settled(browser, path)


def log_of(console):
    with console.play.db.read() as conn:
        return [entry for entry in audit_page(conn, Window(50), None).items if entry.action == "importCatalog"]


def imports(console):
    """One entry for each import, beside those of what it changed."""
    return [entry for entry in log_of(console) if entry.subject_id.startswith("imp_")]


def export(browser, address):
    """Begins an export; gives its page, once it is over."""
    answer = browser.client.get(address)
    assert answer.status_code == 303, plain(answer.text)
    return settled(browser, answer.headers["location"])


def exported(browser, address):
    answer = browser.client.get(f"{export(browser, address)}/file")
    assert answer.status_code == 200
    return answer


def test_a_sheet_is_looked_at_first_and_changes_nothing_until_somebody_says_so(console):
    browser = console.as_("MERCHANDISER", "en")
    path = send(browser, SHEET)
    page = browser.text(path)
    assert "2 rows · Our own · UTF-8" in page
    assert "Products 2 0 0" in page
    assert "COAT-1" in page
    assert not is_there(console, "COAT-1")
    assert imports(console) == []
    apply(browser, path)
    assert "All of it has been imported" in browser.text(path)
    assert (product_of(console, "COAT-1").name, variant_of(console, "CAP-1").on_hand) == ("大衣", 9)
    (entry,) = imports(console)
    assert (entry.actor, entry.after["file"]) == ("merchandiser@shop.test", "season.csv")


def test_the_button_pressed_twice_imports_once(console):
    browser = console.as_("MERCHANDISER", "en")
    path = send(browser, SHEET)
    apply(browser, path)
    apply(browser, path)
    assert len(imports(console)) == 1


def test_the_same_sheet_again_has_nothing_to_change(console):
    browser = console.as_("MERCHANDISER", "en")
    apply(browser, send(browser, SHEET))
    page = browser.text(send(browser, SHEET))
    assert "It says what is there already" in page
    assert "Products 0 0 2" in page


def test_every_wrong_row_is_told_by_line_column_and_reason_in_the_language_of_the_page(console):
    broken = SHEET + "bag,包,Bag,服饰,BAG-1,cheap,1\nbelt,皮带,Belt,服饰,,10,1\n"
    for language, words in (("en", "This is not a number."), ("zh-CN", "这不是数字。")):
        browser = console.as_("MERCHANDISER", language)
        path = send(browser, broken)
        page = browser.text(path)
        assert re.search(rf"4 price {re.escape(words)}", page), page
        assert re.search(r"5 sku ", page)
        listed = browser.client.get(f"{path}/problems.csv")
        assert words in listed.content.decode("utf-8-sig")
    assert not is_there(console, "COAT-1")


def test_broken_rows_stop_everything_unless_they_are_left_out_on_purpose(console):
    browser = console.as_("MERCHANDISER", "en")
    path = send(browser, SHEET + "bag,包,Bag,服饰,BAG-1,cheap,1\n")
    apply(browser, path)
    assert not is_there(console, "COAT-1")
    assert "1 of 3 rows are wrong" in browser.text(path)
    apply(browser, path, skipBroken="yes")
    assert product_of(console, "COAT-1") is not None
    assert not is_there(console, "BAG-1")
    assert "without 1 rows" in browser.text(path)


@pytest.mark.parametrize(
    ("data", "english", "chinese"),
    [
        (b"", "The file is empty.", "文件是空的。"),
        (b"\n \n\n", "The file is empty.", "文件是空的。"),
        (b"slug,name,sku,price\n", "There is a heading, and nothing below it.", "只有表头，没有内容。"),
        (b"\x00\x01\x02\n\x03", "None of the columns is known.", "没有一列是可识别的。"),
        (b"just,some\nother,file\n", "None of the columns is known.", "没有一列是可识别的。"),
        (b"slug,name,price,colour\na,A,1,red\n", "colour: There is no such column.", "colour: 未知的列。"),
        (b"slug,name,price\na,A,1\n", "sku: This is missing.", "sku: 缺少此项。"),
        (b"sku,price,price\nA,1,2\n", "price: This is given twice.", "price: 不能重复。"),
        (b"PK\x03\x04 no workbook", "This workbook cannot be read.", "无法读取此工作簿"),
        (b"\xff\xfe\x00", "The encoding is not known.", "无法识别文件编码"),
        (b"\x89PNG\r\n\x1a\n\x00\xff\xd8", "The encoding is not known.", "无法识别文件编码"),
    ],
)
def test_what_is_no_sheet_of_goods_is_told_beside_the_file(console, data, english, chinese):
    for language, words in (("en", english), ("zh-CN", chinese)):
        browser = console.as_("MERCHANDISER", language)
        browser.get("/console/sheets")
        files = {"file": ("x.csv", data, "text/csv")}
        answer = browser.client.post("/console/sheets", data={"csrf": browser.token}, files=files)
        assert answer.status_code == 422
        told = re.search(r'id="file-error"[^>]*>(.*?)</', answer.text, re.DOTALL)
        assert told, answer.text
        assert words in plain(told[1])


def test_a_large_file_that_is_no_sheet_of_goods_is_told_by_its_dry_run(console, monkeypatch):
    monkeypatch.setattr("console.catalogue.sheets.SEEN_AT_ONCE", 10)
    browser = console.as_("MERCHANDISER", "en")
    for data, words in (
        (b"just,some\nother,file\n", "None of the columns is known."),
        (b"PK\x03\x04 no workbook", "This workbook cannot be read."),
        (b"slug,name,sku,price\n", "There is a heading, and nothing below it."),
    ):
        page = browser.text(send(browser, data))
        assert words in page
        assert "Mend the sheet" in page


def test_without_a_file_the_form_asks_for_one(console):
    browser = console.as_("MERCHANDISER", "en")
    answer = browser.send("/console/sheets", format="auto")
    assert answer.status_code == 422
    assert "Choose a file first" in answer.text


def test_a_pictures_file_that_is_no_zip_is_told_in_words_and_can_be_tried_again(console):
    browser = console.as_("MERCHANDISER", "en")
    path = send(browser, SHEET, b"no zip at all")
    page = browser.text(path)
    assert "ZIP" in page
    assert "Start again" in page


def test_pictures_come_with_the_sheet_and_leave_with_the_export(console):
    browser = console.as_("MERCHANDISER", "en")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("any folder/coat.png", picture("green"))
    path = send(browser, "slug,name,sku,price,pictures\ncoat,大衣,COAT-1,899.00,coat.png\n", packed.getvalue())
    apply(browser, path)
    with console.play.db.read() as conn:
        assert len(queries.pictures_of_products(conn, [product_of(console, "COAT-1").id]).popitem()[1]) == 1
    out = exported(browser, "/console/sheets/pictures.zip")
    with zipfile.ZipFile(io.BytesIO(out.content)) as file:
        (name,) = file.namelist()
    assert name in exported(browser, "/console/sheets/catalogue.csv").content.decode("utf-8-sig")


@pytest.mark.parametrize("role", ["MERCHANDISER", "SERVICE", "ANALYST", "FULFILMENT"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_everybody_who_reads_the_catalogue_may_export_it_as_it_is_filtered(console, role, kind):
    console.play.stock("SHIRT", "100.00")
    console.play.stock("SOCKS", "20.00")
    browser = console.as_(role)
    answer = exported(browser, f"/console/sheets/catalogue.{kind}?search=socks")
    assert re.search(rf'attachment; filename="catalogue-2026-01-01\.{kind}"', answer.headers["content-disposition"])
    if kind == "csv":
        assert "SOCKS" in answer.text
        assert "SHIRT" not in answer.text
        dear = exported(browser, "/console/sheets/catalogue.csv?min=50&max=1,000").text
        assert ("SHIRT" in dear, "SOCKS" in dear) == (True, False)
    assert browser.client.get(f"/console/sheets/template.{kind}").status_code == 200


def test_an_import_is_followed_by_whoever_has_its_address_and_may_import(console):
    path = send(console.as_("MERCHANDISER"), SHEET)
    assert console.as_("ADMIN").get(path).status_code == 200
    assert console.as_("SERVICE").get(path).status_code == 403
    for nothing in ("0" * 32, "x", "..%2F.."):
        assert console.as_("ADMIN").get(f"/console/sheets/{nothing}").status_code == 404


def test_an_import_whose_server_was_stopped_says_so_and_begins_again(console):
    browser = console.as_("MERCHANDISER", "en")
    path = send(browser, SHEET)
    spool, job_id = Spool(KEY), path.rpartition("/")[2]
    job = spool.find(job_id)
    assert job is not None
    # The process of another life: its number is another's now, or nobody's.
    for run in ("999999999:abc", f"{sheet_runs._RUN.partition(':')[0]}:another"):
        spool.write(replace(job, step=Step.APPLYING, run=run))
        assert "The server was stopped" in browser.text(path)
    apply(browser, path)
    assert product_of(console, "COAT-1") is not None


def test_a_dry_run_that_failed_is_looked_at_again_and_never_leads_to_an_import(console, monkeypatch):
    browser = console.as_("MERCHANDISER", "en")

    def fail(*_, **__):
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(sheet_runs, "importing", fail)
        path = send(browser, SHEET)
    assert "Start again" in browser.text(path)
    apply(browser, path)
    assert not is_there(console, "COAT-1")
    assert "What would change" in browser.text(path)
    apply(browser, path)
    assert product_of(console, "COAT-1") is not None


def test_starting_again_leaves_the_same_rows_out(console, monkeypatch):
    browser = console.as_("MERCHANDISER", "en")
    path = send(browser, SHEET + "bag,包,Bag,服饰,BAG-1,cheap,1\n")

    def fail(*_, **__):
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(sheet_runs, "importing", fail)
        apply(browser, path, skipBroken="yes")
    assert not is_there(console, "COAT-1")
    apply(browser, path)
    assert product_of(console, "COAT-1") is not None
    assert not is_there(console, "BAG-1")


def test_who_has_closed_the_page_finds_the_import_again(console):
    browser = console.as_("MERCHANDISER", "en")
    path = send(browser, SHEET)
    listed = browser.get("/console/sheets").text
    assert f'href="{path}"' in listed
    assert "season.csv Import" in plain(listed)
    assert "waits for you" in plain(listed)
    assert f'href="{path}"' not in console.as_("ADMIN", "en").get("/console/sheets").text


def test_a_page_of_a_long_report_is_read_alone(console):
    browser = console.as_("MERCHANDISER", "en")
    rows = "".join(f"p-{n},名 {n},P-{n},10\n" for n in range(120))
    path = send(browser, f"slug,name,sku,price\n{rows}")
    first, second, third = (browser.text(f"{path}?page={n}") for n in (1, 2, 3))
    assert ("P-0 " in first, "P-119 " in first, "P-119 " in third) == (True, False, True)
    assert "P-60 " in second
    assert browser.text(f"{path}?page=99") == third


def test_an_export_is_followed_and_fetched_when_it_is_ready(console):
    console.play.stock("SHIRT", "100.00")
    browser = console.as_("ANALYST", "en")
    path = export(browser, "/console/sheets/catalogue.csv")
    page = browser.get(path)
    assert "It is ready" in plain(page.text)
    assert f'href="{path}/file"' in page.text
    assert f'href="{path}"' in browser.get("/console/sheets").text
    # Neither is the other: who may not import sees no import by the address of an export.
    job = path.rpartition("/")[2]
    assert console.as_("ADMIN").get(f"/console/sheets/{job}").status_code == 404
    imported = send(console.as_("MERCHANDISER"), SHEET).rpartition("/")[2]
    assert browser.get(f"/console/sheets/exports/{imported}").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Other exports are being written"), ("zh-CN", "正在进行其他导出")]
)
def test_more_exports_than_may_be_are_told_to_try_again(console, monkeypatch, tmp_path, language, words):
    held, begun = threading.Event(), []

    def slow(*_, **__):
        begun.append(1)
        held.wait(20)
        raise OSError

    monkeypatch.setattr("console.catalogue.sheet_downloads.exporting", slow)
    browser = console.as_("SERVICE", language)
    paths = [browser.client.get("/console/sheets/catalogue.xlsx").headers["location"] for _ in range(MOST)]
    assert "data-poll" in browser.get(paths[0]).text
    answer = browser.client.get("/console/sheets/catalogue.xlsx")
    assert answer.headers["location"] == "/console/sheets"
    assert words in browser.text("/console/sheets")
    assert len(list(tmp_path.glob("jifen-sheets-*/*"))) == MOST
    held.set()
    for path in paths:
        settled(browser, path)
    assert begun == [1] * MOST


def test_what_waits_for_days_is_taken_away(monkeypatch):
    spool = Spool(KEY)
    old = spool.new(SheetJob(new_job_id(), "stf", "a.csv", "auto"), b"x", b"y")
    assert spool.sheet(old.id) == (b"x", b"y")
    later = time.time() + 3 * 24 * 3600
    monkeypatch.setattr("console.catalogue.sheet_spool.time.time", lambda: later)
    new = spool.new(SheetJob(new_job_id(), "stf", "b.csv", "auto"), b"x", None)
    assert spool.find(old.id) is None
    assert spool.find(new.id) == new


def test_the_folder_is_for_the_shop_alone(tmp_path):
    Spool(KEY).new(SheetJob(new_job_id(), "stf", "a.csv", "auto"), b"x", None)
    (folder,) = tmp_path.glob("jifen-sheets-*")
    assert folder.stat().st_mode & 0o077 == 0


def test_the_audit_log_finds_what_an_import_did_to_a_sku_in_the_words_of_the_sheet(console):
    browser = console.as_("MERCHANDISER", "en")
    apply(browser, send(browser, SHEET))
    apply(browser, send(browser, "sku,price,counted_stock\nCOAT-1,799.00,7\n"))
    admin = console.as_("ADMIN", "en").text("/console/audit?search=COAT-1")
    assert re.search(r"Imported goods SKU COAT-1 .*price 899\.00 → 799\.00.*counted_stock 5 → 7", admin), admin
    assert "盘点库存 5 → 7" in console.as_("ADMIN", "zh-CN").text("/console/audit?search=COAT-1")

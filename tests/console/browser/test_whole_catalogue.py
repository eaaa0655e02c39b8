"""A season by clicking: the real catalogue in, on sale, on exchange, out, and into an empty shop again the same."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from contextlib import ExitStack

import pytest

from catalog import queries
from catalog.queries import ProductFilter
from kernel.database import Database
from kernel.paging import Window as Rows
from tests.support.browser import Served, serve
from tests.support.console import ConsoleShop
from tests.support.shop import PlayShop


@pytest.fixture
def shops(sqlite_databases):
    """`shops()` is another empty shop, served at an address."""
    with ExitStack() as closing:

        def another() -> Served:
            url = closing.enter_context(sqlite_databases.migrated())
            play = PlayShop(Database(url))
            closing.callback(play.db.close)
            console = ConsoleShop(play)
            closing.callback(console.close)
            return Served(console, closing.enter_context(serve(console.app)))

        yield another


def bring_in(desk, sheet: dict[str, object], pictures: dict[str, object]) -> str:
    """Through the wizard, by clicking; gives what it says in the end."""
    page = desk.go("/sheets")
    page.set_input_files("#f-file", sheet)
    page.set_input_files("#f-pictures", pictures)
    page.locator("main form[enctype] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/sheets/[0-9a-f]{32}$"))
    # Whoever reloads the page meanwhile finds it again.
    page.reload()
    page.wait_for_selector("[data-poll]", state="detached", timeout=120_000)
    assert page.locator(".note-error").count() == 0, page.inner_text("main")
    page.locator("main form[data-once] button[type=submit]").click()
    page.wait_for_load_state()
    page.wait_for_selector(".note-success", timeout=240_000)
    return page.inner_text("main")


def taken_along(desk, label: str) -> bytes:
    page = desk.go("/sheets")
    page.locator(f"button[formaction$='{label}'], form[action$='{label}'] .btn-primary").first.click()
    page.wait_for_url(re.compile(r"/sheets/exports/[0-9a-f]{32}$"))
    page.wait_for_selector(".note-success", timeout=120_000)
    with page.expect_download() as told:
        page.locator("a[href$='/file']").click()
    return told.value.path().read_bytes()


def as_file(name: str, data: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def rows_of(sheet: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))))


def test_a_season_goes_in_on_sale_on_exchange_out_and_in_again_the_same(window, shops, shared):
    sample = shared("data/vendure-sample")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for path in sorted((sample / "assets").iterdir()):
            file.write(path, path.name)
    desk = window("MERCHANDISER", "zh-CN")
    desk.served = shops()
    play = desk.served.play
    bring_in(desk, as_file("products.csv", (sample / "products.csv").read_bytes()), as_file("p.zip", packed.getvalue()))

    with play.db.read() as conn:
        found = queries.product_page(
            conn, Rows(100), locale=None, at=play.now, program=play.program, published_only=False
        ).items
        variants = queries.variants_of_products(conn, [each.id for each in found], play.now, active_only=True)
        pictures = queries.pictures_of_products(conn, [each.id for each in found])
    assert len(found) > 40
    assert all(pictures.values())

    page = desk.go("/products")
    for box in page.locator("input[name=product]").all()[:10]:
        box.check()
    page.locator("#picked button").click()
    page.fill("#f-percent", "30")
    page.select_option("#f-rounding", "WHOLE")
    page.fill("#f-startsAt", "2026-02-01T00:00")
    page.fill("#f-endsAt", "2026-03-01T00:00")
    page.locator("main form.stack button[type=submit]").first.click()
    page.wait_for_url("**/sales")
    assert page.locator("svg.lane").count() >= 10

    dear = sorted((v for each in variants.values() for v in each), key=lambda v: -v.regular_price)[:3]
    for variant in dear:
        page = desk.go(f"/offers/new?sku={variant.sku}")
        page.locator("button.suggestion").first.click()
        page.locator("#planner .good-line").wait_for()
        page.locator("#offer .form-end button[type=submit]").first.click()
        page.wait_for_url("**/offers/off_*")

    first, archive = taken_along(desk, "catalogue.csv"), taken_along(desk, "pictures.zip")
    workbook = taken_along(desk, "catalogue.xlsx")
    rows = rows_of(first)
    assert len({row["sku"] for row in rows if row["sku"]}) == sum(len(each) for each in variants.values())
    assert sum(bool(row["special_price"]) for row in rows) >= 10
    assert sum(bool(row["offer_points"]) for row in rows) == 3

    # The shop is wiped: an empty one takes its place.
    desk.served, desk.role = shops(), "MERCHANDISER"
    again = desk.served.play
    bring_in(desk, as_file("catalogue.xlsx", workbook), as_file("pictures.zip", archive))
    assert rows_of(taken_along(desk, "catalogue.csv")) == rows
    with again.db.read() as conn:
        count = queries.product_count(
            conn, at=again.now, program=again.program, published_only=False, filter=ProductFilter()
        )
    assert count == len(found)

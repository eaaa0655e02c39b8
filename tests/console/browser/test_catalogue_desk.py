"""The catalogue desk's main tasks, done by clicking, in both languages, by who may and who may not."""

from __future__ import annotations

from io import BytesIO
from itertools import count

import pytest
from PIL import Image

from catalog import queries
from catalog.attach_picture import content_of
from kernel.paging import Window as Rows
from media.images import content_hash

BOTH = pytest.mark.parametrize("language", ["zh-CN", "en"])

_numbers = count(1)


@pytest.fixture
def sku(served):
    """Goods of the test's own."""
    return served.play.stock(f"GOODS-{next(_numbers)}", "200.00", 40)


def variant_of(served, sku):
    with served.play.db.read() as conn:
        return queries.variant_by_sku(conn, sku, served.play.now)


def specials_of(served, sku):
    with served.play.db.read() as conn:
        variant = queries.variant_by_sku(conn, sku, served.play.now)
        return queries.specials_of_variants(conn, [variant.id], served.play.now)[variant.id]


def offers_of(served, sku):
    with served.play.db.read() as conn:
        return queries.offer_page(conn, Rows(50), at=None, filter=queries.OfferFilter(sku=sku)).items


def png(colour: str) -> dict[str, object]:
    file = BytesIO()
    Image.new("RGB", (80, 60), colour).save(file, "PNG")
    return {"name": f"{colour}.png", "mimeType": "image/png", "buffer": file.getvalue()}


def save(page):
    page.locator("main form[data-once] .form-end button[type=submit]").first.click()
    page.wait_for_load_state()


@BOTH
def test_a_merchandiser_makes_a_product_with_two_pictures_and_puts_them_in_order(window, served, language):
    new = f"NEW-{next(_numbers)}"
    page = window("MERCHANDISER", language).go("/products")
    page.locator("a[href$='/products/new']").first.click()
    page.fill("#f-name", f"羊毛大衣 {new}")
    page.locator("summary[lang=en]").first.click()
    page.fill('[id="f-translations.en.name"]', f"Wool coat {new}")
    page.fill('[id="f-variants.0.sku"]', new)
    page.fill('[id="f-variants.0.regularPrice"]', "899")
    save(page)
    page.wait_for_url("**/pictures")
    page.set_input_files("#f-files", [png("red"), png("blue")])
    save(page)
    rows = page.locator(".picture-row")
    rows.nth(1).wait_for()
    assert rows.count() == 2
    second = rows.nth(1).locator("input[type=hidden]").get_attribute("value")
    rows.nth(1).locator("button[name=move]").first.click()
    page.wait_for_load_state()
    assert page.locator(".picture-row").first.locator("input[type=hidden]").get_attribute("value") == second
    page = window("SERVICE", language).go("/products")
    page.fill("#f-search", new.lower())
    page.locator(".filters button[type=submit]").click()
    name = {"zh-CN": f"羊毛大衣 {new}", "en": f"Wool coat {new}"}[language]
    assert name in page.locator("table.rows").inner_text()
    assert page.locator("table.rows img").count() == 1


def test_pictures_arrive_in_their_order_and_the_broken_one_is_told_with_nothing_typed_lost(window, served, sku):
    page = window("MERCHANDISER", "en").go(f"/products/{variant_of(served, sku).product_id}/pictures")
    broken = {"name": "broken.png", "mimeType": "image/png", "buffer": b"no picture"}
    colours = ["red", "green", "blue", "black"]
    page.set_input_files("#f-files", [*map(png, colours[:3]), broken, png(colours[3])])
    page.fill("#f-alt", "On a table")
    save(page)
    page.locator("#pictures-there .picture-row").nth(3).wait_for()
    assert "broken.png" in page.locator(".field-error").inner_text()
    assert page.input_value("#f-alt") == "On a table"
    assert page.locator("[data-sending]").inner_text().strip() == "4 added."
    keys = [content_of(each.get_attribute("value")) for each in page.locator(".picture-row input[type=hidden]").all()]
    assert keys == [content_hash(png(colour)["buffer"]) for colour in colours]


@BOTH
def test_a_sale_is_planned_from_the_list_and_an_overlap_is_told_before_it_is_sent(window, served, sku, language):
    page = window("MERCHANDISER", language).go(f"/products?search={sku}")
    picked = page.locator("#picked button")
    assert picked.is_disabled()
    page.locator("input[name=product]").check()
    assert "(1)" in picked.inner_text()
    picked.click()
    page.wait_for_url("**/sales/new?**")
    assert page.input_value("#f-skus") == sku
    page.fill("#f-percent", "25")
    page.locator("#outcome", has_text="150.00").wait_for()
    page.fill("#f-startsAt", "2026-02-01T00:00")
    page.fill("#f-endsAt", "2026-02-15T00:00")
    save(page)
    page.wait_for_url("**/sales")
    assert [special.price for special in specials_of(served, sku)] == [15_000]
    row = page.locator("table.rows tr", has_text=sku)
    assert row.locator("svg.lane rect").count() == 1
    page.goto(f"{page.url}/new?sku={sku}")
    page.fill("#f-startsAt", "2026-02-10T00:00")
    page.locator("#outcome .field-error", has_text="150.00").wait_for()
    save(page)
    assert page.locator('[id="startsAt-error"]').count() == 1
    assert len(specials_of(served, sku)) == 1


def test_a_sale_is_taken_back_after_a_look_at_what_that_does(window, served, sku):
    served.play.special(sku, "150.00", starts="2026-03-01T00:00")
    page = window("MERCHANDISER", "en").go(f"/sales?sku={sku}")
    page.get_by_role("link", name="Take back").click()
    assert "will not begin" in page.locator(".outcome").inner_text()
    page.get_by_role("button", name="Take back").click()
    page.wait_for_url("**/sales")
    assert specials_of(served, sku) == []


@BOTH
def test_the_offer_planner_warns_as_somebody_types_and_a_suggestion_puts_it_right(window, served, sku, language):
    page = window("MERCHANDISER", language).go(f"/offers/new?sku={sku}")
    page.fill("#f-points", "500")
    page.fill("#f-cash", "50")
    page.locator("#planner .outcome", has_text="75").wait_for()
    warned = page.locator(".warn-line")
    assert warned.count() == 1
    page.fill("#f-targetShare", "15")
    page.locator("button.suggestion").first.click()
    page.locator(".good-line").wait_for()
    assert warned.count() == 0
    points, cash = page.input_value("#f-points"), page.input_value("#f-cash")
    page.fill("#f-quota", "10")
    save(page)
    page.wait_for_url("**/offers/off_*")
    (offer,) = offers_of(served, sku)
    assert (str(offer.points), offer.quota) == (points, 10)
    assert offer.cash == round(float(cash) * 100)


def test_without_a_script_the_planner_answers_when_it_is_asked(tabs, served, sku):
    context = tabs.chromium.new_context(locale="en", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.base}/console/sign-in?next=/console/offers/new")
    page.fill("#f-email", "merchandiser@shop.test")
    page.fill("#f-password", "a good password")
    page.click("main button.btn-primary")
    page.goto(f"{served.base}/console/offers/new")
    page.fill("#f-sku", sku)
    page.fill("#f-points", "500")
    page.fill("#f-cash", "50")
    page.click("button[name=step][value=look]")
    assert "above the guidance" in page.locator("#planner").inner_text()
    page.locator("button.suggestion").first.click()
    assert "Inside the program's guidance" in page.locator("#planner").inner_text()
    context.close()
    assert offers_of(served, sku) == []


def sign_in_elsewhere(page, served):
    """In another tab of the same browser, which is closed again."""
    with page.context.expect_page() as opened:
        page.locator("a[target=_blank]").click()
    other = opened.value
    other.fill("#f-email", "merchandiser@shop.test")
    other.fill("#f-password", "a good password")
    other.click("main button.btn-primary")
    other.wait_for_url("**/console/")
    other.close()


def test_whoever_is_signed_out_while_typing_is_told_signs_in_elsewhere_and_goes_on(window, served, sku):
    page = window("MERCHANDISER", "en").go(f"/offers/new?sku={sku}")
    page.fill("#f-points", "1000")
    page.fill("#f-cash", "180")
    page.wait_for_selector("#planner:not([aria-busy]) .outcome")
    served.console.end_sessions()
    page.fill("#f-cash", "170")
    page.locator(".signed-out").wait_for()
    assert page.locator("#planner form").count() == 0
    sign_in_elsewhere(page, served)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.locator(".signed-out").wait_for(state="detached")
    # What waited is worked out now.
    page.wait_for_selector("#planner:not([aria-busy]) .outcome")
    assert "15.0%" in page.locator("#planner").inner_text()
    page.locator("#offer .form-end button[type=submit]").first.click()
    page.wait_for_url("**/offers/off_*")
    assert [(offer.cash, offer.points) for offer in offers_of(served, sku)] == [(17_000, 1_000)]


def test_a_form_that_was_sent_too_late_is_still_there_behind_the_back_button(window, served, sku):
    page = window("MERCHANDISER", "en").go(f"/products/{variant_of(served, sku).product_id}/edit")
    page.fill("#f-name", "Typed for an hour")
    page.click("[data-add-row]")
    page.fill('[id="f-attributes.0.name"]', "Fabric")
    page.fill('[id="f-attributes.0.value"]', "wool: 80%")
    served.console.end_sessions()
    save(page)
    assert "Nothing was done" in page.locator("main").inner_text()
    sign_in_elsewhere(page, served)
    page.go_back()
    assert page.input_value("#f-name") == "Typed for an hour"
    save(page)
    page.wait_for_url("**/products/prd_*")
    assert "Typed for an hour" in page.locator("h1").inner_text()
    assert "wool: 80%" in page.locator("main").inner_text()


def test_stock_is_counted_anew_and_the_movement_says_who_and_why(window, served, sku):
    page = window("MERCHANDISER", "zh-CN").go(f"/stock?search={sku}")
    page.get_by_role("link", name="调整库存").first.click()
    page.select_option("#f-direction", "take")
    page.fill("#f-change", "38")
    page.fill("#f-reason", "盘点差异")
    save(page)
    assert variant_of(served, sku).on_hand == 2
    first = page.locator("table.rows tbody tr").first.inner_text()
    assert "盘点差异" in first
    assert "merchandiser@shop.test" in first
    page.goto(f"{served.base}/console/stock")
    assert sku in page.locator("table.rows").inner_text()


def test_a_variant_is_added_another_renamed_and_one_no_longer_sold(window, served, sku):
    product_id = variant_of(served, sku).product_id
    page = window("MERCHANDISER", "en").go(f"/products/{product_id}/variants")
    page.fill('[id="f-variants.0.sku"]', f"{sku}-M")
    page.fill('[id="f-variants.1.sku"]', f"{sku}-L")
    page.fill('[id="f-variants.1.regularPrice"]', "210")
    save(page)
    page.wait_for_url(f"**/products/{product_id}")
    page.goto(f"{page.url}/variants")
    page.uncheck('[name="variants.0.sold"]')
    save(page)
    with served.play.db.read() as conn:
        found = queries.variants_of_products(conn, [product_id], served.play.now, active_only=False)[product_id]
    assert [(each.sku, each.active) for each in found] == [(f"{sku}-L", True), (f"{sku}-M", False)]


@BOTH
def test_a_category_is_made_below_another_by_clicking(window, served, language):
    name = f"类目{next(_numbers)}"
    page = window("MERCHANDISER", language).go("/categories/new")
    page.fill("#f-name", name)
    page.fill("#f-slug", f"c-{name[2:]}")
    save(page)
    page.wait_for_url("**/categories")
    page.locator("tr", has_text=name).locator("a[href*='?parent=']").click()
    page.fill("#f-name", f"{name}之下")
    page.fill("#f-slug", f"c-{name[2:]}-below")
    save(page)
    page.wait_for_url("**/categories")
    assert page.locator("td.depth-1", has_text=f"{name}之下").count() == 1


@BOTH
def test_a_sheet_with_a_broken_row_is_imported_without_it_on_purpose(window, served, language):
    mine = f"SHEET-{next(_numbers)}"
    sheet = f"slug,name,sku,price\n{mine.lower()}-1,一,{mine}-1,10\n{mine.lower()}-2,二,{mine}-2,cheap\n"
    page = window("MERCHANDISER", language).go("/sheets")
    page.set_input_files("#f-file", {"name": "s.csv", "mimeType": "text/csv", "buffer": sheet.encode()})
    page.locator("main form[enctype] button[type=submit]").click()
    wrong = page.locator("table.rows tr", has_text={"zh-CN": "这不是数字", "en": "This is not a number"}[language])
    wrong.wait_for()
    assert [cell.strip() for cell in wrong.locator("td").all_inner_texts()[:2]] == ["3", "price"]
    assert variant_of(served, f"{mine}-1") is None
    page.locator("input[name=skipBroken] + button").click()
    page.locator(".note-success").wait_for()
    assert variant_of(served, f"{mine}-1").regular_price == 1_000
    assert variant_of(served, f"{mine}-2") is None


@BOTH
def test_who_ships_sees_the_goods_and_cannot_change_them(window, served, sku, language):
    desk = window("FULFILMENT", language)
    page = desk.go(f"/products?search={sku}")
    assert page.locator("input[name=product]").count() == 0
    page.locator("a.goods").first.click()
    assert page.locator("main form[method=post]").count() == 0
    for path in ("/products/new", "/sales/new", "/offers/new", "/categories/new"):
        answer = page.goto(f"{desk.base}/console{path}")
        assert answer.status == 403
        assert {"zh-CN": "没有权限", "en": "not for your role"}[language] in page.locator("main").inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_of_the_desk_is_wider_than_the_screen(window, served, sku, width):
    served.play.stock(f"{sku}-B", "200.00")
    for each in (sku, f"{sku}-B"):
        served.play.special(each, "150.00", starts="2026-03-01T00:00")
    served.play.offer(f"offer {sku}", sku, "150.00", 2_500)
    served.play.offer(f"planned {sku}", sku, "150.00", 2_600, starts="2026-03-01T00:00", ends="2026-04-01T00:00")
    product_id = variant_of(served, sku).product_id
    offer = offers_of(served, sku)[0]
    desk = window("MERCHANDISER", "en", width)
    for path in (
        "/products",
        f"/products/{product_id}",
        f"/products/{product_id}/edit",
        f"/products/{product_id}/variants",
        f"/products/{product_id}/pictures",
        f"/products/{product_id}/prices",
        "/categories",
        "/sales",
        f"/sales/new?sku={sku}",
        "/offers",
        f"/offers/{offer.id}",
        f"/offers/{offer.id}/edit",
        "/offers/clear",
        "/offers/report",
        "/stock",
        f"/stock/{offer.variant_id}",
        "/sheets",
    ):
        page = desk.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path

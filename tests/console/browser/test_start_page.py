from __future__ import annotations

import pytest

from tests.support.console import PASSWORD

BOTH = pytest.mark.parametrize("language", ["zh-CN", "en"])


@BOTH
def test_an_admin_sees_work_and_figures_with_curves(window, served, language):
    served.play.buy(served.play.enrol("Ana"), {"SHIRT": 1})
    desk = window("ADMIN", language)
    page = desk.page
    page.wait_for_selector("#page .plot-area .main-svg")
    assert page.locator(".plot-area .main-svg").count() >= 3
    assert page.locator("main h2").count() >= 4
    assert "60" in page.locator("table", has_text="SVIP").inner_text()


@BOTH
def test_fulfilment_finds_its_work_and_no_reports(window, served, language):
    served.play.buy(served.play.enrol("Ben"), {"SHIRT": 1})
    page = window("FULFILMENT", language).page
    assert page.locator("a[href$='/ship']").count() >= 1
    assert page.locator("[data-plot]").count() == 0


@BOTH
def test_an_analyst_finds_reports_and_no_work(window, served, language):
    page = window("ANALYST", language).page
    page.wait_for_selector(".plot-area .main-svg")
    assert page.locator("a[href$='/ship']").count() == 0
    page.get_by_role("link", name={"zh-CN": "近 13 周", "en": "last 13 weeks"}[language]).click()
    page.wait_for_url("**days=91*")
    page.wait_for_selector(".plot-area .main-svg")
    page.locator(".plot-table summary").first.click()
    assert page.locator(".plot-table").first.locator("tbody tr").count() == 13


@BOTH
def test_signing_in_choosing_a_language_and_signing_out(window, language):
    desk = window("MERCHANDISER", language)
    page = desk.page
    other = {"zh-CN": "en", "en": "zh-CN"}[language]
    page.locator(f'.side-wide button[name=language][value="{other}"]').click()
    page.wait_for_selector(f'html[lang="{other}"]')
    page.locator(".side-wide form[action$='/sign-out'] button").click()
    page.wait_for_url("**/console/sign-in")
    page.go_back()
    page.goto(f"{desk.base}/console/")
    page.wait_for_url("**/console/sign-in?next=*")
    page.fill("#f-email", "merchandiser@shop.test")
    page.fill("#f-password", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url("**/console/")


def test_on_a_telephone_the_menu_unfolds_and_nothing_sticks_out(window, served):
    desk = window("ADMIN", "en", width=390)
    page = desk.page
    page.locator(".side-fold summary").click()
    page.locator(".side-fold .menu a[href$='/orders']").click()
    page.wait_for_url("**/console/orders")
    for path in ("/", "/orders", "/returns"):
        desk.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path

"""A new version of the program, from the one in force to publication, by clicking; and who may only read."""

from __future__ import annotations

import pytest

BOTH = pytest.mark.parametrize("language", ["zh-CN", "en"])


def newest(served):
    with served.play.db.read() as conn:
        programs = served.play.shop.shelf.programs(conn)
        return programs.number(programs.latest)


@BOTH
def test_an_administrator_publishes_a_version_after_seeing_what_it_changes(window, served, language):
    before = newest(served)
    page = window("ADMIN", language).go("/program")
    page.get_by_role("link", name={"zh-CN": "新版本", "en": "New version"}[language]).click()
    rate = page.locator('[name="document.points.rates.SALE"]')
    rate.fill("lots")
    page.locator(".form-end button[value=look]").click()
    wrong = page.locator(".has-error")
    assert wrong.count() == 1
    assert wrong.locator("input").get_attribute("name") == "document.points.rates.SALE"
    assert wrong.locator(".field-error").inner_text()
    page.locator('[name="document.points.rates.SALE"]').fill({"zh-CN": "0.6", "en": "0.7"}[language])
    page.locator('[name="document.settlement.days"]').press("Enter")
    changes = page.locator("table.rows").inner_text()
    assert "points.rates.SALE" in changes
    assert newest(served).version == before.version
    page.locator("button[value=publish]").click()
    page.wait_for_url(f"**/program/versions/{before.version + 1}")
    assert str(newest(served).program.rates["SALE"]) == {"zh-CN": "0.6", "en": "0.7"}[language]
    assert {"zh-CN": "0.6", "en": "0.7"}[language] in page.locator(".chapters").inner_text()


@BOTH
def test_a_merchandiser_reads_the_program_and_cannot_change_it(window, served, language):
    desk = window("MERCHANDISER", language)
    page = desk.go("/program")
    assert page.locator(".chapters section").count() == 7
    assert page.locator('a[href$="/program/new"]').count() == 0
    assert page.goto(f"{desk.base}/console/program/new").status == 403


@BOTH
def test_an_administrator_creates_an_account_and_finds_it_in_the_log(window, served, language):
    page = window("ADMIN", language).go("/staff/new")
    email = f"new-{language.lower()}@shop.test"
    page.fill("#f-email", email)
    page.fill("#f-password", "a password of theirs")
    page.check('input[value="ANALYST"]')
    page.locator("main form.stack button[type=submit]").click()
    page.wait_for_url("**/staff/stf_*")
    page.goto(page.url.split("/staff/")[0] + "/audit")
    assert email in page.locator("table.rows tbody tr").first.inner_text()
    service = window("SERVICE", language)
    assert service.page.goto(f"{service.base}/console/staff").status == 403

"""The member desk's main tasks, done by clicking, in both languages, by who may and who may not."""

from __future__ import annotations

import re

import pytest

from kernel.paging import Window as Rows
from members.account import accounts_by_id
from members.profile import members_by_id
from staff.audit import audit_page

BOTH = pytest.mark.parametrize("language", ["zh-CN", "en"])


def number_of(served, member: str) -> str:
    with served.play.db.read() as conn:
        return members_by_id(conn, [member])[member].number


def account_of(served, member: str):
    with served.play.db.read() as conn:
        return accounts_by_id(conn, [member])[member]


@BOTH
def test_service_gives_points_after_seeing_the_balance_they_lead_to(window, served, language):
    member = served.play.enrol(f"Dora {language}", points=200)
    page = window("SERVICE", language).go("/members")
    page.fill("#f-search", f"dora {language}")
    page.locator(".filters button[type=submit]").click()
    page.wait_for_url(f"**/members/{number_of(served, member)}")
    page.get_by_role("link", name={"zh-CN": "调整积分", "en": "Adjust points"}[language]).click()
    page.fill("#f-points", "-5")
    page.locator("main form.stack button[type=submit]").click()
    page.wait_for_selector(".field-error")
    assert page.locator(".field-error").count() == 2, "both the number and the missing reason are told"
    page.fill("#f-points", "300")
    page.fill("#f-reason", "快递延误补偿")
    page.locator("main form.stack button[type=submit]").click()
    told = page.locator(".outcome").inner_text()
    assert "500" in told
    assert "200" in told
    assert account_of(served, member).balance == 200
    page.locator("main button[value=edit]").click()
    assert page.input_value("#f-reason") == "快递延误补偿"
    page.locator("main form.stack button[type=submit]").click()
    page.locator("main button[value=confirm]").click()
    page.wait_for_url(re.compile(r"/members/\d+$"))
    assert "+300" in page.locator(".note-success").inner_text()
    assert "快递延误补偿" in page.locator("main").inner_text()
    assert account_of(served, member).balance == 500
    with served.play.db.read() as conn:
        newest = audit_page(conn, Rows(1), member).items[0]
    assert (newest.actor, newest.action, newest.after["available"]) == ("service@shop.test", "adjustPoints", 500)


@BOTH
def test_service_sets_a_tier_and_issues_a_card_whose_code_is_shown_once(window, served, language):
    member = served.play.enrol(f"Emil {language}")
    page = window("SERVICE", language).go(f"/members/{number_of(served, member)}")
    page.locator('a[href$="/tier"]').click()
    page.check('input[value="SVIP"]')
    page.fill("#f-reason", "VIP guest")
    page.locator("main form.stack button[type=submit]").click()
    assert "SVIP" in page.locator(".outcome").inner_text()
    page.locator("main button[value=confirm]").click()
    page.wait_for_url(re.compile(r"/members/\d+$"))
    assert account_of(served, member).tier_code == "SVIP"
    page.locator('a[href$="/gift-card"]').click()
    page.fill("#f-amount", "50")
    page.locator("main form.stack button[type=submit]").click()
    page.locator("main button[value=confirm]").click()
    code = page.locator(".secret code").inner_text()
    page.locator("main .form-end a").click()
    text = page.locator("main").inner_text()
    assert code[-4:] in text
    assert code not in text


@BOTH
def test_service_registers_a_member(window, served, language):
    page = window("SERVICE", language).go("/members")
    page.get_by_role("link", name={"zh-CN": "登记会员", "en": "Register a member"}[language]).click()
    page.fill("#f-phone", {"zh-CN": "13700000001", "en": "13700000002"}[language])
    page.fill("#f-nickname", "韩梅梅")
    page.locator("main form.stack button[type=submit]").click()
    page.wait_for_url(re.compile(r"/members/\d+$"))
    assert "韩梅梅" in page.locator("h1").inner_text()


@BOTH
def test_an_analyst_reads_a_member_without_contacts_and_without_buttons(window, served, language):
    number = number_of(served, served.play.enrol(f"Flo {language}", points=10))
    desk = window("ANALYST", language)
    page = desk.go(f"/members/{number}")
    text = page.locator("main").inner_text()
    assert "13800138000" not in text
    assert page.locator("main .actions a").count() == 0
    answer = page.goto(f"{desk.base}/console/members/{number}/points")
    assert answer.status == 403

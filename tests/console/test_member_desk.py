from __future__ import annotations

import re

import pytest

from checkout.leaving.delete_account import delete_account
from members.profile import members_by_id
from members.register import members_t
from members.tiers.periods import tier_periods_of
from tests.support.console import plain


def number_of(console, member: str) -> str:
    with console.play.db.read() as conn:
        return members_by_id(conn, [member])[member].number


def tier_periods(console, member: str):
    with console.play.db.read() as conn:
        return tier_periods_of(conn, [member])[member]


def send(browser, path: str, **fields: str):
    """Sends the form of the page at this path, with the key that the page carries."""
    key = re.search(r'name="key" value="([^"]+)"', browser.get(path).text)
    return browser.client.post(path, data={"csrf": browser.token, "key": key[1] if key else "", **fields})


@pytest.fixture
def ana(console):
    return console.play.enrol("Ana", points=1_000)


@pytest.fixture
def ana_page(console, ana):
    return f"/console/members/{number_of(console, ana)}"


def test_a_member_is_found_by_number_or_name_at_once(console, ana, ana_page):
    browser = console.as_("SERVICE", "en")
    with console.play.db.write() as tx:
        tx.execute(members_t.update().where(members_t.c.id == ana).values(phone="+8613912345678"))
    for search in (number_of(console, ana), "ana", "5678", "139 1234 5678"):
        assert browser.get(f"/console/members?search={search}").headers["location"] == ana_page
    assert "No member fits" in browser.text("/console/members?search=nobody")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_page_of_a_member_shows_points_tier_and_statement(console, ana, ana_page, language):
    shop = console.play
    shop.stock("mug", "100.00")
    order = shop.sell_and_settle(ana, {"mug": 3})
    words = console.as_("SERVICE", language).text(ana_page)
    assert "1,600" in words
    assert shop.order(order).number in words
    for expected in {"zh-CN": ("购物积分到账", "客服调整积分"), "en": ("Points from a purchase", "Adjusted by")}[
        language
    ]:
        assert expected in words


def test_whoever_may_not_see_contacts_finds_neither_phone_nor_address(console, ana, ana_page):
    service, analyst = console.as_("SERVICE", "en"), console.as_("ANALYST", "en")
    assert "+8613800138000" in service.text(ana_page)
    words = analyst.text(ana_page)
    assert "13800138000" not in words
    assert "neither phone nor address" in words
    assert "Adjust points" not in words
    assert "Phone" not in analyst.text("/console/members")


def test_points_are_adjusted_after_their_outcome_was_shown(console, ana, ana_page):
    browser, shop = console.as_("SERVICE", "en"), console.play
    looked = send(browser, f"{ana_page}/points", direction="take", points="400", reason="Counted twice")
    assert looked.status_code == 200
    assert "600" in plain(looked.text)
    assert "Take 400 points" in plain(looked.text)
    assert shop.points(ana) == 1_000, "looking has changed the balance"
    key = re.search(r'name="key" value="([^"]+)"', looked.text)[1]
    fields = {"csrf": browser.token, "key": key, "direction": "take", "points": "400", "reason": "Counted twice"}
    for _ in range(2):
        done = browser.client.post(f"{ana_page}/points", data={**fields, "step": "confirm"})
        assert done.headers["location"] == ana_page
    assert shop.points(ana) == 600, "the same form sent twice counts once"
    assert "Counted twice" in browser.text(ana_page)
    audit = console.as_("ADMIN", "en").text("/console/audit")
    assert "Counted twice" in audit
    assert "service@shop.test" in audit


def test_more_points_than_there_are_cannot_be_taken_and_the_field_says_so(console, ana, ana_page):
    browser = console.as_("SERVICE", "en")
    answer = send(browser, f"{ana_page}/points", direction="take", points="1001", reason="x")
    assert answer.status_code == 422
    assert 'id="points-error"' in answer.text
    assert "1000 available" in plain(answer.text)
    answer = send(browser, f"{ana_page}/points", direction="give", points="ten", reason="")
    assert 'id="points-error"' in answer.text
    assert 'id="reason-error"' in answer.text


def test_the_tier_shows_its_window_before_it_is_set(console, ana, ana_page):
    browser, shop = console.as_("SERVICE", "en"), console.play
    looked = send(browser, f"{ana_page}/tier", tierCode="VIP", reason="Friend of the house")
    words = plain(looked.text)
    assert "VIP" in words
    assert "1 Jan 2027" in words
    assert shop.account(ana).tier_code == "ORDINARY"
    key = re.search(r'name="key" value="([^"]+)"', looked.text)[1]
    fields = {"csrf": browser.token, "key": key, "tierCode": "VIP", "reason": "Friend of the house", "step": "confirm"}
    for _ in range(2):
        assert browser.client.post(f"{ana_page}/tier", data=fields).status_code == 303
    assert shop.account(ana).tier_code == "VIP"
    assert [period.tier_code for period in tier_periods(console, ana)] == ["ORDINARY", "VIP"]


def test_a_gift_cards_code_is_shown_once_and_the_page_of_the_member_knows_its_end(console, ana, ana_page):
    browser = console.as_("SERVICE", "en")
    looked = send(browser, f"{ana_page}/gift-card", amount="88.5")
    assert "¥88.50" in plain(looked.text)
    assert "No gift cards" in browser.text(ana_page), "looking has made a card"
    key = re.search(r'name="key" value="([^"]+)"', looked.text)[1]
    fields = {"csrf": browser.token, "key": key, "amount": "88.5", "step": "confirm"}
    codes = {
        re.search(r"<code>([A-Z0-9-]+)</code>", browser.client.post(f"{ana_page}/gift-card", data=fields).text)[1]
        for _ in range(2)
    }
    assert len(codes) == 1, "the form sent twice made two cards"
    page = browser.text(ana_page)
    assert f"ending in {codes.pop()[-4:]}" in page
    assert page.count("ending in") == 1
    for wrong in ("", "0", "-1", "1.005", "x"):
        assert 'id="amount-error"' in send(browser, f"{ana_page}/gift-card", amount=wrong).text, wrong


def test_a_member_is_registered_by_phone_and_a_taken_one_is_told_at_the_field(console):
    browser = console.as_("SERVICE", "en")
    answer = send(browser, "/console/members/new", phone="139 1234 5678", nickname="李雷")
    assert answer.status_code == 303
    assert "李雷" in browser.text(answer.headers["location"])
    again = send(browser, "/console/members/new", phone="+8613912345678", nickname="")
    assert again.status_code == 422
    assert 'id="phone-error"' in again.text
    assert browser.get("/console/members?search=13912345678").headers["location"] == answer.headers["location"]
    assert "+86139****5678" in browser.text("/console/members")


def test_nothing_can_be_done_for_a_member_who_left(console, ana, ana_page):
    shop, browser = console.play, console.as_("SERVICE", "en")
    delete_account(shop.shop, ana)
    words = browser.text(ana_page)
    assert "has been erased" in words
    assert "Adjust points" not in words
    for deed in ("points", "tier", "gift-card"):
        assert browser.get(f"{ana_page}/{deed}").status_code == 404


def test_the_whole_statement_goes_page_by_page(console, ana, ana_page):
    for _ in range(30):
        console.play.adjust(ana, 10)
    browser = console.as_("SERVICE", "en")
    assert "All 31 entries" in browser.text(ana_page)
    first = browser.get(f"{ana_page}/statement").text
    onwards = re.search(r'rel="next" href="([^"]+)"', first)[1]
    assert "1,300" in plain(first)
    second = browser.text(onwards.replace("&amp;", "&"))
    assert "1,000" in second
    assert "1,300" not in second

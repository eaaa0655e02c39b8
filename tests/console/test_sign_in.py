from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.sessions import STAFF_LIFETIME
from tests.support.console import PASSWORD, ConsoleShop, hire

PAGE = "/console/"


def test_without_a_session_every_page_leads_to_the_sign_in_and_back(console):
    answer = console.stranger().get("/console/orders?status=PAID")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/console/sign-in?next=%2Fconsole%2Forders%3Fstatus%3DPAID"
    hire(console.play, "ADMIN")
    browser = console.stranger()
    signed_in = browser.send(
        "/console/sign-in", email="admin@shop.test", password=PASSWORD, next="/console/orders?status=PAID"
    )
    assert signed_in.headers["location"] == "/console/orders?status=PAID"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.test/", "//evil.test", "/console//evil.test", "/console/sign-out", "x"]
)
def test_after_the_sign_in_nobody_is_led_elsewhere(console, elsewhere):
    hire(console.play, "ADMIN")
    browser = console.stranger()
    answer = browser.send("/console/sign-in", email="admin@shop.test", password=PASSWORD, next=elsewhere)
    assert answer.headers["location"] == PAGE


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "邮箱或密码错误"), ("en", "is wrong")])
def test_a_wrong_password_is_told_in_the_language_of_the_page(console, language, words):
    hire(console.play, "ADMIN")
    answer = console.stranger(language).send("/console/sign-in", email="admin@shop.test", password="wrong")
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="admin@shop.test"' in answer.text


def test_the_cookie_is_for_the_server_alone(console):
    hire(console.play, "ADMIN")
    answer = console.stranger().send("/console/sign-in", email="admin@shop.test", password=PASSWORD)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/console" in cookie
    assert "Secure" not in cookie


def test_behind_https_the_cookie_never_goes_out_in_the_open(shop):
    console = ConsoleShop(shop, public_url="https://shop.test")
    hire(shop, "ADMIN")
    browser = console.stranger()
    browser.client.base_url = "https://shop.test"
    answer = browser.send("/console/sign-in", email="admin@shop.test", password=PASSWORD)
    console.close()
    assert answer.status_code == 303
    for cookie in answer.headers.get_list("set-cookie"):
        assert "Secure" in cookie


def test_an_ended_session_opens_nothing_from_that_moment_on(console):
    browser = console.as_("ADMIN")
    assert browser.get(PAGE).status_code == 200
    console.end_sessions()
    assert browser.get(PAGE).status_code == 303


def test_a_form_that_was_sent_after_the_session_ended_leads_back_to_what_was_typed(console):
    browser = console.as_("ADMIN", "en")
    browser.get(PAGE)
    console.end_sessions()
    answer = browser.client.post("/console/products/new", data={"csrf": browser.token, "name": "Coat"})
    assert answer.status_code == 401
    assert "Sign in in another tab, then go back" in answer.text
    assert 'href="/console/sign-in" target="_blank"' in answer.text
    assert browser.client.post("/console/sign-out", data={"csrf": browser.token}).status_code == 303


def test_a_script_is_told_by_the_status_that_the_session_has_ended(console):
    browser = console.as_("ADMIN")
    browser.get(PAGE)
    asking = {"Accept": "application/json"}
    assert browser.client.get("/console/session", headers=asking).json() == {"csrf": browser.token}
    console.end_sessions()
    for path in ("/console/session", "/console/sheets/x/progress"):
        assert browser.client.get(path, headers=asking).status_code == 401, path
    assert browser.client.post("/console/offers/figures", data={}).status_code == 401


def test_signing_out_ends_the_session_itself(console):
    browser = console.as_("ADMIN")
    kept = dict(browser.client.cookies)
    assert browser.send("/console/sign-out").headers["location"] == "/console/sign-in"
    other = console.stranger()
    other.client.cookies.update(kept)
    assert other.get(PAGE).status_code == 303


def test_a_session_lasts_for_a_working_day(console):
    browser = console.as_("ADMIN")
    console.play.move(console.play.now + STAFF_LIFETIME - timedelta(seconds=1))
    assert browser.get(PAGE).status_code == 200
    console.play.move(console.play.now + timedelta(seconds=1))
    assert browser.get(PAGE).status_code == 303


def test_a_form_without_the_sessions_own_token_does_nothing(console):
    browser, other = console.as_("ADMIN"), console.as_("SERVICE")
    browser.get(PAGE)
    other.get(PAGE)
    for token in ("", "0" * 64, other.token, "ü"):
        answer = browser.client.post("/console/sign-out", data={"csrf": token})
        assert answer.status_code == 403
    assert browser.get(PAGE).status_code == 200


def test_nobody_is_signed_in_by_a_form_from_elsewhere(console):
    hire(console.play, "ADMIN")
    answer = console.stranger().client.post("/console/sign-in", data={"email": "admin@shop.test", "password": PASSWORD})
    assert answer.status_code == 403


def test_the_language_is_the_browsers_until_somebody_chooses(console):
    browser = console.as_("ADMIN", "en")
    assert '<html lang="en">' in browser.get(PAGE).text
    assert browser.send("/console/language", language="zh-CN", back=PAGE).headers["location"] == PAGE
    assert '<html lang="zh-CN">' in browser.get(PAGE).text
    assert '<html lang="zh-CN">' in console.as_("SERVICE", "fr").get(PAGE).text

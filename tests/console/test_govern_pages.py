"""The audit log, the staff page, one's own account."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest

from catalog.columns import products_t
from catalog.queries import product_by_sku
from console.texts import TEXTS
from members.gift_cards import gift_cards_of
from schema.admin.permissions import RULES
from staff.accounts import everybody
from staff.audit import record
from tests.support.audit_keys import audit_keys
from tests.support.console import PASSWORD, plain


@pytest.fixture
def admin(console):
    browser = console.as_("ADMIN", "en")
    browser.get("/console/")
    return browser


def account(console, email: str):
    with console.play.db.read() as conn:
        return next(each for each in everybody(conn) if each.email == email)


def send(browser, path: str, **fields: str):
    if not browser.token:
        browser.get("/console/")
    return browser.client.post(path, data={"csrf": browser.token, **fields})


def listed(browser, asked: str) -> str:
    """The entries that are found, without the bar of questions above them."""
    return browser.text(f"/console/audit?{asked}").split("Before → after")[1]


def test_the_log_tells_deeds_in_words_with_what_was_before_and_after(console, admin):
    ana = console.play.enrol("Ana", points=500)
    console.play.set_tier(ana, "VIP")
    words = admin.text("/console/audit")
    assert "Adjusted points" in words
    assert "Set the tier" in words
    assert "tier ORDINARY → VIP" in words
    assert "staff@example.com" in words


def test_the_log_is_narrowed_to_a_member_and_to_who_did_it(console, admin):
    ana, bo = console.play.enrol("Ana", points=1), console.play.enrol("Bo", points=2)
    numbers = [
        re.search(r"\d{8}", admin.get(f"/console/members?search={name}").headers["location"])[0]
        for name in ("Ana", "Bo")
    ]
    words = admin.text(f"/console/audit?search={numbers[0]}")
    assert numbers[0] in words
    assert numbers[1] not in words
    assert "Adjusted points" not in listed(admin, "actor=admin@shop.test")
    assert "No entry fits" in admin.text("/console/audit?search=nothing-like-this")
    assert ana != bo


def test_every_kind_of_subject_is_called_by_its_name(console, admin):
    shop = console.play
    ana = shop.enrol("Ana", gift_card="10.00")
    shop.stock("mug", "100.00")
    order = shop.sell(ana, {"mug": 2})
    shop.cash(order)
    back = shop.take_back(order, {"mug": 1}, by="staff")
    shop.publish(shop.document)
    words = admin.text("/console/audit")
    for name in (shop.order(order).number, back.number, "admin@shop.test"):
        assert name in words
    assert 'href="/console/program/versions/2"' in admin.get("/console/audit").text


def test_every_deed_of_the_admin_api_has_words_in_the_log():
    unworded = {name for name in RULES["Mutation"] if f"aud_do_{name}" not in TEXTS}
    assert unworded == set()


def test_every_key_that_a_verb_notes_has_words_in_the_log():
    keys = audit_keys()
    assert {"onHand", "lowStockAt", "trackingNumber", "endedSession", "brokenRows", "qualifyingSpend", "units"} <= keys
    assert {key for key in keys if f"aud_key_{key}" not in TEXTS} == set()


def test_every_kind_of_subject_has_a_word_and_can_be_asked_for(console, admin):
    page = admin.get("/console/audit").text
    for kind in ("mem", "ord", "ret", "stf", "prg", "prd", "var", "cat", "off", "gft", "imp", "out"):
        assert f"aud_of_{kind}" in TEXTS
        assert f'<option value="{kind}">' in page
    console.play.enrol("Ana", points=1)
    assert "Adjusted points" in listed(admin, "kind=mem&action=adjustPoints")
    assert "No entry fits" in admin.text("/console/audit?kind=ord&action=adjustPoints")
    assert "Signed in" in listed(admin, "action=signInStaff")
    assert "Adjusted points" not in listed(admin, "kind=stf")


def note(console, subject_id: str, action: str, before=None, after=None) -> None:
    with console.play.db.write() as tx:
        record(tx, at=console.play.now, actor="x", action=action, subject_id=subject_id, before=before, after=after)


def test_goods_offers_and_cards_are_called_by_their_names_and_lead_to_their_pages(console, admin):
    shop = console.play
    shop.stock("MUG", "100.00")
    shop.offer("MUG-OFFER", "MUG", "10.00", 300)
    ana = shop.enrol("Ana", gift_card="10.00")
    variant, offer = shop.variants["MUG"], shop.offers["MUG-OFFER"]
    with shop.db.read() as conn:
        product = product_by_sku(conn, "MUG", None)
        card = gift_cards_of(conn, ana)[0]
    for id_, action in ((product.id, "saveProduct"), (variant, "adjustStock"), (offer, "saveExchangeOffer")):
        note(console, id_, action, after={"sku": "MUG", "startsAt": "2026-01-01T16:00:00+00:00"})
    note(console, card.id, "issueGiftCard", after={"amount": "10.00", "memberId": ana})
    note(console, "imp_" + "1" * 32, "importCatalog", after={"file": "spring.csv", "rows": 3})
    note(console, "out_" + "1" * 32, "sendAgain", after={"kind": "refund.send", "subject": "x"})
    page = admin.get("/console/audit").text
    for path in (f"/products/{product.id}", f"/stock/{variant}", f"/offers/{offer}"):
        assert f'href="/console{path}"' in page
    words = plain(page)
    assert f"…{card.last_four}" in words
    assert "spring.csv" in words
    assert "Sending a refund" in words
    assert "starts 2 Jan 2026, 00:00" in words, "in the shop's time"
    about_all = {"Saved a product", "Adjusted stock", "Saved an exchange offer"}
    with shop.db.write() as tx:
        tx.execute(products_t.update().where(products_t.c.id == product.id).values(slug="a-mug"))
    # By its SKU, the SKU; by its slug, or words of its name, all of the product.
    for text, about in (("MUG", about_all - {"Saved a product"}), ("a-mug", about_all), ("mug", about_all)):
        found = listed(admin, f"search={text}")
        assert {each for each in (*about_all, "Issued a gift card") if each in found} == about, text


def test_changes_that_are_too_many_to_show_are_counted(console, admin):
    note(console, console.play.enrol("Ana"), "x", after={"note": [{"name": str(n)} for n in range(45)]})
    words = admin.text("/console/audit")
    assert "note · 40 · name 39 and 5 more" in words


def test_an_administrator_creates_an_account_that_signs_in(console, admin):
    path = "/console/staff/new"
    admin.get(path)
    bad = send(admin, path, email="nobody", name="", password="short", role="BOSS")
    assert bad.status_code == 422
    for field in ("email", "password", "role"):
        assert f'id="{field}-error"' in bad.text
    assert "short" not in re.sub(r"<[^>]*>", "", bad.text)
    done = send(admin, path, email="Lin@shop.test", name="林", password="a long password", role="SERVICE")
    assert done.status_code == 303
    assert "林" in admin.text(done.headers["location"])
    signed_in = console.stranger("en").send("/console/sign-in", email="lin@shop.test", password="a long password")
    assert signed_in.status_code == 303
    assert "Created an account" in admin.text("/console/audit")


def test_a_role_is_changed_after_what_it_gives_and_takes_was_shown(console, admin):
    service = console.as_("SERVICE", "en")
    who = account(console, "service@shop.test")
    path = f"/console/staff/{who.id}/role"
    looked = send(admin, path, role="MERCHANDISER")
    words = plain(looked.text)
    assert "change goods" in words
    assert "serve members" in words
    assert account(console, who.email).role == "SERVICE"
    assert service.get("/console/members").status_code == 200
    send(admin, path, role="MERCHANDISER", step="confirm")
    assert service.get("/console/members").status_code == 403, "it holds from the next page on"


def test_the_last_administrator_stays(console, admin):
    me = account(console, "admin@shop.test")
    refused = send(admin, f"/console/staff/{me.id}/deactivate", step="confirm")
    assert refused.status_code == 422
    assert "There must always be one ADMIN" in plain(refused.text)


def test_a_deactivated_account_is_out_at_once_and_can_come_back(console, admin):
    service = console.as_("SERVICE", "en")
    who = account(console, "service@shop.test")
    looked = send(admin, f"/console/staff/{who.id}/deactivate")
    assert "1 ended" in plain(looked.text)
    assert service.get("/console/members").status_code == 200
    send(admin, f"/console/staff/{who.id}/deactivate", step="confirm")
    assert service.get("/console/members").status_code == 303
    refused = console.stranger("en").send("/console/sign-in", email=who.email, password=PASSWORD)
    assert refused.status_code == 422
    send(admin, f"/console/staff/{who.id}/reactivate")
    assert console.as_("SERVICE", "en").get("/console/members").status_code == 200


def test_one_session_or_all_of_an_account_can_be_ended(console, admin):
    first, second = console.as_("SERVICE", "en"), console.as_("SERVICE", "en")
    who = account(console, "service@shop.test")
    page = admin.get(f"/console/staff/{who.id}").text
    session = re.findall(r'name="session" value="([^"]+)"', page)[0]
    send(admin, f"/console/staff/{who.id}/sessions", session=session)
    assert sorted(each.get("/console/members").status_code for each in (first, second)) == [200, 303]
    send(admin, f"/console/staff/{who.id}/sessions")
    assert [each.get("/console/members").status_code for each in (first, second)] == [303, 303]


def test_a_second_factor_is_turned_on_with_a_code_and_asked_for_at_the_next_sign_in(console, admin):
    service = console.as_("SERVICE", "en")
    service.get("/console/account")
    begun = send(service, "/console/account/second-factor")
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", begun.text)[1].replace(" ", "")
    wrong = send(service, "/console/account/second-factor/confirm", code="000000")
    assert wrong.status_code == 422
    assert secret not in wrong.text.replace(" ", "")
    assert 'id="code-error"' in wrong.text
    console.play.later(minutes=30)
    totp = pyotp.TOTP(secret)
    on = send(service, "/console/account/second-factor/confirm", code=totp.at(console.play.now))
    assert on.status_code == 303
    assert "signing in needs a code" in service.text("/console/account")
    without = console.stranger("en").send("/console/sign-in", email="service@shop.test", password=PASSWORD)
    assert without.status_code == 422
    who = account(console, "service@shop.test")
    send(admin, f"/console/staff/{who.id}/second-factor")
    assert account(console, who.email).totp_confirmed_at is None
    console.play.move(console.play.now + timedelta(hours=1))
    assert console.as_("SERVICE", "en").get("/console/members").status_code == 200


@pytest.mark.parametrize("role", ["SERVICE", "MERCHANDISER", "FULFILMENT", "ANALYST"])
def test_staff_and_audit_log_are_for_administrators(console, role):
    browser = console.as_(role, "en")
    start = browser.get("/console/").text
    for path in ("/console/staff", "/console/audit"):
        assert f'href="{path}"' not in start
        assert browser.get(path).status_code == 403
    assert browser.get("/console/account").status_code == 200

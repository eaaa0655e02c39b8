"""The order desk's main tasks, done by clicking, in both languages, by who may and who may not."""

from __future__ import annotations

import pytest

from checkout.queries import orders_by_id, payments_of_orders, returns_of_orders
from kernel.paging import Window as Rows
from members.account import accounts_by_id
from staff.audit import audit_page

BOTH = pytest.mark.parametrize("language", ["zh-CN", "en"])


def order_of(served, order_id):
    with served.play.db.read() as conn:
        return orders_by_id(conn, [order_id])[order_id]


def entries_about(served, subject_id):
    with served.play.db.read() as conn:
        return [(entry.actor, entry.action) for entry in audit_page(conn, Rows(), subject_id).items]


@BOTH
def test_fulfilment_ships_an_order_that_waits(window, served, language):
    play = served.play
    member = play.enrol("Ana")
    order_id = play.buy(member, {"SHIRT": 2})
    number = order_of(served, order_id).number
    page = window("FULFILMENT", language).page
    page.locator("tr", has_text=number).get_by_role("link", name={"zh-CN": "发货", "en": "Ship"}[language]).click()
    page.fill("#f-carrier", "顺丰速运")
    page.fill("#f-trackingNumber", "SF123")
    told = page.locator(".outcome").inner_text()
    assert "400" in told.replace(",", "")
    page.locator("main form.stack button[type=submit]").click()
    page.wait_for_url(f"**/orders/{number}")
    assert number in page.locator(".note-success").inner_text()
    shipped = order_of(served, order_id)
    assert (shipped.status, shipped.carrier, shipped.tracking_number) == ("SHIPPED", "顺丰速运", "SF123")
    assert entries_about(served, order_id) == [("fulfilment@shop.test", "shipOrder")]


@BOTH
def test_service_finds_an_order_by_name_and_sees_no_button_to_ship_it(window, served, language):
    play = served.play
    number = order_of(served, play.buy(play.enrol(f"Ben {language}"), {"SHIRT": 1})).number
    desk = window("SERVICE", language)
    page = desk.go("/orders")
    page.fill("#f-search", f"ben {language}")
    page.locator(".filters button[type=submit]").click()
    page.wait_for_url(f"**/orders/{number}")
    assert page.locator("h1").inner_text().split()[1].startswith(number)
    assert page.locator(f'a[href$="{number}/ship"]').count() == 0
    answer = page.goto(f"{desk.base}/console/orders/{number}/ship")
    assert answer.status == 403
    assert {"zh-CN": "没有权限", "en": "not for your role"}[language] in page.locator("main").inner_text()


@BOTH
def test_service_opens_a_return_after_seeing_what_it_does_and_fulfilment_receives_it(window, served, language):
    play = served.play
    member = play.enrol("Cleo", points=1_000)
    order_id = play.buy(member, {"SHIRT": 2, "SOCKS-OFFER": 1})
    play.cash(order_id)
    play.ship(order_id)
    number = order_of(served, order_id).number
    page = window("SERVICE", language).go(f"/orders/{number}")
    page.locator(f'a[href$="{number}/return"]').click()
    page.locator("input.quantity").nth(0).fill("9")
    page.locator("main form.stack button[type=submit]").click()
    page.wait_for_selector(".field-error")
    assert page.locator(".field-error").count() == 2
    page.locator("input.quantity").nth(0).fill("1")
    page.locator("input.quantity").nth(1).fill("1")
    page.fill("#f-reason", "太大")
    page.locator("main form.stack button[type=submit]").click()
    promised = page.locator(".outcome").inner_text()
    assert "110.00" in promised
    assert "+500" in promised
    page.locator("main form.stack button[type=submit]").click()
    page.wait_for_url(f"**/orders/{number}")
    [asked] = returns(served, order_id)
    assert asked.reason == "太大"

    page = window("FULFILMENT", language).go(f"/returns/{asked.number}")
    page.locator('a[href$="/receive"]').click()
    assert "110.00" in page.locator(".outcome").inner_text()
    page.locator("main form.stack button[type=submit]").click()
    page.wait_for_url(f"**/returns/{asked.number}")
    [done] = returns(served, order_id)
    assert (done.status, done.refund, done.points_returned) == ("COMPLETED", 11_000, 500)
    with play.db.read() as conn:
        assert accounts_by_id(conn, [member])[member].balance == 1_000
    assert [action for _, action in entries_about(served, asked.id)] == ["receiveReturn", "openReturn"]


def returns(served, order_id):
    with served.play.db.read() as conn:
        return returns_of_orders(conn, [order_id])[order_id]


@BOTH
def test_service_rejects_a_return_with_a_reason(window, served, language):
    play = served.play
    order_id = play.buy(play.enrol("Dora"), {"SHIRT": 1})
    play.cash(order_id)
    play.ship(order_id)
    play.return_units(order_id, {"SHIRT": 1})
    [asked] = returns(served, order_id)
    page = window("SERVICE", language).go("/returns?status=REQUESTED")
    page.get_by_role("link", name=asked.number).click()
    page.locator('a[href$="/reject"]').click()
    page.fill("#f-reason", "已使用")
    page.locator("main form.stack button[type=submit]").click()
    page.wait_for_url(f"**/returns/{asked.number}")
    [rejected] = returns(served, order_id)
    assert (rejected.status, rejected.rejection_reason) == ("REJECTED", "已使用")


@BOTH
def test_cash_is_recorded_once_however_often_the_button_is_pressed(window, served, language):
    play = served.play
    order_id = play.buy(play.enrol("Ed"), {"SHIRT": 1})
    number = order_of(served, order_id).number
    page = window("FULFILMENT", language).go(f"/orders/{number}/cash")
    page.locator("main form.stack button[type=submit]").dblclick()
    page.wait_for_url(f"**/orders/{number}")
    with play.db.read() as conn:
        assert payments_of_orders(conn, [order_id])[order_id].status == "SUCCEEDED"
    assert len(entries_about(served, order_id)) == 1


@BOTH
def test_an_analyst_sees_orders_without_names_and_phones(window, served, language):
    play = served.play
    order_id = play.buy(play.enrol("Fay"), {"SHIRT": 1})
    number = order_of(served, order_id).number
    desk = window("ANALYST", language)
    assert "Fay" not in desk.go("/orders").locator("main").inner_text()
    words = desk.go(f"/orders/{number}").locator("main").inner_text()
    assert "Fay" not in words
    assert "13800138000" not in words
    assert desk.page.locator("main .actions a").count() == 0

"""The order desk's pages beyond what the browser clicks through."""

from __future__ import annotations

from api.settings import Settings
from api.wiring import open_services
from checkout.payments.gateway import ProviderRefundState
from checkout.returns.records import returns_t
from console.texts import TEXTS
from kernel.outbox import enqueue, outbox_t
from members.register import members_t
from members.tables import EntryKind


def paid_online(shop):
    shop.stock("SHIRT", "100.00")
    order = shop.reserve(shop.enrol("Ana"), {"SHIRT": 2})
    shop.pay(order)
    return order


def test_an_order_tells_why_it_costs_what_it_costs_and_what_comes_by_itself(console):
    shop = console.play
    shop.stock("SHIRT", "100.00")
    order = shop.buy(shop.enrol("Ana", tier="SVIP"), {"SHIRT": 1})
    shop.ship(order)
    words = console.as_("SERVICE", "en").text(f"/console/orders/{shop.order(order).number}")
    assert "SVIP price: regular price × 0.95" in words
    assert "−CN¥5.00" in words
    assert "31 Jan 2026, 09:00 · by itself Settles" in words
    assert "380 points become available" in words


def test_a_swap_says_that_money_and_points_stay(console):
    shop = console.play
    shop.stock("SHIRT", "100.00")
    order = shop.sell(shop.enrol("Ana"), {"SHIRT": 1})
    browser = console.as_("SERVICE", "en")
    path = f"/console/orders/{shop.order(order).number}/return"
    fields = {"step": "look", "kind": "SWAP", "reason": "too large", "lines.0.quantity": "1", "key": "k1"}
    answer = browser.send(path, **fields)
    assert answer.status_code == 200
    assert "Money and points stay as they are" in answer.text
    assert shop.order(order).status == "SHIPPED"


def test_a_return_confirmed_twice_is_opened_once(console):
    shop = console.play
    shop.stock("SHIRT", "100.00")
    order = shop.sell(shop.enrol("Ana"), {"SHIRT": 3})
    browser = console.as_("SERVICE", "en")
    path = f"/console/orders/{shop.order(order).number}/return"
    fields = {"step": "confirm", "kind": "REFUND", "reason": "x", "lines.0.quantity": "1", "key": "the same"}
    assert browser.send(path, **fields).status_code == 303
    assert browser.send(path, **fields).status_code == 303
    page = browser.text(f"/console/orders/{shop.order(order).number}")
    assert page.count("Refund R") == 1


def test_everything_wrong_with_a_return_is_told_at_once_beside_its_field(console):
    shop = console.play
    for sku in ("A", "B"):
        shop.stock(sku, "10.00")
    order = shop.sell(shop.enrol("Ana"), {"A": 1, "B": 1})
    fields = {"step": "look", "kind": "REFUND", "reason": " ", "lines.0.quantity": "0", "lines.1.quantity": "7"}
    answer = console.as_("SERVICE", "en").send(f"/console/orders/{shop.order(order).number}/return", **fields)
    assert answer.status_code == 422
    assert 'id="reason-error">This cannot be empty.' in answer.text
    assert 'id="lines.1.quantity-error">At most 1 can be returned.' in answer.text


def test_staff_open_a_return_after_the_members_time_is_over(console):
    shop = console.play
    shop.stock("SHIRT", "100.00")
    order = shop.sell_and_settle(shop.enrol("Ana"), {"SHIRT": 1})
    shop.days_later(60)
    fields = {"step": "look", "kind": "REFUND", "reason": "broken", "lines.0.quantity": "1"}
    answer = console.as_("SERVICE", "en").send(f"/console/orders/{shop.order(order).number}/return", **fields)
    assert answer.status_code == 200
    assert "CN¥100.00" in answer.text


def test_a_return_says_that_unrecorded_cash_is_not_paid_out(console):
    shop = console.play
    shop.stock("SHIRT", "100.00")
    order = shop.buy(shop.enrol("Ana"), {"SHIRT": 2})
    shop.ship(order)
    fields = {"step": "look", "kind": "REFUND", "reason": "x", "lines.0.quantity": "1"}
    answer = console.as_("SERVICE", "en").send(f"/console/orders/{shop.order(order).number}/return", **fields)
    assert "nothing is paid out" in answer.text


def test_a_search_that_fits_one_order_leads_to_it(console):
    shop = console.play
    shop.stock("SHIRT", "100.00")
    number = shop.order(shop.buy(shop.enrol("Ana"), {"SHIRT": 1})).number
    answer = console.as_("FULFILMENT").get(f"/console/orders?search={number}")
    assert answer.headers["location"] == f"/console/orders/{number}"


def test_a_return_is_found_by_its_number_and_led_to_at_once(console):
    shop = console.play
    shop.stock("SHIRT", "100.00")
    ana = shop.enrol("Ana")
    asked = [shop.return_units(shop.sell(ana, {"SHIRT": 1}), {"SHIRT": 1}) for _ in range(2)]
    numbers = [shop.returned(each).number for each in asked]
    browser = console.as_("FULFILMENT", "en")
    for text in (numbers[0], numbers[0].lower(), shop.order(shop.returned(asked[0]).order_id).number):
        answer = browser.get(f"/console/returns?search={text}")
        assert answer.headers["location"] == f"/console/returns/{numbers[0]}"
    listed = browser.text("/console/returns?search=8000")
    assert "2 in all" in listed
    assert all(number in listed for number in numbers)
    assert "No return fits" in browser.text("/console/returns?search=nothing")
    assert "No return fits" in console.as_("ANALYST", "en").text("/console/returns?search=8000")


def test_orders_and_returns_lead_to_the_member_where_the_role_may_see_members(console):
    shop = console.play
    shop.stock("SHIRT", "100.00")
    order = shop.sell(shop.enrol("Ana"), {"SHIRT": 1})
    asked = shop.returned(shop.return_units(order, {"SHIRT": 1}))
    service, fulfilment = console.as_("SERVICE", "en"), console.as_("FULFILMENT", "en")
    number = service.get("/console/members?search=Ana").headers["location"].rpartition("/")[2]
    pages = ("/orders", f"/orders/{shop.order(order).number}", "/returns", f"/returns/{asked.number}")
    for path in pages:
        link = f'href="/console/members/{number}"'
        assert link in service.get(f"/console{path}").text, path
        assert link not in fulfilment.get(f"/console{path}").text, path


def test_a_whole_phone_lists_the_members_orders_and_the_way_to_all_others(console):
    shop = console.play
    shop.stock("SHIRT", "100.00")
    ana = shop.enrol("Ana")
    with shop.db.write() as tx:
        tx.execute(members_t.update().where(members_t.c.id == ana).values(phone="+8613800138000"))
    for _ in range(2):
        shop.buy(ana, {"SHIRT": 1})
    browser = console.as_("SERVICE", "en")
    words = browser.text("/console/orders?search=13800138000")
    assert "These are the orders of the member" in words
    page = browser.get("/console/orders?search=13800138000").text
    assert "search=13800138000&amp;everywhere=yes" in page
    assert "2 in all" in browser.text("/console/orders?search=13800138000&everywhere=yes")


def test_a_long_list_is_turned_page_by_page_and_back(console):
    shop = console.play
    shop.stock("SHIRT", "1.00")
    ana = shop.enrol("Ana")
    orders = []
    for _ in range(30):
        shop.later(minutes=1)
        orders.append(shop.order(shop.buy(ana, {"SHIRT": 1})).number)
    browser = console.as_("SERVICE", "en")
    first = browser.get("/console/orders?status=PAID")
    link = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "status=PAID" in link
    second = browser.get(link)
    assert orders[0] in second.text
    assert orders[-1] not in second.text
    back = second.text.split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&")
    assert orders[-1] in browser.get(back).text
    # A cursor that nobody handed out gives the first page.
    assert orders[-1] in browser.get("/console/orders?after=nonsense").text


def test_a_failed_refund_is_listed_explained_and_sent_again_from_the_console(console):
    shop = console.play
    order = paid_online(shop)
    shop.ship(order)
    asked = shop.return_units(order, {"SHIRT": 1})
    shop.gateway.bank_says = ProviderRefundState.FAILED
    shop.receive(asked)
    shop.deliver()
    assert [refund.status for refund in shop.refunds(order)] == ["FAILED"]
    browser = console.as_("FULFILMENT", "en")
    assert "A refund that failed" in browser.text("/console/")
    listed = browser.get("/console/trouble")
    assert "What to do" in listed.text
    refund = shop.refunds(order)[0]
    assert f"/console/trouble/refunds/{refund.id}" in listed.text
    shop.gateway.bank_says = ProviderRefundState.SUCCEEDED
    answer = browser.send(f"/console/trouble/refunds/{refund.id}")
    assert answer.headers["location"] == "/console/trouble"
    shop.deliver()
    assert sorted(each.status for each in shop.refunds(order)) == ["FAILED", "SUCCEEDED"]
    assert "All is well" in browser.text("/console/trouble")


def test_a_refund_paid_out_by_hand_needs_a_note(console):
    shop = console.play
    order = paid_online(shop)
    shop.ship(order)
    shop.gateway.bank_says = ProviderRefundState.FAILED
    shop.receive(shop.return_units(order, {"SHIRT": 1}))
    shop.deliver()
    refund = shop.refunds(order)[0]
    browser = console.as_("FULFILMENT", "en")
    path = f"/console/trouble/refunds/{refund.id}/paid-out"
    answer = browser.send(path, note="")
    assert answer.status_code == 422
    assert "This cannot be empty." in answer.text
    assert browser.send(path, note="bank transfer 123").status_code == 303
    assert [each.status for each in shop.refunds(order)] == ["PAID_OUT"]


def test_every_message_that_can_be_set_aside_has_words_in_both_languages(tmp_path, database_url):
    settings = Settings(database_url=database_url, secret_key="k" * 40, media_root=str(tmp_path))
    services = open_services(settings)
    services.db.close()
    assert len(services.handlers) >= 6
    assert {kind for kind in services.handlers if f"message_{kind}" not in TEXTS} == set()


def test_a_message_set_aside_says_in_words_what_it_was_for(console):
    shop = console.play
    with shop.db.write() as tx:
        for kind in ("refund.send", "of.a.later.version"):
            enqueue(tx, kind, "key", {}, subject_id="x", now=shop.now)
        tx.execute(outbox_t.update().values(set_aside_at=shop.now, problem="unexpected"))
    words = console.as_("FULFILMENT", "en").text("/console/trouble")
    assert "Sending a refund" in words
    assert "refund.send" not in words
    assert "of.a.later.version" in words, "what has no words yet is shown all the same"


def test_what_staff_noted_of_returned_goods_is_shown_with_who_received_them(console):
    shop = console.play
    shop.stock("SHIRT", "100.00")
    order = shop.sell(shop.enrol("Ana"), {"SHIRT": 1})
    asked = shop.return_units(order, {"SHIRT": 1})
    number = shop.returned(asked).number
    fulfilment = console.as_("FULFILMENT", "en")
    assert "The goods" not in fulfilment.text(f"/console/returns/{number}")
    fulfilment.send(f"/console/returns/{number}/receive", restock="no", note="a hole in the sleeve")
    paths = (f"/console/returns/{number}", f"/console/orders/{shop.order(order).number}")
    for path in paths:
        words = fulfilment.text(path)
        assert "a hole in the sleeve" in words, path
        assert "Cannot be sold again" in words, path
        assert "fulfilment@shop.test" in words, path
    for path in paths:
        words = console.as_("ANALYST", "en").text(path)
        assert "Cannot be sold again" in words, path
        assert "@" not in words.replace("analyst@shop.test", ""), path


def test_an_order_tells_of_returns_rejected_and_withdrawn_and_who_rejected(console):
    shop = console.play
    shop.stock("SHIRT", "100.00")
    order = shop.sell(shop.enrol("Ana"), {"SHIRT": 2})
    rejected, withdrawn = (shop.return_units(order, {"SHIRT": 1}) for _ in range(2))
    shop.days_later(1)
    service = console.as_("SERVICE", "en")
    service.send(f"/console/returns/{shop.returned(rejected).number}/reject", reason="worn for a month")
    shop.later(minutes=5)
    shop.withdraw(withdrawn)
    words = service.text(f"/console/orders/{shop.order(order).number}")
    number = shop.returned(rejected).number
    assert f"2 Jan 2026, 09:00 Refund {number} rejected worn for a month service@shop.test" in words
    assert f"2 Jan 2026, 09:05 Refund {shop.returned(withdrawn).number} withdrawn by the member" in words
    assert "2 Jan 2026, 09:00 service@shop.test" in service.text(f"/console/returns/{number}")
    with shop.db.write() as tx:
        tx.execute(returns_t.update().values(closed_at=None))
    words = service.text(f"/console/orders/{shop.order(order).number}")
    assert "Time not noted Refund" in words, "it was closed before that was noted"


def test_an_order_tells_of_goods_received_and_of_a_refund_paid_out_by_hand_with_its_receipt(console):
    shop = console.play
    order = paid_online(shop)
    shop.ship(order)
    asked = shop.return_units(order, {"SHIRT": 1})
    shop.gateway.bank_says = ProviderRefundState.FAILED
    browser = console.as_("FULFILMENT", "en")
    number, path = shop.returned(asked).number, f"/console/orders/{shop.order(order).number}"
    browser.send(f"/console/returns/{number}/receive", restock="yes", note="")
    assert f"Goods of Refund {number} received, refund on its way Back into stock fulfilment@shop.test" in browser.text(
        path
    )
    shop.deliver()
    refund = shop.refunds(order)[0]
    shop.later(minutes=5)
    browser.send(f"/console/trouble/refunds/{refund.id}/paid-out", note="bank transfer 123")
    words = browser.text(path)
    assert "paid out by hand bank transfer 123 fulfilment@shop.test" in words
    assert f"Refund {number} completed" in words
    assert "bank transfer 123 · fulfilment@shop.test" in browser.text(f"/console/returns/{number}")


def test_the_start_page_adds_up_what_happened(console):
    shop = console.play
    shop.stock("SHIRT", "100.00")
    ana = shop.enrol("Ana", points=500)
    shop.sell_and_settle(ana, {"SHIRT": 1})
    shop.sell(ana, {"SHIRT": 2})
    words = console.as_("ADMIN", "en").text("/console/?days=91")
    assert "Sales today CN¥200.00" in words
    assert "Sales in this time CN¥300.00 2 orders" in words
    assert "Points issued 200" in words
    assert [entry.kind for entry in shop.entries(ana)].count(EntryKind.EARNED) == 1
    # 500 adjusted, 200 earned, 400 to come.
    assert "Points outstanding 1,100 worth CN¥22.00" in words
    assert "60.0%" in words


def test_a_program_with_other_tiers_than_the_target_names_has_no_target(console):
    console.site.index_view._tier_target = ()
    words = console.as_("ANALYST", "en").text("/console/")
    assert "Members by tier" in words
    assert "Target" not in words

from __future__ import annotations

import pytest

from checkout import finding
from checkout.finding import OrderSearch, find_orders, find_returns
from kernel.paging import Window
from members.addresses import SaveAddress, save_address
from members.profile import members_by_id
from members.register import register
from tests.support.catalog import statements


@pytest.fixture
def two(shop):
    """Orders of Ana, who has a phone, and Bo, whose parcel goes to somebody else."""
    shop.stock("SHIRT", "100.00")
    with shop.db.write() as tx:
        ana = register(tx, "+8613912345678", "Ana", program=shop.program, now=shop.now)
        shop.addresses[ana] = save_address(
            tx, ana, SaveAddress(recipient="安娜", phone="+8613912345678", region="上海", line="1")
        )
    bo = shop.enrol("Bo")
    with shop.db.write() as tx:
        shop.addresses[bo] = save_address(
            tx, bo, SaveAddress(recipient="王小明", phone="+8613700001111", region="北京", line="2")
        )
    first = shop.buy(ana, {"SHIRT": 1})
    shop.at("2026-01-02T09:00")
    return {"ana": first, "bo": shop.buy(bo, {"SHIRT": 1})}


def find(shop, two, **search):
    names = {order_id: name for name, order_id in two.items()}
    with shop.db.read() as conn:
        found = find_orders(conn, Window(), OrderSearch(**search))
    orders = [names[order.id] for order in found.page.items]
    assert (found.count, found.more) == (len(orders), False)
    return orders


def test_without_a_question_all_orders_are_found_newest_first(shop, two):
    assert find(shop, two) == ["bo", "ana"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("安娜", ["ana"]),
        ("ana", ["ana"]),
        ("小明", ["bo"]),
        ("139 1234 5678", ["ana"]),
        ("+86 137-0000-1111", ["bo"]),
        ("5678", ["ana"]),
        ("1111", ["bo"]),
        ("%", []),
        ("nobody", []),
    ],
)
def test_an_order_is_found_by_who_ordered_or_receives_it(shop, two, text, who):
    assert find(shop, two, text=text) == who


def test_an_order_is_found_by_its_number_and_by_how_it_begins(shop, two):
    number = shop.order(two["ana"]).number
    assert find(shop, two, text=number) == ["ana"]
    assert find(shop, two, text=number.lower()) == ["ana"]
    assert find(shop, two, text="20260102-") == ["bo"]


def test_whoever_may_not_see_contacts_finds_nothing_by_them(shop, two):
    for text in ("安娜", "Ana", "13912345678", "1111"):
        assert find(shop, two, text=text, by_contact=False) == []
    assert find(shop, two, text=shop.order(two["bo"]).number, by_contact=False) == ["bo"]


def test_orders_are_narrowed_by_state_and_by_when_they_were_placed(shop, two):
    shop.ship(two["ana"])
    assert find(shop, two, status="SHIPPED") == ["ana"]
    midnight = shop.local("2026-01-02T00:00")
    assert find(shop, two, placed_from=midnight) == ["bo"]
    assert find(shop, two, placed_before=midnight) == ["ana"]


def test_a_whole_order_number_is_looked_up_and_not_looked_for(shop, two):
    number = shop.order(two["ana"]).number
    with shop.db.read() as conn, statements(shop.db.engines[1]) as seen:
        found = find_orders(conn, Window(), OrderSearch(text=number.lower()))
    assert (found.exact, found.page.items[0].number) == (True, number)
    assert len(seen) == 1
    assert "LIKE" not in seen[0].upper()


@pytest.mark.parametrize("text", ["number", "139 1234 5678"])
def test_the_whole_number_or_phone_of_a_member_finds_the_members_orders_by_their_index(shop, two, text):
    with shop.db.read() as conn:
        member = members_by_id(conn, [shop.order(two["ana"]).member_id])
    text = next(iter(member.values())).number if text == "number" else text
    with shop.db.read() as conn, statements(shop.db.engines[1]) as seen:
        found = find_orders(conn, Window(), OrderSearch(text=text))
    assert found.exact
    assert [order.id for order in found.page.items] == [two["ana"]]
    assert not any("LIKE" in each.upper() for each in seen)


def test_a_members_phone_is_looked_for_everywhere_if_that_is_asked_for(shop, two):
    with shop.db.write() as tx:
        register(tx, "+8613700001111", "Xiaoming", program=shop.program, now=shop.now)
    # The member with this phone has no orders; somebody else's parcel goes there.
    assert find(shop, two, text="13700001111") == ["bo"]
    with shop.db.read() as conn:
        found = find_orders(conn, Window(), OrderSearch(text="13912345678", everywhere=True))
    assert ([order.id for order in found.page.items], found.exact) == ([two["ana"]], False)


def test_a_list_with_one_page_is_counted_by_reading_it_and_a_longer_one_only_so_far(shop, two, monkeypatch):
    with shop.db.read() as conn, statements(shop.db.engines[1]) as seen:
        assert find_orders(conn, Window(), OrderSearch(text="2026", everywhere=True)).count == 2
    assert not any("count(" in each for each in seen)
    with shop.db.read() as conn:
        found = find_orders(conn, Window(1), OrderSearch(text="2026", everywhere=True))
        assert (len(found.page.items), found.count, found.more) == (1, 2, False)
        monkeypatch.setattr(finding, "MOST_COUNTED", 1)
        found = find_orders(conn, Window(1), OrderSearch(text="2026", everywhere=True))
        assert (len(found.page.items), found.count, found.more) == (1, 1, True)
        assert find_orders(conn, Window(1), OrderSearch()).count == 2, "a list nobody searched is counted whole"


@pytest.mark.parametrize("text", ["its number", "its order's number", "139 1234 5678", "5678", "安娜"])
def test_a_return_is_found_by_its_number_its_order_and_who_ordered_or_receives_it(shop, two, text):
    for order in two.values():
        shop.ship(order)
    asked = {name: shop.return_units(order, {"SHIRT": 1}) for name, order in two.items()}
    number, order = shop.returned(asked["ana"]).number, shop.order(two["ana"]).number
    text = {"its number": number.lower(), "its order's number": order}.get(text, text)
    with shop.db.read() as conn:
        found = find_returns(conn, Window(), text)
        assert [each.id for each in found.page.items] == [asked["ana"]]
        assert found.exact == (text == number.lower())
        assert find_returns(conn, Window(), text, "COMPLETED").count == 0
        assert find_returns(conn, Window(), status="REQUESTED").count == 2
        by_number = text in (number.lower(), order)
        assert find_returns(conn, Window(), text, by_contact=False).count == by_number

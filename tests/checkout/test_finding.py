from __future__ import annotations

import pytest

from checkout.finding import OrderSearch, found_count, found_orders
from kernel.paging import Window
from members.addresses import SaveAddress, save_address
from members.register import register


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
        found = [names[order.id] for order in found_orders(conn, Window(), OrderSearch(**search)).items]
        assert found_count(conn, OrderSearch(**search)) == len(found)
    return found


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

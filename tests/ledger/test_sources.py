"""Every entry names its cause, and no cause is booked twice (R9)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from checkout.refusals import InsufficientPoints
from kernel.refusals import IdempotencyConflict
from members.book import open_book, write_books
from members.ledger.posting import post
from members.tables import EntryKind
from tests.support.shop import refused

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _book(shop, member, *sources):
    with shop.db.write() as tx:
        book = open_book(tx, member)
        for source in sources:
            post(book, EntryKind.GRANTED, 5, at=NOW, source=source)
        write_books(tx, [book])


def test_one_cause_is_booked_once(shop):
    ana = shop.enrol("Ana", points=100)
    _book(shop, ana, "birthday:2026")
    with pytest.raises(IntegrityError):
        _book(shop, ana, "birthday:2026")
    with pytest.raises(IntegrityError):
        _book(shop, ana, "birthday:2027", "birthday:2027")
    assert shop.ledger(ana) == [("ADJUSTED", 100), ("GRANTED", 5)]
    assert shop.points(ana) == 105


def test_the_same_cause_of_two_members_is_two_causes(shop):
    for name in ("Ana", "Bea"):
        _book(shop, shop.enrol(name), "birthday:2026")


def test_nothing_is_booked_for_no_points(shop):
    ana = shop.enrol("Ana")
    with shop.db.write() as tx:
        book = open_book(tx, ana)
        post(book, EntryKind.GRANTED, 0, at=NOW, source="nothing")
        write_books(tx, [book])
    assert shop.ledger(ana) == []


def test_each_entry_says_what_stands_after_it(shop):
    shop.stock("shirt", "199.00")
    shop.offer("shirt+", "shirt", "169.00", 1500)
    ana = shop.enrol("Ana", points=2000)
    order = shop.sell_and_settle(ana, {"shirt+": 1})
    shop.take_back(order, {"shirt+": 1}, by="staff")
    entries = shop.entries(ana)
    assert [(e.seq, e.kind, e.points, e.balance_after) for e in entries] == [
        (1, "ADJUSTED", 2000, 2000),
        (2, "HELD", -1500, 500),
        (3, "EARNED", 338, 838),
        (4, "RETURNED", 1500, 2338),
        (5, "REVERSED", -338, 2000),
    ]
    assert {e.order_id for e in entries[1:]} == {order}
    assert entries[0].note == "test"
    assert [e.return_id is not None for e in entries] == [False, False, False, True, True]
    assert len({e.source for e in entries}) == 5


def test_an_adjustment_sent_twice_is_made_once(shop):
    ana, bea = shop.enrol("Ana"), shop.enrol("Bea")
    shop.adjust(ana, 100, key="k")
    shop.adjust(ana, 100, key="k")
    assert shop.ledger(ana) == [("ADJUSTED", 100)]
    with refused(IdempotencyConflict):
        shop.adjust(ana, 101, key="k")
    with refused(IdempotencyConflict):
        shop.adjust(bea, 100, key="k")


def test_no_more_is_taken_away_than_is_there(shop):
    ana = shop.enrol("Ana", points=100)
    with refused(InsufficientPoints) as told:
        shop.adjust(ana, -101)
    assert (told.the(InsufficientPoints).required, told.the(InsufficientPoints).available) == (101, 100)
    shop.adjust(ana, -100)
    assert shop.points(ana) == 0


def test_a_return_asked_for_twice_with_one_key_is_one_return(shop):
    shop.stock("shirt", "199.00")
    order = shop.sell(shop.enrol("Ana"), {"shirt": 2})
    asked = shop.return_units(order, {"shirt": 1}, key="k")
    assert shop.return_units(order, {"shirt": 1}, key="k") == asked
    with refused(IdempotencyConflict):
        shop.return_units(order, {"shirt": 2}, key="k")
    assert shop.return_units(order, {"shirt": 1}, key="k", by="staff") != asked

"""When points and spend count: thirty days after shipping, for what has been kept (R4)."""

from __future__ import annotations


def test_points_and_spend_count_when_the_order_settles_and_not_before(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.buy(ana, {"shirt": 2})
    assert (shop.pending(ana).pending_points, shop.pending(ana).pending_spend) == (796, 39800)
    shop.days_later(3)
    shop.ship(order)
    shop.later(days=30, seconds=-1)
    assert (shop.points(ana), shop.spend(ana), shop.expiry(ana)) == (0, "0.00", None)
    shop.later(seconds=1)
    assert (shop.points(ana), shop.spend(ana)) == (796, "398.00")
    assert shop.pending(ana).pending_points == 0
    assert shop.expiry(ana) == "2027-02-04T00:00"
    assert shop.order(order).status == "SETTLED"


def test_what_earns_nothing_settles_without_an_entry_and_its_spend_counts(shop):
    shop.stock("lamp", "129.00", third_party=True)
    ana = shop.enrol("Ana", points=100)
    shop.days_later(1)
    shop.sell_and_settle(ana, {"lamp": 1})
    assert shop.ledger(ana) == [("ADJUSTED", 100)]
    assert shop.spend(ana) == "129.00"
    assert shop.expiry(ana) == "2027-01-02T00:00"


def test_shipping_neither_earns_nor_counts(db):
    from tests.support.programs import retail
    from tests.support.shop import PlayShop

    shop = PlayShop(db, document=retail())
    shop.stock("mug", "10.00")
    ana = shop.enrol("Ana")
    order = shop.sell_and_settle(ana, {"mug": 1})
    assert shop.order(order).due == 1395
    assert (shop.points(ana), shop.spend(ana)) == (20, "10.00")


def test_settlement_covers_what_has_not_been_returned(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.sell(ana, {"shirt": 2})
    shop.days_later(5)
    outcome = shop.take_back(order, {"shirt": 1})
    assert (outcome.refund, outcome.pending_points_reversed) == (19900, 398)
    shop.days_later(25)
    assert shop.ledger(ana) == [("EARNED", 398)]
    assert shop.spend(ana) == "199.00"


def test_what_was_returned_whole_never_settles(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.sell(ana, {"shirt": 1})
    shop.take_back(order, {"shirt": 1})
    shop.days_later(31)
    assert shop.ledger(ana) == []
    assert (shop.spend(ana), shop.order(order).status, shop.order(order).settled_at) == ("0.00", "RETURNED", None)


def test_an_open_return_holds_settlement_until_it_is_finished_and_then_it_happens_at_once(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.sell(ana, {"shirt": 2})
    shop.days_later(29)
    asked = shop.return_units(order, {"shirt": 1})
    shop.days_later(10)
    assert shop.ledger(ana) == []
    shop.receive(asked)
    assert shop.ledger(ana) == [("EARNED", 398)]
    assert shop.order(order).settled_at == shop.now


def test_a_return_that_was_withdrawn_or_rejected_lets_the_order_settle_whole(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    first, second = shop.sell(ana, {"shirt": 1}), shop.sell(ana, {"shirt": 1})
    shop.days_later(29)
    withdrawn, rejected = shop.return_units(first, {"shirt": 1}), shop.return_units(second, {"shirt": 1})
    shop.days_later(10)
    shop.withdraw(withdrawn)
    shop.reject(rejected)
    assert shop.ledger(ana) == [("EARNED", 398), ("EARNED", 398)]


def test_two_open_returns_hold_settlement_until_both_are_finished(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.sell(ana, {"shirt": 3})
    shop.days_later(29)
    one, other = shop.return_units(order, {"shirt": 1}), shop.return_units(order, {"shirt": 1}, kind="SWAP")
    shop.days_later(10)
    shop.receive(one)
    assert shop.order(order).status == "SHIPPED"
    shop.receive(other)
    assert shop.order(order).status == "SETTLED"


def test_a_return_finished_in_time_leaves_settlement_at_its_own_instant(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.sell(ana, {"shirt": 2})
    settles_at = shop.order(order).settles_at
    shop.days_later(10)
    shop.take_back(order, {"shirt": 1})
    shop.days_later(40)
    shop.points(ana)
    assert shop.order(order).settled_at == settles_at

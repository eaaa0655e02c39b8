"""How long points live under `sliding_account`: one expiry for the whole balance (R5, R7)."""

from __future__ import annotations


def test_settling_purchase_points_gives_the_whole_balance_another_year(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana", points=500)
    assert shop.expiry(ana) == "2027-01-02T00:00"
    shop.days_later(100)
    shop.sell_and_settle(ana, {"shirt": 1})
    assert (shop.points(ana), shop.expiry(ana)) == (898, "2027-05-12T00:00")


def test_given_points_do_not_move_an_expiry(shop):
    ana = shop.enrol("Ana", points=500)
    shop.days_later(100)
    shop.adjust(ana, 500)
    assert shop.expiry(ana) == "2027-01-02T00:00"


def test_given_points_set_an_expiry_where_no_points_were_held(shop):
    ana = shop.enrol("Ana", points=500)
    shop.days_later(100)
    shop.adjust(ana, -500)
    assert shop.expiry(ana) == "2027-01-02T00:00"
    shop.adjust(ana, 10)
    assert shop.expiry(ana) == "2027-04-12T00:00"


def test_the_balance_is_gone_at_the_first_instant_after_the_year(shop):
    ana = shop.enrol("Ana", points=500)
    shop.at("2027-01-01T23:59:59")
    assert shop.points(ana) == 500
    shop.at("2027-01-02T00:00:00")
    assert shop.ledger(ana) == [("ADJUSTED", 500), ("EXPIRED", -500)]
    assert shop.expiry(ana) is None
    assert shop.entries(ana)[-1].occurred_at == shop.local("2027-01-02T00:00")


def test_an_empty_account_only_loses_its_expiry(shop):
    ana = shop.enrol("Ana", points=500)
    shop.adjust(ana, -500)
    shop.at("2027-01-03T00:00")
    assert shop.expiry(ana) is None
    assert shop.ledger(ana) == [("ADJUSTED", 500), ("ADJUSTED", -500)]


def test_a_purchase_in_time_saves_the_balance(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana", points=800)
    shop.at("2027-01-01T23:59")
    order = shop.buy(ana, {"shirt": 1})
    shop.days_later(20)
    assert (shop.points(ana), shop.expiry(ana)) == (800, "2027-01-02T00:00")
    assert shop.pending(ana).waits
    shop.ship(order)
    shop.days_later(30)
    assert (shop.points(ana), shop.expiry(ana)) == (1198, "2028-02-21T00:00")


def test_a_purchase_at_the_instant_of_the_expiry_comes_too_late(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana", points=800)
    shop.at("2027-01-02T00:00")
    shop.buy(ana, {"shirt": 1})
    assert shop.points(ana) == 0


def test_an_order_that_earns_nothing_saves_nothing(shop):
    shop.stock("lamp", "129.00", third_party=True)
    ana = shop.enrol("Ana", points=800)
    shop.at("2027-01-01T12:00")
    shop.buy(ana, {"lamp": 1})
    shop.at("2027-01-02T00:00")
    assert shop.points(ana) == 0


def test_an_order_paid_after_the_expiry_does_not_save_it_although_it_was_placed_before(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana", points=800)
    shop.at("2027-01-01T23:45")
    order = shop.reserve(ana, {"shirt": 1})
    shop.at("2027-01-02T00:05")
    assert shop.pay(order)
    assert shop.ledger(ana) == [("ADJUSTED", 800), ("EXPIRED", -800)]


def test_the_purchase_that_did_not_save_it(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana", points=800)
    shop.at("2027-01-01T12:00")
    order = shop.buy(ana, {"shirt": 1})
    shop.days_later(10)
    shop.cancel(order)
    assert shop.ledger(ana) == [("ADJUSTED", 800), ("EXPIRED", -800)]
    assert shop.entries(ana)[-1].occurred_at == shop.now


def test_while_another_order_waits_the_one_that_was_cancelled_costs_nothing(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana", points=800)
    shop.at("2027-01-01T12:00")
    first, second = shop.buy(ana, {"shirt": 1}), shop.buy(ana, {"shirt": 1})
    shop.days_later(10)
    shop.cancel(first)
    assert shop.points(ana) == 800
    shop.cancel(second)
    assert shop.points(ana) == 0


def test_an_order_cancelled_after_the_expiry_gives_its_points_back_and_they_expire_at_once(shop):
    shop.stock("shirt", "199.00")
    shop.offer("shirt+", "shirt", "169.00", 1500)
    ana = shop.enrol("Ana", points=2000)
    shop.at("2026-12-31T12:00")
    order = shop.buy(ana, {"shirt+": 1})
    shop.at("2027-02-01T12:00")
    shop.cancel(order)
    assert shop.ledger(ana) == [("ADJUSTED", 2000), ("HELD", -1500), ("RELEASED", 1500), ("EXPIRED", -2000)]


def test_points_that_come_back_to_an_account_without_expiry_get_the_one_they_had(shop):
    shop.stock("shirt", "199.00")
    shop.offer("shirt+", "shirt", "169.00", 1500)
    shop.stock("lamp", "129.00", third_party=True)
    shop.offer("lamp+", "lamp", "100.00", 1500)
    ana = shop.enrol("Ana", points=2000)
    shop.at("2026-12-31T12:00")
    order = shop.buy(ana, {"lamp+": 1})
    shop.at("2027-01-05T12:00")
    assert shop.ledger(ana) == [("ADJUSTED", 2000), ("HELD", -1500), ("EXPIRED", -500)]
    assert shop.expiry(ana) is None
    shop.cancel(order)
    assert shop.ledger(ana)[3:] == [("RELEASED", 1500), ("EXPIRED", -1500)]
    released = shop.entries(ana)[3]
    assert released.expires_at_after == shop.local("2027-01-02T00:00")
    assert shop.expiry(ana) is None


def test_a_full_return_leaves_the_expiry_as_it_is(shop):
    shop.stock("shirt", "199.00")
    shop.offer("shirt+", "shirt", "169.00", 1500)
    ana = shop.enrol("Ana", points=2000)
    order = shop.sell(ana, {"shirt+": 1})
    shop.days_later(10)
    outcome = shop.take_back(order, {"shirt+": 1})
    assert (outcome.full, outcome.points_returned) == (True, 1500)
    assert (shop.points(ana), shop.expiry(ana)) == (2000, "2027-01-02T00:00")


def test_a_full_return_gives_an_account_without_expiry_the_one_that_the_points_had_when_they_were_taken(shop):
    shop.stock("lamp", "129.00", third_party=True)
    shop.offer("lamp+", "lamp", "100.00", 1500)
    ana = shop.enrol("Ana", points=1500)
    shop.at("2026-12-20T12:00")
    order = shop.sell(ana, {"lamp+": 1})
    shop.at("2026-12-25T12:00")
    outcome = shop.take_back(order, {"lamp+": 1})
    assert (shop.points(ana), shop.expiry(ana)) == (1500, "2027-01-02T00:00")
    assert shop.told(outcome.expires_at_after) == "2027-01-02T00:00"
    second = shop.sell(ana, {"lamp+": 1})
    shop.at("2027-01-10T12:00")
    shop.take_back(second, {"lamp+": 1})
    assert shop.ledger(ana)[-2:] == [("RETURNED", 1500), ("EXPIRED", -1500)]
    assert shop.expiry(ana) is None


def test_a_partial_return_refreshes_the_expiry(shop):
    shop.stock("shirt", "199.00")
    shop.offer("shirt+", "shirt", "169.00", 1500)
    ana = shop.enrol("Ana", points=3000)
    order = shop.sell(ana, {"shirt+": 2})
    shop.days_later(10)
    outcome = shop.take_back(order, {"shirt+": 1})
    assert (outcome.full, outcome.points_returned) == (False, 1500)
    assert (shop.points(ana), shop.expiry(ana)) == (1500, "2027-01-12T00:00")


def test_a_partial_return_without_points_refreshes_even_an_empty_account(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.sell(ana, {"shirt": 2})
    shop.days_later(10)
    shop.take_back(order, {"shirt": 1})
    assert (shop.points(ana), shop.expiry(ana)) == (0, "2027-01-12T00:00")


def test_a_partial_return_of_all_that_is_left_is_partial(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.sell(ana, {"shirt": 2})
    shop.take_back(order, {"shirt": 1})
    shop.days_later(10)
    outcome = shop.take_back(order, {"shirt": 1})
    assert not outcome.full
    assert shop.expiry(ana) == "2027-01-12T00:00"
    assert shop.order(order).status == "RETURNED"


def test_a_swap_refreshes_the_expiry_and_moves_nothing_else(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana", points=100)
    order = shop.sell(ana, {"shirt": 2})
    shop.days_later(10)
    outcome = shop.swap(order, {"shirt": 2})
    assert (outcome.full, outcome.refund, outcome.points_returned, outcome.status) == (False, 0, 0, "COMPLETED")
    assert (shop.ledger(ana), shop.expiry(ana)) == ([("ADJUSTED", 100)], "2027-01-12T00:00")


def test_after_a_swap_the_goods_can_still_be_returned_in_full(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.sell(ana, {"shirt": 2})
    shop.swap(order, {"shirt": 2})
    assert shop.take_back(order, {"shirt": 2}).full


def test_a_return_refreshes_nothing_where_the_program_does_not_say_so(db):
    from tests.support.programs import vancl
    from tests.support.shop import PlayShop

    shop = PlayShop(db, document=vancl(**{"returns.refresh_expiry_on": []}))
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana", points=100)
    order = shop.sell(ana, {"shirt": 3})
    shop.days_later(10)
    shop.take_back(order, {"shirt": 1})
    shop.swap(order, {"shirt": 1})
    assert shop.expiry(ana) == "2027-01-02T00:00"


def test_a_return_that_leaves_nothing_to_earn_no_longer_holds_the_expiry_back(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana", points=800)
    shop.at("2026-12-20T12:00")
    order = shop.sell(ana, {"shirt": 1})
    asked = shop.return_units(order, {"shirt": 1})
    shop.at("2027-03-01T12:00")
    assert shop.points(ana) == 800
    shop.receive(asked)
    assert shop.ledger(ana) == [("ADJUSTED", 800), ("EXPIRED", -800)]
    assert shop.entries(ana)[-1].occurred_at == shop.now

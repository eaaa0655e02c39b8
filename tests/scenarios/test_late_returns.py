"""Returns that staff open after settlement: earned points come out of the balance, or out of the refund (R8)."""

from __future__ import annotations

from kernel.refusals import InvalidInput
from tests.support.shop import refused


def test_earned_points_come_out_of_the_balance(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.sell_and_settle(ana, {"shirt": 2})
    shop.days_later(1)
    outcome = shop.take_back(order, {"shirt": 1}, by="staff")
    assert (outcome.refund, outcome.available_points_reversed, outcome.pending_points_reversed) == (19900, 398, 0)
    assert outcome.withheld == 0
    assert shop.ledger(ana) == [("EARNED", 796), ("REVERSED", -398)]


def test_what_is_missing_is_withheld_from_the_refund(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.sell_and_settle(ana, {"shirt": 1})
    shop.adjust(ana, -300)
    outcome = shop.take_back(order, {"shirt": 1}, by="staff")
    # 300 of 398 points are missing, at 2.00 for 100.
    assert (outcome.available_points_reversed, outcome.withheld, outcome.refund) == (98, 600, 19300)
    assert shop.points(ana) == 0


def test_what_is_withheld_comes_from_the_payment_first_and_then_from_the_gift_card(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana", gift_card="500.00")
    order = shop.sell_and_settle(ana, {"shirt": 2}, gift_card="396.00")
    earned = shop.points(ana)
    assert earned == 400
    shop.adjust(ana, -earned)
    outcome = shop.take_back(order, {"shirt": 2}, by="staff")
    assert (outcome.withheld, outcome.refund, outcome.gift_card_refund) == (800, 0, 39000)
    assert shop.gift_cards(ana) == ["494.00"]


def test_never_more_is_withheld_than_goes_back(db):
    from tests.support.programs import vancl
    from tests.support.shop import PlayShop

    shop = PlayShop(db, document=vancl(**{"points.value_of_100": "200.00"}))
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.sell_and_settle(ana, {"shirt": 1})
    shop.adjust(ana, -398)
    outcome = shop.take_back(order, {"shirt": 1}, by="staff")
    assert (outcome.withheld, outcome.refund, outcome.gift_card_refund) == (19900, 0, 0)


def test_returned_points_are_credited_before_earned_ones_are_taken(shop):
    shop.stock("shirt", "199.00")
    shop.offer("shirt+", "shirt", "169.00", 1500)
    ana = shop.enrol("Ana", points=1500)
    order = shop.sell_and_settle(ana, {"shirt+": 1})
    assert shop.points(ana) == 338
    shop.adjust(ana, -338)
    outcome = shop.take_back(order, {"shirt+": 1}, by="staff")
    assert shop.ledger(ana)[-2:] == [("RETURNED", 1500), ("REVERSED", -338)]
    assert (outcome.withheld, shop.points(ana)) == (0, 1162)


def test_returned_reversed_expired_in_this_order(shop):
    shop.stock("shirt", "199.00")
    shop.offer("shirt+", "shirt", "169.00", 1500)
    ana = shop.enrol("Ana", points=1500)
    order = shop.sell_and_settle(ana, {"shirt+": 1})
    shop.at("2027-06-01T00:00")
    assert shop.points(ana) == 0
    outcome = shop.take_back(order, {"shirt+": 1}, by="staff")
    assert shop.ledger(ana)[-3:] == [("RETURNED", 1500), ("REVERSED", -338), ("EXPIRED", -1162)]
    assert outcome.withheld == 0


def test_a_late_return_in_the_current_window_lowers_its_spend_by_the_cash_returned(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.sell_and_settle(ana, {"shirt": 2})
    shop.adjust(ana, -796)
    outcome = shop.take_back(order, {"shirt": 1}, by="staff")
    assert outcome.withheld > 0
    assert shop.spend(ana) == "199.00"


def test_a_late_return_of_an_earlier_window_leaves_the_spend(shop):
    shop.stock("coat", "1000.00")
    ana = shop.enrol("Ana")
    order = shop.sell_and_settle(ana, {"coat": 2})
    assert (shop.tier(ana), shop.spend(ana)) == ("VIP", "0.00")
    shop.sell_and_settle(ana, {"coat": 1})
    assert shop.spend(ana) == "980.00"
    shop.take_back(order, {"coat": 1}, by="staff")
    assert (shop.tier(ana), shop.spend(ana)) == ("VIP", "980.00")


def test_spend_never_goes_below_nothing(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.sell_and_settle(ana, {"shirt": 2})
    shop.set_tier(ana, "ORDINARY")
    shop.sell_and_settle(ana, {"shirt": 1})
    shop.take_back(order, {"shirt": 2}, by="staff")
    assert shop.spend(ana) == "199.00"


def test_no_more_than_is_kept_goes_back(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.sell(ana, {"shirt": 3})
    shop.take_back(order, {"shirt": 1})
    shop.return_units(order, {"shirt": 1})
    with refused(InvalidInput) as told:
        shop.return_units(order, {"shirt": 2})
    assert told.the(InvalidInput).path == ("lines", "0", "quantity")
    assert dict(told.the(InvalidInput).facts) == {"left": "1"}
    shop.return_units(order, {"shirt": 1})

"""Levels that spend reaches, and that a year without enough of it loses (R10)."""

from __future__ import annotations

import pytest

from checkout.refusals import TierRequired
from kernel.refusals import InvalidInput, NotFound
from tests.support.shop import refused


@pytest.fixture
def ana(shop):
    shop.stock("gold", "1000.00")
    shop.stock("fen", "0.01")
    return shop.enrol("Ana")


def test_reaching_the_next_level_is_enough_and_happens_as_the_order_settles(shop, ana):
    shop.sell(ana, {"gold": 1})
    shop.sell_and_settle(ana, {"gold": 1})
    assert (shop.tier(ana), shop.spend(ana), shop.review(ana)) == ("VIP", "0.00", "2027-02-01T00:00")


def test_a_fen_less_does_not_reach_it(shop, ana):
    shop.stock("almost", "1999.99")
    shop.sell_and_settle(ana, {"almost": 1})
    assert (shop.tier(ana), shop.spend(ana), shop.review(ana)) == ("ORDINARY", "1999.99", None)
    shop.sell_and_settle(ana, {"fen": 1})
    assert shop.tier(ana) == "VIP"


def test_a_settlement_moves_up_one_level_only_and_what_was_too_much_is_lost(shop, ana):
    shop.sell_and_settle(ana, {"gold": 9})
    assert (shop.tier(ana), shop.spend(ana)) == ("VIP", "0.00")
    shop.sell_and_settle(ana, {"gold": 1})
    assert (shop.tier(ana), shop.spend(ana)) == ("VIP", "980.00")


def test_a_year_with_enough_spend_renews_the_tier(shop, ana):
    shop.set_tier(ana, "VIP")
    assert shop.review(ana) == "2027-01-02T00:00"
    shop.stock("exact", "1020.41")
    shop.sell_and_settle(ana, {"exact": 1})
    assert shop.spend(ana) == "1000.00"
    shop.at("2027-01-02T00:00")
    assert (shop.tier(ana), shop.spend(ana), shop.review(ana)) == ("VIP", "0.00", "2028-01-03T00:00")
    assert [(p.tier_code, p.reason) for p in shop.tier_periods(ana)][-1] == ("VIP", "RENEWED")


def test_a_year_with_less_ends_in_the_entry_level_which_has_no_end(shop, ana):
    shop.set_tier(ana, "VIP")
    shop.stock("less", "1020.40")
    shop.sell_and_settle(ana, {"less": 1})
    assert shop.spend(ana) == "999.99"
    shop.at("2027-01-02T00:00")
    assert (shop.tier(ana), shop.spend(ana), shop.review(ana)) == ("ORDINARY", "0.00", None)
    assert shop.tier_periods(ana)[-1].reason == "DOWNGRADED"


@pytest.mark.parametrize(("units", "tier"), [(0, "ORDINARY"), (1, "ORDINARY"), (2, "VIP"), (3, "SVIP")])
def test_an_svip_year_ends_at_the_highest_level_that_was_kept(shop, ana, units, tier):
    shop.set_tier(ana, "SVIP")
    if units:
        shop.sell_and_settle(ana, {"gold": units})
    shop.at("2027-01-02T00:00")
    assert shop.tier(ana) == tier


def test_a_tier_set_by_hand_opens_a_new_window(shop, ana):
    shop.sell_and_settle(ana, {"gold": 1})
    shop.set_tier(ana, "SVIP")
    assert (shop.tier(ana), shop.spend(ana), shop.review(ana)) == ("SVIP", "0.00", "2027-02-01T00:00")
    assert [(p.tier_code, p.reason, p.note) for p in shop.tier_periods(ana)] == [
        ("ORDINARY", "JOINED", None),
        ("SVIP", "MANUAL", "test"),
    ]
    shop.set_tier(ana, "ORDINARY")
    assert shop.review(ana) is None


def test_a_tier_is_set_with_a_reason_and_to_one_that_exists(shop, ana):
    from checkout.set_tier import set_tier

    with refused(InvalidInput, NotFound):
        set_tier(shop.shop, member_id=ana, tier_code="GOLD", reason=" ", actor="staff@example.com")
    assert shop.tier(ana) == "ORDINARY"


def test_the_tier_at_the_moment_of_the_order_gives_price_and_points(shop, ana):
    shop.set_tier(ana, "SVIP")
    order = shop.buy(ana, {"gold": 1})
    shop.set_tier(ana, "ORDINARY")
    shop.ship(order)
    shop.days_later(30)
    assert (shop.order(order).goods, shop.points(ana)) == (95000, 3800)


def test_a_settlement_at_the_instant_of_the_review_counts_for_the_year_that_ends(shop, ana):
    shop.set_tier(ana, "VIP")
    shop.stock("exact", "1020.41")
    shop.at("2026-12-03T00:00")
    shop.sell(ana, {"exact": 1})
    shop.at("2027-01-02T00:00")
    assert (shop.tier(ana), shop.spend(ana)) == ("VIP", "0.00")


def test_tier_only_goods_and_offers_need_that_tier_or_a_higher_one(shop, ana):
    shop.stock("fur", "99.00", tier="VIP")
    shop.offer("gold+", "gold", "900.00", 10, tier="SVIP")
    with refused(TierRequired) as told:
        shop.buy(ana, {"fur": 1})
    assert told.the(TierRequired).tier_code == "VIP"
    shop.set_tier(ana, "SVIP")
    shop.adjust(ana, 10)
    shop.buy(ana, {"fur": 1, "gold+": 1})

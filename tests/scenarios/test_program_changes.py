"""An order keeps the version it was placed under; accounts and tiers follow the version in force (R15)."""

from __future__ import annotations

import pytest

from kernel.refusals import InvalidInput
from tests.support.programs import retail, vancl
from tests.support.shop import refused

EVERYTHING_ELSE = vancl(
    **{
        "points.rates.REGULAR": "10",
        "points.value_of_100": "50.00",
        "settlement.days": 1,
        "returns.window_days": 1,
        "returns.refresh_expiry_on": [],
        "returns.refund_shipping": "never",
        "tiers.levels.1.points_multiplier": "5",
    }
)


def test_an_order_settles_as_its_version_says(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.buy(ana, {"shirt": 1})
    shop.publish(EVERYTHING_ELSE)
    shop.ship(order)
    shop.days_later(29)
    assert shop.points(ana) == 0
    shop.days_later(1)
    assert shop.points(ana) == 398
    new = shop.buy(ana, {"shirt": 1})
    shop.ship(new)
    shop.days_later(1)
    assert shop.points(ana) == 398 + 1990


def test_an_order_is_returned_as_its_version_says(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana", points=10)
    order = shop.buy(ana, {"shirt": 2})
    shop.publish(EVERYTHING_ELSE)
    shop.ship(order)
    shop.days_later(20)
    shop.take_back(order, {"shirt": 1})
    assert shop.expiry(ana) == "2027-01-22T00:00"


def test_what_is_missing_is_worth_what_the_orders_version_says(shop):
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    order = shop.sell_and_settle(ana, {"shirt": 1})
    shop.publish(EVERYTHING_ELSE)
    shop.adjust(ana, -398)
    assert shop.take_back(order, {"shirt": 1}, by="staff").withheld == 796


def test_an_unpaid_order_waits_as_long_as_its_version_says(shop):
    shop.stock("shirt", "199.00")
    order = shop.reserve(shop.enrol("Ana"), {"shirt": 1})
    shop.publish(vancl(**{"orders.pay_within_minutes": 5}))
    shop.later(minutes=29)
    assert shop.pay(order)


def test_accounts_follow_the_version_in_force_when_something_happens(shop):
    shop.stock("shirt", "200.00")
    ana, bea = shop.enrol("Ana"), shop.enrol("Bea")
    shop.sell(ana, {"shirt": 5})
    shop.days_later(10)
    shop.sell(bea, {"shirt": 5})
    shop.publish(vancl(**{"tiers.levels.1.acquire": "1000.00"}), effective="2026-02-01T00:00")
    shop.days_later(30)
    assert (shop.tier(ana), shop.spend(ana)) == ("ORDINARY", "1000.00")
    assert (shop.tier(bea), shop.spend(bea)) == ("VIP", "0.00")


def test_a_counter_above_a_lowered_threshold_counts_at_the_next_settlement(shop):
    shop.stock("shirt", "200.00")
    shop.stock("pin", "1.00")
    ana = shop.enrol("Ana")
    shop.sell_and_settle(ana, {"shirt": 5})
    shop.publish(vancl(**{"tiers.levels.1.acquire": "500.00"}))
    assert (shop.tier(ana), shop.spend(ana)) == ("ORDINARY", "1000.00")
    shop.sell_and_settle(ana, {"pin": 1})
    assert shop.tier(ana) == "VIP"


def test_a_review_follows_the_version_in_force_at_its_instant(shop):
    ana = shop.enrol("Ana", tier="VIP")
    shop.publish(vancl(**{"tiers.levels.1.keep": "0.00"}), effective="2027-01-02T00:00")
    shop.at("2027-01-02T00:00")
    assert shop.tier(ana) == "VIP"


def test_what_is_due_as_a_version_is_published_comes_before_it_whenever_it_is_noticed(shop):
    """R11: the member's order settles at the very instant at which the new version begins."""
    shop.stock("shirt", "200.00")
    ana, bea = shop.enrol("Ana"), shop.enrol("Bea")
    shop.sell(ana, {"shirt": 5})
    shop.sell(bea, {"shirt": 5})
    shop.days_later(30)
    assert shop.tier(ana) == "ORDINARY"
    shop.publish(vancl(**{"tiers.levels.1.acquire": "1000.00"}))
    assert shop.tier(ana) == shop.tier(bea) == "ORDINARY"


def test_a_tier_that_members_have_reached_cannot_be_left_out_although_nobody_has_noticed_yet(shop):
    shop.stock("gold", "1000.00")
    ana = shop.enrol("Ana")
    shop.sell(ana, {"gold": 2})
    shop.days_later(31)
    with refused(InvalidInput) as told:
        shop.publish(without_vip())
    assert told.the(InvalidInput).reason == "tier_in_use"
    assert shop.tier(ana) == "VIP"


def test_a_tier_that_the_last_member_has_left_can_be_left_out_although_nobody_has_noticed_yet(shop):
    ana = shop.enrol("Ana", tier="VIP")
    shop.days_later(400)
    shop.publish(without_vip())
    assert shop.tier(ana) == "ORDINARY"


def test_a_tier_with_members_cannot_be_left_out(shop):
    shop.enrol("Ana", tier="VIP")
    with refused(InvalidInput) as told:
        shop.publish(without_vip())
    assert told.the(InvalidInput).path == ("document", "tiers", "levels")


def without_vip():
    document = vancl()
    del document["tiers"]["levels"][1]
    return document


def with_another_tier():
    document = vancl()
    levels = document["tiers"]["levels"]
    levels.append({**levels[-1], "code": "BLACK", "name": "Black", "acquire": "9000.00", "keep": "9000.00"})
    return document


def test_currency_and_time_zone_are_fixed_by_the_first_order(shop):
    shop.publish(retail())
    shop.publish(vancl())
    shop.stock("shirt", "199.00")
    shop.buy(shop.enrol("Ana"), {"shirt": 1})
    with refused(InvalidInput, InvalidInput) as told:
        shop.publish(retail())
    assert [refusal.path for refusal in told.refusals] == [("document", "currency"), ("document", "timezone")]
    assert {refusal.reason for refusal in told.refusals} == {"fixed_by_orders"}


def test_orders_may_come_before_a_version_for_later_so_it_keeps_currency_and_time_zone(shop):
    with refused(InvalidInput, InvalidInput) as told:
        shop.publish(retail(), effective="2026-02-01T00:00")
    assert {refusal.reason for refusal in told.refusals} == {"fixed_by_orders_to_come"}
    shop.publish(vancl(), effective="2026-02-01T00:00")
    with refused(InvalidInput, InvalidInput) as told:
        shop.publish(retail())
    assert {refusal.reason for refusal in told.refusals} == {"fixed_by_orders_to_come"}


def test_a_version_never_takes_effect_in_the_past(shop):
    with refused(InvalidInput) as told:
        shop.publish(vancl(), effective="2025-12-31T09:00")
    assert told.the(InvalidInput).path == ("effectiveAt",)


@pytest.mark.parametrize("minutes", [0, 1])
def test_of_two_versions_the_one_that_begins_later_counts_from_its_start_on(shop, minutes):
    shop.publish(vancl(**{"settlement.days": 2}), effective="2026-01-01T10:00")
    shop.publish(vancl(**{"settlement.days": 3}), effective="2026-01-01T09:30")
    shop.stock("shirt", "199.00")
    ana = shop.enrol("Ana")
    shop.at(f"2026-01-01T09:{29 + minutes}")
    assert shop.told(shop.order(shop.sell(ana, {"shirt": 1})).settles_at)[:10] == ("2026-01-31", "2026-01-04")[minutes]
    shop.at("2026-01-01T10:00")
    assert shop.told(shop.order(shop.sell(ana, {"shirt": 1})).settles_at)[:10] == "2026-01-03"


def test_a_version_for_later_keeps_the_tiers_that_members_may_reach_until_then(shop):
    shop.at("2026-01-02T10:00")
    with refused(InvalidInput) as no:
        shop.publish(without_vip(), effective="2026-03-01T00:00")
    assert [(refusal.reason, dict(refusal.facts)) for refusal in no.refusals] == [("tier_in_use", {"tier": "VIP"})]


def test_a_version_before_a_planned_one_has_no_tier_that_the_planned_one_lacks(shop):
    shop.at("2026-01-02T10:00")
    shop.publish(vancl(), effective="2026-03-01T00:00")
    with refused(InvalidInput) as no:
        shop.publish(with_another_tier())
    assert [refusal.reason for refusal in no.refusals] == ["planned_version_lacks_tier"]


def test_a_plan_that_was_replaced_before_it_began_speaks_against_nothing(shop):
    shop.at("2026-01-02T10:00")
    shop.publish(vancl(), effective="2026-03-01T00:00")
    shop.publish(with_another_tier(), effective="2026-03-01T00:00")
    assert shop.publish(with_another_tier()) == 4


def test_another_entry_level_leaves_those_in_the_old_one_as_they_are_until_a_window_opens(shop):
    ana = shop.enrol("Ana")
    document = vancl()
    levels = document["tiers"]["levels"]
    guest = {**levels[0], "code": "GUEST", "name": "Guest"}
    levels[0] |= {"acquire": "100.00", "keep": "100.00"}
    document["tiers"]["levels"] = [guest, *levels]
    shop.publish(document)
    bea = shop.enrol("Bea")
    shop.days_later(400)
    assert (shop.tier(ana), shop.tier(bea)) == ("ORDINARY", "GUEST")
    shop.set_tier(ana, "ORDINARY")
    shop.days_later(367)
    assert shop.tier(ana) == "GUEST"

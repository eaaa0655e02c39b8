"""Saving exchange offers (R6, R13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.columns import offers_t
from catalog.end_exchange_offer import end_exchange_offer
from catalog.queries import offers_by_id, offers_of_variants
from catalog.save_exchange_offer import SaveExchangeOffer, save_exchange_offer
from tests.support.catalog import DAY, offer, refused, stock_goods
from tests.support.members import NOON, PROGRAM

MOMENT = timedelta(microseconds=1)


@pytest.fixture
def coat(db):
    return stock_goods(db, "COAT", "899.00")


def told(db, id_):
    with db.read() as conn:
        return offers_by_id(conn, [id_])[id_]


def test_an_offer_keeps_what_it_was_given(db, coat):
    id_ = offer(
        db, "COAT", "719.00", 9000, starts_at=NOON - DAY, ends_at=NOON + DAY, quota=5, per_member_limit=2,
        required_tier_code="VIP",
    )  # fmt: skip
    saved = told(db, id_)
    assert (saved.variant_id, saved.cash, saved.points, saved.quota, saved.per_member_limit) == (
        coat, 71900, 9000, 5, 2,
    )  # fmt: skip
    assert (saved.starts_at, saved.ends_at, saved.required_tier_code) == (NOON - DAY, NOON + DAY, "VIP")
    assert (saved.redeemed, saved.remaining, saved.created_at) == (0, 5, NOON)


def test_saving_again_replaces_all_that_it_says(db, coat):
    id_ = offer(db, "COAT", "719.00", 9000, quota=5, per_member_limit=2, ends_at=NOON + DAY)
    assert offer(db, "COAT", "0.00", 10, id=id_, now=NOON + DAY) == id_
    saved = told(db, id_)
    assert (saved.cash, saved.points, saved.quota, saved.per_member_limit, saved.ends_at) == (
        0, 10, None, None, None,
    )  # fmt: skip
    assert saved.created_at == NOON


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"cash": "-0.01"}, {"cash": "cash_negative"}),
        ({"cash": "899.00"}, {"cash": "not_below_regular"}),
        ({"cash": "1.234"}, {"cash": "not_an_amount"}),
        ({"cash": "Infinity"}, {"cash": "not_an_amount"}),
        ({"points": 0}, {"points": "points_below_one"}),
        ({"points": -5}, {"points": "points_below_one"}),
        ({"points": 2**53 + 1}, {"points": "not_between"}),
        ({"quota": 0}, {"quota": "not_between"}),
        ({"per_member_limit": 0}, {"perMemberLimit": "not_between"}),
        ({"required_tier_code": "NOBILITY"}, {"requiredTierCode": "NotFound"}),
        ({"ends_at": NOON}, {"endsAt": "in_the_past"}),
        ({"starts_at": NOON + DAY, "ends_at": NOON + DAY}, {"endsAt": "ends_before_start"}),
        ({"id": "off_" + "0" * 32}, {"id": "NotFound"}),
    ],
)
def test_what_makes_no_offer_is_refused(db, coat, change, told):
    assert refused(offer, db, "COAT", **change) == told


def test_everything_wrong_is_told_at_once(db):
    assert refused(offer, db, "NOWHERE", "-1.00", 0, quota=0, per_member_limit=-1, ends_at=NOON - DAY) == {
        "sku": "NotFound",
        "cash": "cash_negative",
        "points": "points_below_one",
        "quota": "not_between",
        "perMemberLimit": "not_between",
        "endsAt": "in_the_past",
    }


def test_a_quota_covers_what_was_redeemed(db, coat):
    id_ = offer(db, "COAT", quota=5)
    with db.write() as tx:
        tx.execute(offers_t.update().values(redeemed=3))
    assert refused(offer, db, "COAT", id=id_, quota=2) == {"quota": "quota_below_redeemed"}
    offer(db, "COAT", id=id_, quota=3)
    assert told(db, id_).remaining == 0


def test_an_offer_that_is_over_may_be_saved_with_the_end_it_had(db, coat):
    id_ = offer(db, "COAT", ends_at=NOON + DAY)
    later = NOON + 5 * DAY
    offer(db, "COAT", id=id_, ends_at=NOON + DAY, points=7, now=later)
    assert refused(offer, db, "COAT", id=id_, ends_at=NOON + 2 * DAY, now=later) == {"endsAt": "in_the_past"}


def test_outside_the_guidance_an_offer_is_saved_all_the_same(db, coat):
    with db.write() as tx:
        assert save_exchange_offer(tx, SaveExchangeOffer("COAT", Decimal("1.00"), 1), now=NOON, program=PROGRAM)


def test_a_variant_shows_the_offers_in_force_those_of_fewest_points_first(db, coat):
    offer(db, "COAT", points=3000)
    offer(db, "COAT", points=1000)
    offer(db, "COAT", points=2000, starts_at=NOON + DAY)
    with db.read() as conn:
        assert [o.points for o in offers_of_variants(conn, [coat], NOON)[coat]] == [1000, 3000]
        assert [o.points for o in offers_of_variants(conn, [coat], None)[coat]] == [1000, 2000, 3000]


def end(db, id_, now=NOON):
    with db.write() as tx:
        return end_exchange_offer(tx, id_, now=now)


@pytest.mark.parametrize("window", [{}, {"starts_at": NOON - DAY, "ends_at": NOON + DAY}])
def test_ending_an_offer_in_force_ends_it_at_that_very_instant(db, coat, window):
    id_ = offer(db, "COAT", **window, now=NOON - DAY)
    assert end(db, id_) == id_
    ended = told(db, id_)
    assert ended.holds_at(NOON - MOMENT)
    assert not ended.holds_at(NOON)
    with db.read() as conn:
        assert offers_of_variants(conn, [coat], NOON)[coat] == []


@pytest.mark.parametrize("starts_at", [NOON, NOON + DAY])
def test_an_offer_that_is_ended_before_it_began_never_held(db, coat, starts_at):
    id_ = offer(db, "COAT", starts_at=starts_at, ends_at=NOON + 3 * DAY)
    end(db, id_)
    ended = told(db, id_)
    for instant in (NOON - MOMENT, NOON, NOON + MOMENT, NOON + DAY, NOON + 2 * DAY):
        assert not ended.holds_at(instant)
    # It stays, as an offer that is over: orders from before its start was put off may name it.
    assert (ended.starts_at, ended.ends_at) == (NOON, NOON)
    assert offer(db, "COAT", id=id_, starts_at=NOON, ends_at=NOON, now=NOON + DAY) == id_
    offer(db, "COAT", id=id_, starts_at=NOON + DAY, now=NOON)
    assert told(db, id_).holds_at(NOON + DAY)


def test_ending_an_offer_again_changes_nothing(db, coat):
    id_ = offer(db, "COAT", now=NOON - DAY)
    end(db, id_)
    before = told(db, id_)
    end(db, id_, NOON + DAY)
    assert told(db, id_) == before


def test_ending_an_offer_leaves_all_else_that_it_says(db, coat):
    id_ = offer(db, "COAT", quota=5, daily_limit=1, required_tier_code="VIP")
    with db.write() as tx:
        tx.execute(offers_t.update().values(redeemed=3))
    before = told(db, id_)
    end(db, id_)
    assert replace(told(db, id_), ends_at=None) == before


def test_there_is_no_ending_an_offer_that_is_none(db):
    assert refused(end, db, "off_" + "0" * 32) == {"exchangeOfferId": "NotFound"}

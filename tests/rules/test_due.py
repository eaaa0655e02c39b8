"""What falls due happens at its own instant and in order, whoever notices and when (R11)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from checkout.due import advance, expiry_waits
from tests.support.programs import program
from tests.support.standings import beijing, booked, order, standing, versions

NOW = beijing("2026-06-01T00:00")
LATER = NOW + timedelta(days=400)
VANCL = versions(("2026-01-01T00:00", program()))
VIP = {"tier_code": "VIP", "tier_review_at": NOW}


def advanced(found, *, until=LATER, since=None, programs=VANCL):
    advance(found, programs, until, since=since)
    return found


def kinds(found):
    return [kind for kind, _, _ in booked(found)]


def test_each_thing_happens_at_its_own_instant_however_late_it_is_noticed():
    found = advanced(standing(order(1, settles_at=NOW), balance=50, expires_at=NOW + timedelta(days=1)))
    # Settling gave the balance another year, which is over by now as well.
    assert booked(found) == [("EARNED", 200, NOW), ("EXPIRED", -250, beijing("2027-06-02T00:00"))]
    assert found.orders[0].settled_at == NOW


def test_at_one_instant_cancellations_settlements_reviews_and_expiry_come_in_this_order():
    unpaid = order(1, "AWAITING_PAYMENT", paid_at=None, pay_before=NOW, points=30, points_expired_at=NOW)
    shipped = order(2, settles_at=NOW, points_to_earn=0, spend_kept=100_000)
    found = advanced(standing(unpaid, shipped, balance=50, expires_at=NOW, **VIP), until=NOW)
    assert booked(found) == [("RELEASED", 30, NOW), ("EXPIRED", -80, NOW)]
    # The spend of that instant still counted for the year that ended with it.
    assert [(p.tier_code, p.reason) for p in found.book.tier_periods] == [("VIP", "RENEWED")]
    assert (found.orders[0].status, found.orders[1].status) == ("CANCELLED", "SETTLED")
    assert found.orders[1].settled_window == 0
    assert found.book.account.window == 1


def test_two_settlements_at_one_instant_go_in_the_order_in_which_the_orders_were_placed():
    found = advanced(
        standing(order(2, settles_at=NOW, points_to_earn=2), order(1, settles_at=NOW, points_to_earn=1)), until=NOW
    )
    assert [points for _, points, _ in booked(found)] == [1, 2]


def test_nothing_happens_a_moment_too_early():
    found = advanced(
        standing(order(1, settles_at=NOW), balance=50, expires_at=NOW, **VIP), until=NOW - timedelta(microseconds=1)
    )
    assert booked(found) == []
    assert found.book.account.next_due_at == NOW


def test_when_the_next_thing_is_due_is_noted():
    unpaid = order(1, "AWAITING_PAYMENT", paid_at=None, pay_before=NOW + timedelta(minutes=30))
    found = advanced(standing(unpaid, order(2, settles_at=NOW + timedelta(days=1))), until=NOW)
    assert found.book.account.next_due_at == NOW + timedelta(minutes=30)
    assert advanced(standing(), until=NOW).book.account.next_due_at is None


@pytest.mark.parametrize(
    ("waiting", "waits"),
    [
        (order(1, "PAID", settles_at=None), True),
        (order(1, "SHIPPED", settles_at=NOW + timedelta(days=9)), True),
        (order(1, "PAID", points_to_earn=0), False),
        (order(1, "PAID", paid_at=NOW), False),  # at the very instant is too late
        (order(1, "PAID", paid_at=NOW - timedelta(microseconds=1)), True),
        (order(1, "AWAITING_PAYMENT", paid_at=None, pay_before=NOW + timedelta(minutes=5)), False),
        (order(1, "SETTLED"), False),
        (order(1, "CANCELLED", points_to_earn=200), False),
        (order(1, "RETURNED"), False),
    ],
)
def test_an_expiry_waits_for_an_order_paid_in_time_that_is_pending_and_will_earn(waiting, waits):
    found = standing(waiting, balance=50, expires_at=NOW)
    assert expiry_waits(found) == waits
    advanced(found, until=NOW)
    assert kinds(found) == ([] if waits else ["EXPIRED"])


def test_an_account_without_expiry_waits_for_nothing():
    assert not expiry_waits(standing(order(1, "PAID"), balance=0))


def test_the_purchase_that_did_not_save_it_lets_the_balance_go_at_that_instant():
    found = advanced(standing(order(1, "PAID"), balance=50, expires_at=NOW))
    assert kinds(found) == []
    found.orders[0].points_to_earn = 0
    advanced(found, until=LATER, since=LATER)
    assert booked(found) == [("EXPIRED", -50, LATER)]


def test_what_an_action_sets_free_happens_then_and_not_before():
    held = order(1, settles_at=NOW, open_returns=1)
    found = advanced(standing(held))
    assert (kinds(found), found.book.account.next_due_at) == ([], None)
    held.open_returns = 0
    advanced(found, until=LATER, since=LATER)
    assert booked(found) == [("EARNED", 200, LATER)]
    assert held.settled_at == LATER


def test_an_empty_account_loses_its_expiry_and_no_entry_is_written():
    for balance in (0, -20):
        found = advanced(standing(balance=balance, expires_at=NOW))
        assert (kinds(found), found.book.account.expires_at, found.book.account.balance) == ([], None, balance)


def test_a_settlement_without_points_leaves_the_expiry():
    found = advanced(standing(order(1, settles_at=NOW, points_to_earn=0), balance=5, expires_at=LATER), until=NOW)
    assert (found.book.account.expires_at, found.book.account.qualifying_spend) == (LATER, 10_000)


def test_reviews_follow_each_other_year_after_year():
    found = advanced(
        standing(tier_code="SVIP", tier_review_at=NOW, qualifying_spend=100_000), until=NOW + timedelta(days=5 * 366)
    )
    assert [(p.tier_code, p.from_at) for p in found.book.tier_periods] == [
        ("VIP", NOW),
        ("ORDINARY", beijing("2027-06-02T00:00")),
    ]


def test_each_thing_follows_the_version_in_force_at_its_instant():
    lower = program(**{"tiers.levels.1.acquire": "100.00"})
    programs = versions(("2026-01-01T00:00", program()), ("2026-06-01T00:00", lower))
    before, at = order(1, settles_at=NOW - timedelta(seconds=1)), order(2, settles_at=NOW, spend_kept=0)
    found = advanced(standing(before, at), programs=programs, until=NOW)
    assert [(p.tier_code, p.from_at) for p in found.book.tier_periods] == [("VIP", NOW)]
    assert (before.settled_window, at.settled_window, found.book.account.window) == (0, 0, 1)


def test_an_order_that_is_still_asked_for_is_closed_first_and_not_cancelled():
    unpaid = order(1, "AWAITING_PAYMENT", paid_at=None, pay_before=NOW, points=30, intent="OPEN")
    found = advanced(standing(unpaid), until=NOW - timedelta(seconds=1))
    assert (unpaid.intent, found.book.account.next_due_at) == ("OPEN", NOW)
    advanced(found)
    assert (unpaid.status, unpaid.intent, found.to_close) == ("AWAITING_PAYMENT", "CLOSING", [unpaid])
    assert (booked(found), found.book.account.next_due_at) == ([], None)
    # Nobody has paid: it is cancelled as it would have been.
    unpaid.intent = None
    advanced(found, until=NOW)
    assert (unpaid.status, unpaid.cancelled_at, booked(found)) == ("CANCELLED", NOW, [("RELEASED", 30, NOW)])


def test_doing_it_twice_changes_nothing():
    found = advanced(standing(order(1, settles_at=NOW), balance=50, expires_at=LATER, **VIP), until=NOW)
    before = booked(found), len(found.book.tier_periods), found.book.account.next_due_at
    advanced(found, until=NOW)
    advanced(found, until=NOW, since=NOW)
    assert (booked(found), len(found.book.tier_periods), found.book.account.next_due_at) == before

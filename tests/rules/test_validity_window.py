"""Tier policy `validity_window`: the table of R10."""

from __future__ import annotations

import pytest

from kernel.money import Money
from members.account import Account
from members.book import Book
from members.tiers import validity_window
from members.tiers.progress import tier_progress
from tests.support.programs import program
from tests.support.standings import account, beijing

VANCL = program()
NOW = beijing("2026-03-10T10:00")
IN_A_YEAR = beijing("2027-03-11T00:00")


def yuan(text):
    return Money.parse(text, "CNY")


def book(**changes) -> Book:
    return Book(account(**changes), latest_program=1)


def spent(text, tier="ORDINARY") -> Account:
    return account(tier_code=tier, qualifying_spend=yuan(text).minor)


@pytest.mark.parametrize(
    ("tier", "before", "spend", "after", "counter"),
    [
        ("ORDINARY", "0.00", "1999.99", "ORDINARY", "1999.99"),
        ("ORDINARY", "0.00", "2000.00", "VIP", "0.00"),
        ("ORDINARY", "1999.99", "0.01", "VIP", "0.00"),
        ("ORDINARY", "0.00", "99999.00", "VIP", "0.00"),  # one level at a time, the rest is lost
        ("ORDINARY", "2500.00", "0.00", "VIP", "0.00"),  # the threshold was lowered meanwhile
        ("VIP", "0.00", "2499.99", "VIP", "2499.99"),
        ("VIP", "0.00", "2500.00", "SVIP", "0.00"),
        ("SVIP", "100.00", "9000.00", "SVIP", "9100.00"),
    ],
)
def test_what_settled_spend_does(tier, before, spend, after, counter):
    b = book(tier_code=tier, qualifying_spend=yuan(before).minor, window=3)
    validity_window.spend_settles(b, VANCL, yuan(spend), NOW)
    assert (b.account.tier_code, b.account.qualifying_spend) == (after, yuan(counter).minor)
    moved = after != tier
    assert b.account.window == (4 if moved else 3)
    assert [(p.tier_code, p.reason, p.from_at) for p in b.tier_periods] == ([(after, "ACQUIRED", NOW)] if moved else [])
    assert b.account.tier_review_at == (IN_A_YEAR if moved else None)


@pytest.mark.parametrize(
    ("tier", "spend", "after"),
    [
        ("VIP", "0.00", "ORDINARY"),
        ("VIP", "999.99", "ORDINARY"),
        ("VIP", "1000.00", "VIP"),
        ("VIP", "2400.00", "VIP"),
        ("SVIP", "0.00", "ORDINARY"),
        ("SVIP", "999.99", "ORDINARY"),
        ("SVIP", "1000.00", "VIP"),
        ("SVIP", "2499.99", "VIP"),
        ("SVIP", "2500.00", "SVIP"),
    ],
)
def test_what_the_end_of_the_year_does(tier, spend, after):
    b = book(tier_code=tier, qualifying_spend=yuan(spend).minor, tier_review_at=NOW, window=1)
    validity_window.review_is_due(b, VANCL, NOW)
    assert (b.account.tier_code, b.account.qualifying_spend, b.account.window) == (after, 0, 2)
    assert b.account.tier_review_at == (None if after == "ORDINARY" else IN_A_YEAR)
    assert [p.reason for p in b.tier_periods] == ["RENEWED" if after == tier else "DOWNGRADED"]


@pytest.mark.parametrize(
    ("settled_in", "now_in", "before", "back", "after"),
    [(1, 1, "500.00", "199.00", "301.00"), (1, 1, "100.00", "199.00", "0.00"), (0, 1, "500.00", "199.00", "500.00")],
)
def test_returned_spend_counts_no_more_where_it_settled_in_the_current_window(settled_in, now_in, before, back, after):
    b = book(qualifying_spend=yuan(before).minor, window=now_in)
    validity_window.spend_is_returned(b, yuan(back), settled_in)
    assert b.account.qualifying_spend == yuan(after).minor


@pytest.mark.parametrize(
    ("tier", "spend", "to_keep", "next_tier", "to_upgrade"),
    [
        ("ORDINARY", "0.00", None, "VIP", "2000.00"),
        ("ORDINARY", "1500.00", None, "VIP", "500.00"),
        ("VIP", "0.00", "1000.00", "SVIP", "2500.00"),
        ("VIP", "1000.00", None, "SVIP", "1500.00"),
        ("SVIP", "0.01", "2499.99", None, None),
        ("SVIP", "2500.00", None, None, None),
    ],
)
def test_progress_says_what_is_still_needed(tier, spend, to_keep, next_tier, to_upgrade):
    progress = tier_progress(VANCL, spent(spend, tier))
    assert progress.to_keep == (None if to_keep is None else yuan(to_keep))
    assert (progress.next_tier.code if progress.next_tier else None) == next_tier
    assert progress.to_upgrade == (None if to_upgrade is None else yuan(to_upgrade))

"""Expiry policy `sliding_account`: one expiry for the whole balance (R5, R7)."""

from __future__ import annotations

import pytest

from members.ledger.expiry import sliding_account
from members.ledger.expiry.policies import expiry_policy
from tests.support.programs import program
from tests.support.standings import account, beijing

VANCL = program()
NOW = beijing("2026-03-10T10:00")
IN_A_YEAR = beijing("2027-03-11T00:00")
OLD = beijing("2026-06-01T00:00")
PAST = beijing("2026-02-01T00:00")


def test_the_program_names_its_policy():
    assert expiry_policy(VANCL) is sliding_account


@pytest.mark.parametrize("expires_at", [None, OLD, PAST, beijing("2030-01-01T00:00")])
def test_purchase_points_that_settle_make_it_a_year_whatever_it_was(expires_at):
    a = account(balance=5, expires_at=expires_at)
    sliding_account.purchase_settles(a, VANCL, NOW)
    assert a.expires_at == IN_A_YEAR


@pytest.mark.parametrize(
    ("balance", "expires_at", "after"),
    [
        (100, OLD, OLD),
        (1, PAST, PAST),  # it waits for an order
        (0, OLD, IN_A_YEAR),
        (-5, OLD, IN_A_YEAR),
        (0, None, IN_A_YEAR),
    ],
)
def test_given_points_set_it_where_there_is_none_or_nothing_was_held(balance, expires_at, after):
    a = account(balance=balance, expires_at=expires_at)
    sliding_account.points_are_given(a, VANCL, NOW)
    assert a.expires_at == after


@pytest.mark.parametrize(
    ("expires_at", "taken_with", "after"),
    [
        (OLD, PAST, OLD),
        (OLD, IN_A_YEAR, OLD),
        (None, OLD, OLD),
        (None, PAST, PAST),
        (None, None, None),
        (PAST, OLD, PAST),
    ],
)
def test_points_that_come_back_whole_join_the_account_or_bring_their_own_expiry(expires_at, taken_with, after):
    a = account(expires_at=expires_at)
    sliding_account.points_come_back(a, taken_with)
    assert a.expires_at == after


@pytest.mark.parametrize(("balance", "expires_at"), [(0, None), (0, OLD), (7, PAST), (7, OLD)])
def test_a_refreshed_validity_is_a_year_even_of_an_empty_account(balance, expires_at):
    a = account(balance=balance, expires_at=expires_at)
    sliding_account.validity_is_refreshed(a, VANCL, NOW)
    assert (a.expires_at, a.balance) == (IN_A_YEAR, balance)

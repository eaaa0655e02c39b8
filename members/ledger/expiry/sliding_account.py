"""Expiry policy `sliding_account`: the whole balance has one expiry (R5, R7)."""

from __future__ import annotations

from datetime import datetime

from kernel.clock import end_of_same_date_next_year
from members.account import Account
from program.config import Program


def fresh_expiry(program: Program, at: datetime) -> datetime:
    """One year from an instant: the first instant at which the points are gone."""
    return end_of_same_date_next_year(at, program.zone)


def purchase_settles(account: Account, program: Program, at: datetime) -> None:
    """Purchase points settle: the expiry becomes one year from that instant."""
    account.expires_at = fresh_expiry(program, at)


def points_are_given(account: Account, program: Program, at: datetime) -> None:
    """Granted and adjusted points move no expiry; they set one where there is none or no points are held."""
    if account.expires_at is None or account.balance <= 0:
        account.expires_at = fresh_expiry(program, at)


def points_come_back(account: Account, taken_with_expiry: datetime | None) -> None:
    """Points of a full return, a cancelled order or a released reservation join the account as it is.

    Where the account has no expiry left, they get back the one that they had when they were taken.
    """
    if account.expires_at is None:
        account.expires_at = taken_with_expiry


def validity_is_refreshed(account: Account, program: Program, at: datetime) -> None:
    """A partial return or a swap gives a fresh expiry, even to an empty account."""
    account.expires_at = fresh_expiry(program, at)


def accounts_join(into: Account, from_: Account, program: Program, at: datetime) -> None:
    """Points that move are adjusted points; but nobody's points, nor those that may still come back, get worse.

    So what R5 says of a positive adjustment holds, and the later of the two expiries where it is later still.
    """
    if from_.balance > 0:
        points_are_given(into, program, at)
    known = [expiry for expiry in (into.expires_at, from_.expires_at) if expiry is not None]
    into.expires_at = max(known, default=None)

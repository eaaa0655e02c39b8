"""A member's account under lock, with what a transaction adds to it: new ledger entries, new tier periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from kernel.database import Transaction
from kernel.ids import new_id
from kernel.prepared import Prepared
from members.account import ACCOUNT_COLUMNS, Account, accounts_t
from members.ledger.entries import Entry, write_entries
from members.tables import TierChangeReason
from members.tiers.periods import TierPeriod, write_tier_periods
from program.versions import latest_version

# Put together once: every order, and everything that moves points, comes through here.
_OF = accounts_t.c.member_id == bindparam("of")
_SELECT = select(*ACCOUNT_COLUMNS, latest_version()).where(_OF)
_READ, _LOCKED = Prepared(_SELECT), Prepared(_SELECT.with_for_update())
_UPDATE = Prepared(accounts_t.update().where(_OF))


@dataclass(slots=True)
class Book:
    """What stands in the account, and what is to be written when the transaction ends.

    `latest_program` is the number of the newest program version, read along to save asking for it.
    """

    account: Account
    latest_program: int
    entries: list[Entry] = field(default_factory=list[Entry])
    tier_periods: list[TierPeriod] = field(default_factory=list[TierPeriod])

    def move_tier(
        self, code: str, review_at: datetime | None, *, at: datetime, reason: TierChangeReason, note: str | None = None
    ) -> None:
        """Opens a new tier window at an instant: its counter starts from nothing (R10)."""
        account = self.account
        account.tier_code, account.tier_review_at = code, review_at
        account.qualifying_spend = 0
        account.window += 1
        self.tier_periods.append(TierPeriod(new_id("tpd"), account.member_id, code, at, reason, note))

    def take_over_tier(self, code: str, review_at: datetime | None, *, at: datetime, note: str) -> None:
        """Another account of the same person brings its tier, with the window that is under way."""
        account = self.account
        account.tier_code, account.tier_review_at = code, review_at
        period = TierPeriod(new_id("tpd"), account.member_id, code, at, TierChangeReason.MANUAL, note)
        self.tier_periods.append(period)


def read_book(conn: Connection, member_id: str) -> Book | None:
    """The account as it stands, without a lock: to look ahead, never to write."""
    return _book(conn, member_id, lock=False)


def open_book(tx: Transaction, member_id: str) -> Book | None:
    """The account, locked until the transaction ends; None where there is no such member."""
    return _book(tx, member_id, lock=True)


def _book(conn: Connection, member_id: str, *, lock: bool) -> Book | None:
    row = (_LOCKED if lock else _READ).row(conn, {"of": member_id})
    return None if row is None else Book(Account(*row[: len(ACCOUNT_COLUMNS)]), row[-1])


def write_books(tx: Transaction, books: Sequence[Book]) -> None:
    """Writes accounts and what is new in them. Runs inside the caller's transaction."""
    write_entries(tx, [entry for book in books for entry in book.entries])
    write_tier_periods(tx, [period for book in books for period in book.tier_periods])
    for book in books:
        account = book.account
        values = {name: getattr(account, name) for name in Account.__slots__ if name != "member_id"}
        _UPDATE.run(tx, {"of": account.member_id, **values})
        book.entries, book.tier_periods = [], []

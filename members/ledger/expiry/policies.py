"""Which rules of expiry a program follows. Each policy is one module with the same functions (R5)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from members.account import Account
from members.ledger.expiry import sliding_account
from program.config import Program


class ExpiryPolicy(Protocol):
    """What a policy does to an account's expiry just before points are posted."""

    def purchase_settles(self, account: Account, program: Program, at: datetime) -> None: ...
    def points_are_given(self, account: Account, program: Program, at: datetime) -> None: ...
    def points_come_back(self, account: Account, taken_with_expiry: datetime | None) -> None: ...
    def validity_is_refreshed(self, account: Account, program: Program, at: datetime) -> None: ...
    def accounts_join(self, into: Account, from_: Account, program: Program, at: datetime) -> None: ...


_POLICIES: dict[str, ExpiryPolicy] = {"sliding_account": sliding_account}


def expiry_policy(program: Program) -> ExpiryPolicy:
    return _POLICIES[program.expiry_policy]

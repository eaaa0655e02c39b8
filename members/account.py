"""A member's account: points and tier as they stand. Whoever changes it holds its row's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from kernel.database import among, id_list, table_of
from members.tables import AccountRow

accounts_t = table_of(AccountRow)


@dataclass(slots=True)
class Account:
    """Points, minor units of the program's currency, UTC instants. Meanings: `members.tables.AccountRow`."""

    member_id: str
    balance: int
    expires_at: datetime | None
    tier_code: str
    tier_review_at: datetime | None
    qualifying_spend: int
    window: int
    entries: int
    orders: int
    next_due_at: datetime | None
    closed_at: datetime | None


ACCOUNT_COLUMNS = tuple(accounts_t.c[name] for name in Account.__slots__)

_BY_ID = select(*ACCOUNT_COLUMNS).where(among(accounts_t.c.member_id, id_list("ids")))


def accounts_by_id(conn: Connection, member_ids: Sequence[str]) -> dict[str, Account]:
    rows = conn.execute(_BY_ID, {"ids": member_ids})
    return {row.member_id: Account(*row) for row in rows}


def available_to_everybody(conn: Connection) -> int:
    """The sum of all balances."""
    return int(conn.execute(select(func.coalesce(func.sum(accounts_t.c.balance), 0))).scalar_one())

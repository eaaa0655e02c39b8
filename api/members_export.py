"""All members in one CSV file: tier, spend, points, and what the ledger says by kind."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection, func, select

from checkout.points import pending_of
from checkout.shop import Shop
from checkout.timeline import bring_everyone_up_to_date
from kernel.database import among, table_of
from kernel.money import Money
from members.account import accounts_t
from members.register import members_t
from members.tables import EntryKind, LedgerEntryRow

BATCH = 1000
HEADER = ["member", "tier", "qualifyingSpend", "available", "pending", *EntryKind]

entries_t = table_of(LedgerEntryRow)


def export_members(shop: Shop, file: Path, advance: Callable[[int, int], None]) -> int:
    """Writes the file, ordered by member number, everything that is due having happened. Says how many members."""
    bring_everyone_up_to_date(shop)
    with shop.db.read() as conn, file.open("w", newline="", encoding="utf-8") as out:
        currency = shop.shelf.programs(conn).at(shop.clock.now()).program.currency
        # Sorted here: each database has its own idea of the order of texts.
        members = sorted((number, id_) for number, id_ in conn.execute(select(members_t.c.number, members_t.c.id)))
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEADER)
        for start in range(0, len(members), BATCH):
            batch = members[start : start + BATCH]
            writer.writerows(_rows(conn, batch, currency))
            advance(start + len(batch), len(members))
    return len(members)


def _rows(conn: Connection, batch: Sequence[tuple[str, str]], currency: str) -> Iterator[list[object]]:
    ids = [member_id for _, member_id in batch]
    accounts = conn.execute(
        select(
            accounts_t.c.member_id, accounts_t.c.tier_code, accounts_t.c.qualifying_spend, accounts_t.c.balance
        ).where(among(accounts_t.c.member_id, ids))
    )
    account_of = {row.member_id: row for row in accounts}
    sums = conn.execute(
        select(entries_t.c.member_id, entries_t.c.kind, func.sum(entries_t.c.points))
        .where(among(entries_t.c.member_id, ids))
        .group_by(entries_t.c.member_id, entries_t.c.kind)
    )
    sum_of = {(member_id, kind): int(points) for member_id, kind, points in sums}
    pending = pending_of(conn, ids)
    for number, member_id in batch:
        account = account_of[member_id]
        waiting = pending.get(member_id)
        yield [
            number,
            account.tier_code,
            Money(account.qualifying_spend, currency),
            account.balance,
            waiting.pending_points if waiting else 0,
            *(sum_of.get((member_id, kind), 0) for kind in EntryKind),
        ]

"""The database itself refuses to change or remove a ledger entry, whoever asks (R9)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from kernel.database import table_of
from members.tables import AccountRow, LedgerEntryRow, MemberRow

NOW = datetime(2026, 1, 1, tzinfo=UTC)
REFUSED = "never changed or removed"

entry_t = table_of(LedgerEntryRow)


def _entry(**changes):
    return {
        "id": "ent_1",
        "member_id": "mem_1",
        "seq": 1,
        "kind": "EARNED",
        "points": 100,
        "balance_after": 100,
        "occurred_at": NOW,
        "source": "order:ord_1:earn",
    } | changes


@pytest.fixture
def ledger(db):
    """A database with one entry of 100 points."""
    with db.write() as tx:
        tx.execute(
            table_of(MemberRow).insert().values(
                id="mem_1", number="10000001", nickname="Ana", gender="FEMALE", joined_at=NOW
            )
        )  # fmt: skip
        tx.execute(
            table_of(AccountRow).insert().values(
                member_id="mem_1", balance=100, tier_code="ORDINARY", qualifying_spend=0, window=0, entries=1, orders=1
            )
        )  # fmt: skip
        tx.execute(entry_t.insert().values(_entry()))
    yield db
    with db.read() as connection:
        assert [row.points for row in connection.execute(entry_t.select())] == [100]


def _refused(db, statement):
    with pytest.raises(DatabaseError, match=REFUSED), db.write() as tx:
        tx.execute(statement)


def test_an_entry_is_not_changed(ledger):
    _refused(ledger, entry_t.update().values(points=1_000_000))


def test_an_entry_is_not_removed(ledger):
    _refused(ledger, entry_t.delete())


def test_the_ledger_is_not_emptied_at_one_stroke(ledger):
    if ledger.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    _refused(ledger, text("TRUNCATE ledger_entry"))
    _refused(ledger, text("TRUNCATE member CASCADE"))


CONFLICTS = {
    "id": {"seq": 2, "source": "other"},
    "sequence": {"id": "ent_2", "source": "other"},
    "source": {"id": "ent_2", "seq": 2},
}


@pytest.mark.parametrize("changes", CONFLICTS.values(), ids=CONFLICTS)
def test_an_entry_is_not_written_over(ledger, changes):
    if not ledger.is_sqlite:
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    _refused(ledger, entry_t.insert().prefix_with("OR REPLACE").values(_entry(points=5, **changes)))


@pytest.mark.parametrize("changes", CONFLICTS.values(), ids=CONFLICTS)
def test_an_entry_is_not_written_over_by_somebody_who_connects_in_another_way(ledger, changes):
    if not ledger.is_sqlite:
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    row = _entry(points=5, occurred_at="2026-01-01 00:00:00", **changes)
    statement = f"REPLACE INTO ledger_entry ({', '.join(row)}) VALUES ({', '.join(':' + name for name in row)})"
    with closing(sqlite3.connect(make_url(ledger.url).database)) as connection:
        assert connection.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
            connection.execute(statement, row)


@pytest.mark.parametrize("keys", [["id"], ["member_id", "seq"], ["member_id", "source"]])
def test_an_entry_is_not_changed_by_an_insert_that_meets_it(ledger, keys):
    dialect = sqlite if ledger.is_sqlite else postgresql
    statement = dialect.insert(entry_t).values(_entry())
    _refused(ledger, statement.on_conflict_do_update(index_elements=keys, set_={"points": 1_000_000}))

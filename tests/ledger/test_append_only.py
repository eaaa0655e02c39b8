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

from kernel.database import Database, table_of
from members.tables import AccountRow, LedgerEntryRow, MemberRow

NOON = datetime(2026, 1, 1, tzinfo=UTC)
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
        "occurred_at": NOON,
        "source": "order:ord_1:earn",
    } | changes


def _open(url):
    """A database with one entry of 100 points, which is there unchanged in the end."""
    db = Database(url)
    with db.write() as tx:
        tx.execute(
            table_of(MemberRow).insert(),
            {"id": "mem_1", "number": "10000001", "nickname": "Ana", "gender": "FEMALE", "joined_at": NOON},
        )
        tx.execute(
            table_of(AccountRow).insert(),
            {"member_id": "mem_1", "balance": 100, "tier_code": "ORDINARY", "qualifying_spend": 0}
            | {"window": 0, "entries": 1, "orders": 1},
        )
        tx.execute(entry_t.insert().values(_entry()))
    yield db
    with db.read() as connection:
        assert [row.points for row in connection.execute(entry_t.select())] == [100]
    db.close()


@pytest.fixture
def ledger(database_url):
    yield from _open(database_url)


@pytest.fixture
def sqlite_ledger(sqlite_databases):
    with sqlite_databases.migrated() as url:
        yield from _open(url)


@pytest.fixture
def postgresql_ledger(postgresql_databases):
    with postgresql_databases.migrated() as url:
        yield from _open(url)


def _refused(db, statement):
    with pytest.raises(DatabaseError, match=REFUSED), db.write() as tx:
        tx.execute(statement)


def test_an_entry_is_not_changed(ledger):
    _refused(ledger, entry_t.update().values(points=1_000_000))


def test_an_entry_is_not_removed(ledger):
    _refused(ledger, entry_t.delete())


@pytest.mark.postgresql
@pytest.mark.parametrize("statement", ["TRUNCATE ledger_entry", "TRUNCATE member CASCADE"])
def test_the_ledger_is_not_emptied_at_one_stroke(postgresql_ledger, statement):
    _refused(postgresql_ledger, text(statement))


CONFLICTS = {
    "id": {"seq": 2, "source": "other"},
    "sequence": {"id": "ent_2", "source": "other"},
    "source": {"id": "ent_2", "seq": 2},
}


@pytest.mark.parametrize("changes", CONFLICTS.values(), ids=CONFLICTS)
def test_an_entry_is_not_written_over(sqlite_ledger, changes):
    _refused(sqlite_ledger, entry_t.insert().prefix_with("OR REPLACE").values(_entry(points=5, **changes)))


@pytest.mark.parametrize("changes", CONFLICTS.values(), ids=CONFLICTS)
def test_an_entry_is_not_written_over_by_somebody_who_connects_in_another_way(sqlite_ledger, changes):
    row = _entry(points=5, occurred_at="2026-01-01 00:00:00", **changes)
    statement = f"REPLACE INTO ledger_entry ({', '.join(row)}) VALUES ({', '.join(':' + name for name in row)})"
    with closing(sqlite3.connect(make_url(sqlite_ledger.url).database)) as connection:
        assert connection.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
            connection.execute(statement, row)


@pytest.mark.parametrize("keys", [["id"], ["member_id", "seq"], ["member_id", "source"]])
def test_an_entry_is_not_changed_by_an_insert_that_meets_it(ledger, keys):
    dialect = sqlite if ledger.is_sqlite else postgresql
    statement = dialect.insert(entry_t).values(_entry())
    _refused(ledger, statement.on_conflict_do_update(index_elements=keys, set_={"points": 1_000_000}))

"""The migrations lead to the tables in code, and back again, on both databases."""

from __future__ import annotations

import pytest
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from kernel.database import Database, driver_url
from migrations import run
from migrations.current import head, is_current


def _tables(url):
    engine = create_engine(driver_url(url))
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def _is_current(url):
    database = Database(url)
    try:
        with database.read() as connection:
            return is_current(connection)
    finally:
        database.close()


def _index_of_sums(url):
    engine = create_engine(driver_url(url))
    try:
        indexes = inspect(engine).get_indexes("ledger_entry")
    finally:
        engine.dispose()
    return [index["column_names"] for index in indexes if "kind" in index["column_names"]]


def _guards(url):
    engine = create_engine(driver_url(url))
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entry'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'ledger_entry'::regclass AND NOT tgisinternal",
    }[engine.dialect.name]
    with engine.connect() as connection:
        found = set(connection.execute(text(names)).scalars())
    engine.dispose()
    return found


def test_up_and_down_and_up_again_leads_to_the_tables_in_code(empty_database_url):
    assert not _is_current(empty_database_url)
    run.upgrade(empty_database_url)
    run.check(empty_database_url)
    assert _is_current(empty_database_url)
    run.downgrade(empty_database_url, "base")
    assert _tables(empty_database_url) == {"alembic_version"}
    assert not _is_current(empty_database_url)
    run.upgrade(empty_database_url)
    run.check(empty_database_url)


def test_migrating_twice_changes_nothing(database_url):
    run.upgrade(database_url)
    run.check(database_url)
    assert _is_current(database_url)


def test_a_table_that_no_migration_made_is_noticed(empty_database_url):
    with pytest.raises(run.Difference, match="add_table"):
        run.check(empty_database_url)


def test_a_database_that_is_a_step_behind_is_not_current(empty_database_url):
    run.upgrade(empty_database_url, "0001")
    assert not _is_current(empty_database_url)


def test_the_ledger_is_guarded_before_and_after_its_index_comes_and_goes(empty_database_url):
    run.upgrade(empty_database_url, "0009")
    assert _index_of_sums(empty_database_url) == []
    guards = _guards(empty_database_url)
    assert guards
    run.upgrade(empty_database_url, "0010")
    assert _index_of_sums(empty_database_url) == [["kind", "occurred_at", "points"]]
    assert _guards(empty_database_url) == guards
    run.downgrade(empty_database_url, "0009")
    assert _index_of_sums(empty_database_url) == []
    assert _guards(empty_database_url) == guards


def test_the_newest_revision_is_the_one_that_the_migrations_lead_to(empty_database_url):
    run.upgrade(empty_database_url)
    engine = create_engine(driver_url(empty_database_url))
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_heads() == (head(),)
    engine.dispose()

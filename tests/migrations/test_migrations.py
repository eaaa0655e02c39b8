"""The migrations lead to the tables in code, and back again, on both databases."""

from __future__ import annotations

import pytest
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

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


def test_the_newest_revision_is_the_one_that_the_migrations_lead_to(empty_database_url):
    run.upgrade(empty_database_url)
    engine = create_engine(driver_url(empty_database_url))
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_heads() == (head(),)
    engine.dispose()

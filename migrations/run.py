"""Runs the migrations, from the checkout or from the installed package: no file says where they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, inspect

from kernel.database import Database
from migrations.current import head
from migrations.tables import METADATA

# Any number that nothing else locks: two processes that migrate at once take turns.
_ADVISORY_LOCK = 5_204_710_221


class Difference(Exception):
    """Tables and migrations do not say the same. Says where, one difference to a line."""


def upgrade(url: str, to: str = "head") -> None:
    """Brings a database up to a revision; the newest, unless another is named."""
    with _alembic(url) as config:
        command.upgrade(config, to)


def downgrade(url: str, to: str) -> None:
    """Takes a database back to a revision; "base" is the empty database."""
    with _alembic(url) as config:
        command.downgrade(config, to)


def check(url: str) -> None:
    """Compares a migrated database with the tables in code.

    Raises:
        Difference: they are not the same.
    """
    with _transaction(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = [repr(difference) for difference in compare_metadata(context, METADATA)]
        if not differences and connection.dialect.name == "sqlite":
            differences = _different_checks(connection)
    if differences:
        raise Difference("\n".join(differences))


def _different_checks(connection: Connection) -> list[str]:
    """Alembic passes CHECK constraints over. SQLite keeps their text as it was written, so that it can be compared."""
    made = inspect(connection)
    differences: list[str] = []
    for table in METADATA.sorted_tables:
        there = {str(c["name"]): c["sqltext"] for c in made.get_check_constraints(table.name)}
        named = {str(c.name): str(c.sqltext) for c in table.constraints if isinstance(c, CheckConstraint)}
        if there != named:
            differences.append(f"{table.name}: {there} in the database, {named} in code")
    return differences


def draft(url: str, message: str) -> None:
    """Writes a new migration from what differs. For developers; the outcome wants reading."""
    with _alembic(url) as config:
        following = f"{int(head()) + 1:04}"
        command.revision(config, message, autogenerate=True, rev_id=following)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


@contextmanager
def _alembic(url: str) -> Iterator[Config]:
    with _transaction(url) as connection:
        config = _config()
        config.attributes["connection"] = connection
        yield config


@contextmanager
def _transaction(url: str) -> Iterator[Connection]:
    database = Database(url)
    try:
        with database.engines[0].connect() as connection:
            if database.is_sqlite:
                # SQLite changes a table by copying it and dropping the old one, which foreign keys would take for
                # deletions. Heard only outside a transaction.
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                if not database.is_sqlite:
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
                yield connection
    finally:
        database.close()

"""Very many rows at once: PostgreSQL takes them as one stream, which costs it a tenth of as many INSERTs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError

from kernel.database import Transaction

WORTH_IT = 500
"""Rows from which a stream costs less than it takes to begin one."""


def insert_many(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows that all name the same columns, of texts, numbers and instants only."""
    if not rows:
        return
    if tx.dialect.name != "postgresql" or len(rows) < WORTH_IT:
        tx.execute(table.insert(), list(rows))
        return
    names = list(rows[0])
    columns = ", ".join(tx.dialect.identifier_preparer.quote(name) for name in names)
    driver: Any = tx.connection.driver_connection
    dialect: Any = tx.dialect
    statement = f"COPY {table.name} ({columns}) FROM STDIN"
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])
    except dialect.loaded_dbapi.Error as error:
        base = dialect.loaded_dbapi.Error
        raise DBAPIError.instance(statement, None, error, base, hide_parameters=True, dialect=dialect) from error

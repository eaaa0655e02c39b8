"""Very many rows at once, past SQLAlchemy: PostgreSQL takes them as one stream, which costs it a tenth of as many
INSERTs; SQLite takes them straight from the driver."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError

from kernel.database import Transaction

WORTH_IT = 500
"""Rows from which a way of their own costs less than it takes to begin one."""


def insert_many(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows that all name the same columns. What a row does not name is NULL: columns have no defaults here."""
    if not rows:
        return
    if len(rows) < WORTH_IT:
        tx.execute(table.insert(), list(rows))
        return
    dialect: Any = tx.dialect
    driver: Any = tx.connection.driver_connection
    # In the order in which SQLAlchemy names them.
    names = [column.name for column in table.columns if column.name in rows[0]]
    values = _converted(table, names, rows, dialect)
    if dialect.name == "postgresql":
        columns = ", ".join(dialect.identifier_preparer.quote(name) for name in names)
        statement = f"COPY {table.name} ({columns}) FROM STDIN"
    else:
        statement = str(table.insert().compile(dialect=dialect, column_keys=names))
    try:
        if dialect.name == "postgresql":
            with driver.cursor() as cursor, cursor.copy(statement) as copy:
                for row in values:
                    copy.write_row(row)
        else:
            driver.executemany(statement, values)
    except dialect.loaded_dbapi.Error as error:
        base = dialect.loaded_dbapi.Error
        raise DBAPIError.instance(statement, None, error, base, hide_parameters=True, dialect=dialect) from error


def _converted(
    table: Table,
    names: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    dialect: Any,  # noqa: ANN401 - SQLAlchemy's own
) -> Iterator[list[Any]]:
    """The values as the driver takes them: what a column's type makes of them."""
    converts: list[tuple[int, Callable[[Any], Any]]] = []
    for at, name in enumerate(names):
        convert = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if convert is not None:
            converts.append((at, convert))
    for row in rows:
        values = [row[name] for name in names]
        for at, convert in converts:
            values[at] = convert(values[at])
        yield values

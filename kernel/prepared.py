"""Statements that are put together once and run often: past SQLAlchemy's steps, straight on the driver's cursor.

A statement of the shop's busiest ways costs SQLAlchemy more time than PostgreSQL: finding it in its cache, naming the
columns of the answer, wrapping its rows. `Prepared` keeps the text that SQLAlchemy has made of a statement, with what
converts its values and columns, and hands both to psycopg. On SQLite, where somebody listens to what is sent, and for
what is not plain (lists that are written out, defaults that are worked out), SQLAlchemy runs the statement as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.exc import DBAPIError

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]


@dataclass(slots=True)
class _Text:
    """What SQLAlchemy made of a statement. `given` are the names that each run gives, `fixed` values of its own,
    `writes` and `reads` convert values by name and columns by position; `reads` waits for the first answer."""

    sql: str
    given: frozenset[str]
    fixed: dict[str, Any]
    writes: dict[str, Convert]
    types: tuple[Any, ...]
    reads: list[tuple[int, Convert]] | None = None

    def filled(self, values: Values) -> dict[str, Any]:
        if values.keys() != self.given:
            raise ValueError(f"The statement was made for {sorted(self.given)}, not for {sorted(values)}.")
        filled = {**self.fixed, **values}
        for name, convert in self.writes.items():
            filled[name] = convert(filled[name])
        return filled

    def fetched(self, cursor: Any, dialect: Any) -> Sequence[Any]:  # noqa: ANN401 - the driver's own
        if self.reads is None:
            found = [
                type_.dialect_impl(dialect).result_processor(dialect, column.type_code)
                for type_, column in zip(self.types, cursor.description, strict=True)
            ]
            self.reads = [(i, convert) for i, convert in enumerate(found) if convert is not None]
        rows = cursor.fetchall()
        if not self.reads:
            return rows
        converted = [list(row) for row in rows]
        for row in converted:
            for i, convert in self.reads:
                row[i] = convert(row[i])
        return converted


class Prepared:
    """A Core statement, for connections that `Database` gave. Each run gives values of the same names."""

    def __init__(self, statement: Executable) -> None:
        # Of an INSERT, SQLAlchemy forgets the count of rows unless it is told to keep it.
        self._statement: Any = statement.execution_options(preserve_rowcount=True)
        self._text: _Text | None = None
        self._plain = True

    def rows(self, conn: Connection, values: Values) -> Sequence[Any]:
        """The rows of the answer, each a sequence with its columns in the statement's order."""
        text = self._text_for(conn, values)
        if text is None:
            return conn.execute(self._statement, dict(values)).all()
        return text.fetched(_sent(conn, text.sql, text.filled(values)), conn.dialect)

    def row(self, conn: Connection, values: Values) -> Any:  # noqa: ANN401 - as typed as SQLAlchemy's own rows
        """The only row of the answer; None where there is none."""
        found = self.rows(conn, values)
        assert len(found) <= 1, "at most one row was expected"
        return found[0] if found else None

    def run(self, conn: Connection, values: Values) -> int:
        """Says how many rows were changed."""
        text = self._text_for(conn, values)
        if text is None:
            return conn.execute(self._statement, dict(values)).rowcount
        return _sent(conn, text.sql, text.filled(values)).rowcount

    def run_all(self, conn: Connection, many: Sequence[Values]) -> None:
        """Runs once for each set of values; all of them are sent together."""
        text = self._text_for(conn, many[0]) if many else None
        if text is not None:
            _sent(conn, text.sql, [text.filled(values) for values in many])
        elif many:
            conn.execute(self._statement, [dict(values) for values in many])

    def _text_for(self, conn: Connection, values: Values) -> _Text | None:
        """The text, made at the first run; None where SQLAlchemy is to run the statement."""
        engine: Any = conn.engine
        if not self._plain or conn.dialect.name != "postgresql" or engine.dispatch.before_cursor_execute:
            return None
        if self._text is None:
            self._text = _text_of(self._statement, conn.dialect, values)
            self._plain = self._text is not None
        return self._text


def _text_of(statement: Any, dialect: Any, values: Values) -> _Text | None:  # noqa: ANN401 - SQLAlchemy's own
    compiled = statement.compile(dialect=dialect, column_keys=list(values))
    defaults = {column.key: column.default for column in (*compiled.insert_prefetch, *compiled.update_prefetch)}
    if compiled.post_compile_params or not all(default.is_scalar for default in defaults.values()):
        return None
    binds = {name: bind for bind, name in compiled.bind_names.items()}
    fixed = {name: bind.effective_value for name, bind in binds.items() if name not in values}
    missing = [name for name in fixed if binds[name].required and name not in defaults]
    if missing:
        raise ValueError(f"The statement needs {missing} too.")
    fixed.update({name: default.arg for name, default in defaults.items()})
    writes: dict[str, Convert] = {}
    for name, bind in binds.items():
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if convert is not None:
            writes[name] = convert
    types = tuple(column.type for column in statement.exported_columns)
    return _Text(str(compiled), frozenset(values), fixed, writes, types)


def _sent(conn: Connection, sql: str, values: dict[str, Any] | list[dict[str, Any]]) -> Any:  # noqa: ANN401
    """A cursor of the driver that has run the statement. What goes wrong is told as SQLAlchemy tells it."""
    driver: Any = conn.connection.driver_connection
    dialect: Any = conn.dialect
    cursor = driver.cursor()
    try:
        if isinstance(values, list):
            cursor.executemany(sql, values)
        else:
            cursor.execute(sql, values)
    except dialect.loaded_dbapi.Error as error:
        lost = dialect.is_disconnect(error, driver, cursor)
        if lost:
            conn.invalidate(error)
        base = dialect.loaded_dbapi.Error
        raise DBAPIError.instance(
            sql, None, error, base, hide_parameters=True, connection_invalidated=lost, dialect=dialect
        ) from error
    return cursor

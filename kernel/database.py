"""The database: one door to read, one door to write. Knows SQLite and PostgreSQL, and nothing of the shop."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, NewType, TypeVar

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Connection,
    Engine,
    Table,
    Text,
    create_engine,
    event,
    types,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import bindparam
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import InternalTraversal
from sqlmodel import SQLModel

from kernel.prepared import Prepared

Transaction = NewType("Transaction", Connection)
"""A connection inside a transaction that the caller ends. Whoever takes one may write, and never commits."""

Answer = TypeVar("Answer")

# The pool is the admission control: more connections make a hot row slower, not faster.
POOL_SIZE = 12
ATTEMPTS = 5
_RETRIABLE = {"40001", "40P01"}  # serialization failure, deadlock

# What PostgreSQL takes a list to have that it has not looked into. A shorter one looks cheaper to it if it does look,
# and so it plans the statement anew each time; filled up with its last value, the list is planned for once.
PLANNED_FOR = 10


class TryAgain(Exception):
    """Another transaction was first; the same use case, run again, finds what that one did."""


class Database:
    """Reads and writes through two engines, so that a read never waits for the writer on SQLite."""

    def __init__(self, url: str, *, behind_pgbouncer: bool = False) -> None:
        self.url = driver_url(url)
        self.is_sqlite = make_url(self.url).get_backend_name() == "sqlite"
        # SQLite lets one connection write at a time; a lock here queues fairly where its own waiting polls.
        self._turn = threading.Lock() if self.is_sqlite else None
        if self.is_sqlite:
            self._writer = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE")
            self._reader = _sqlite_engine(self.url, begin="BEGIN")
        else:
            self._writer = _postgres_engine(self.url, behind_pgbouncer)
            self._reader = self._writer.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read with. Each statement sees what is committed when it runs."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction: committed at the end of the block, undone by an exception."""
        if self._turn is None:
            with self._writer.begin() as connection:
                yield Transaction(connection)
        else:
            with self._turn, self._writer.begin() as connection:
                yield Transaction(connection)

    def retrying(self, use_case: Callable[[], Answer]) -> Answer:
        """Runs a use case again where it lost a race: deadlock, serialization failure, or `TryAgain`."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return use_case()
            except (DBAPIError, TryAgain) as error:
                state = getattr(getattr(error, "orig", None), "sqlstate", None)
                if attempt == ATTEMPTS or (state not in _RETRIABLE and not isinstance(error, TryAgain)):
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()

    @property
    def engines(self) -> tuple[Engine, ...]:
        return (self._writer, self._reader)


def driver_url(url: str) -> str:
    """The same database, addressed through the driver that we use."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _postgres_engine(url: str, behind_pgbouncer: bool) -> Engine:
    connect_args: dict[str, Any] = {"options": "-c timezone=UTC"}
    if behind_pgbouncer:
        # Prepared statements and options belong to a server connection, which pgbouncer changes between transactions.
        connect_args = {"prepare_threshold": None}
    return create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=4,
        # The connection used last is taken first: its statements are prepared already.
        pool_use_lifo=True,
        pool_pre_ping=False,
        hide_parameters=True,
        connect_args=connect_args,
    )


def _sqlite_engine(url: str, *, begin: str) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            # Milliseconds: another process may be writing a large sheet, and whoever pays meanwhile waits for it.
            "busy_timeout=60000",
            # Without it INSERT OR REPLACE deletes rows without asking the triggers that guard the ledger.
            "recursive_triggers=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


class _TextList(types.TypeDecorator[Sequence[str]]):
    """A list of texts as one parameter: an array on PostgreSQL, a JSON text on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Any) -> Any:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return [*value, *list(value[-1:]) * (PLANNED_FOR - len(value))]
        return json.dumps(list(value))


class among(ColumnElement[bool]):  # noqa: N801 - reads as part of a statement, like select() and exists()
    """`column` is one of `values`, as one parameter: the statement stays the same for any number of them.

    `values` may be an `id_list`, whose ids are given when the statement runs.
    """

    inherit_cache = True
    type = types.Boolean()
    _traverse_internals = [  # noqa: RUF012 - SQLAlchemy's own way to say what a construct is made of
        ("column", InternalTraversal.dp_clauseelement),
        ("values", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: Any, values: Sequence[str] | BindParameter[Any]) -> None:
        self.column = column
        given = isinstance(values, BindParameter)
        self.values = values if given else bindparam(None, list(values), type_=_TextList(), unique=True)

    def self_group(self, against: Any = None) -> Any:
        # Otherwise SQLite, which has no booleans, is told "... = 1", and looks at every row instead of an index.
        return self


def id_list(name: str) -> BindParameter[Any]:
    """A parameter for `among`, in statements that are made once and run often."""
    return bindparam(name, type_=_TextList())


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: Any, **kw: Any) -> str:
    return f"{compiler.process(element.column, **kw)} = ANY({compiler.process(element.values, **kw)})"


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: Any, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.values, **kw)
    return f"{column} IN (SELECT value FROM json_each({values}))"


def insert_new(tx: Transaction, table: Table, row: Mapping[str, Any]) -> bool:
    """Inserts a row unless one of its unique keys is taken. Says whether it did."""
    return _insert_new(table, tx.dialect.name, tuple(row)).run(tx, row) == 1


@cache
def _insert_new(table: Table, dialect: str, _names: tuple[str, ...]) -> Prepared:
    return Prepared((sqlite if dialect == "sqlite" else postgresql).insert(table).on_conflict_do_nothing())


def table_of(model: type[SQLModel]) -> Table:
    """The Core table of a record class: rows, not entities, are what we read and write."""
    # SQLModel gives a class its table at run time, which its types do not say.
    return model.__table__  # type: ignore[attr-defined]

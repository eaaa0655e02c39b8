"""Databases for tests. Migrations run once for each worker; every test gets one as they have made it.

To make a database, and to open one for the first time, takes longer than most tests. So those that tests have left are
made as new again, and handed out with their connections still open. So are the connections by which they are made new.
"""

from __future__ import annotations

import secrets
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import QueuePool
from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from kernel.database import Database

# More connections than tests need one after another are let go: the server has a hundred for all workers.
MOST_OPEN = 4

# What says how far the migrations have come stays.
_TABLES: LiteralString = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
ORDER BY relname
"""

# What is not rows: tables, columns, indexes, statistics, triggers, the version; and whether it has grown large.
_LOOK: LiteralString = """
SELECT
    (SELECT array_agg((relname, relkind, relnatts, reltuples)::text ORDER BY relname)
     FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT array_agg((tgname, tgenabled)::text ORDER BY tgname) FROM pg_trigger WHERE NOT tgisinternal),
    (SELECT array_agg(version_num) FROM alembic_version),
    pg_database_size(current_database()) > 60000000
"""


class Databases(ABC):
    """Hands out databases of one kind by their URL. Each is gone, or another's, when its block ends."""

    def __init__(self) -> None:
        self._ready: list[str] = []
        self._open: dict[str, Database] = {}

    @abstractmethod
    def empty(self) -> AbstractContextManager[str]:
        """A database without tables."""

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """A database with all migrations applied, and no rows."""
        url = self._ready.pop() if self._ready else self._make()
        try:
            yield url
        finally:
            if self._made_new(url):
                self._ready.append(url)
            else:
                self._let_go(url)
                self._remove(url)

    def opened(self, url: str) -> Database:
        """The database behind a URL that `migrated` gave. It is not to be closed: the next test may be given it."""
        from kernel.database import Database

        if url not in self._open:
            self._open[url] = Database(url)
        return self._open[url]

    @abstractmethod
    def copy(self, url: str) -> AbstractContextManager[str]:
        """A copy of one of ours that nobody uses just now."""

    def close(self) -> None:
        for url in self._ready:
            self._let_go(url)
            self._remove(url)

    def _let_go(self, url: str) -> None:
        if url in self._open:
            self._open.pop(url).close()

    @abstractmethod
    def _make(self) -> str: ...

    @abstractmethod
    def _made_new(self, url: str) -> bool:
        """Makes it as it was; False where that is not possible."""

    @abstractmethod
    def _remove(self, url: str) -> None: ...


class SqliteDatabases(Databases):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._numbers = count(1)
        self._fillers: dict[str, sqlite3.Connection] = {}

    def close(self) -> None:
        super().close()
        if "_template" in self.__dict__:
            self._template.close()

    @contextmanager
    def empty(self) -> Iterator[str]:
        url = self._new_url()
        try:
            yield url
        finally:
            self._remove(url)

    @contextmanager
    def copy(self, url: str) -> Iterator[str]:
        copied = self._new_url()
        # Page by page: to open and close the file by other means would let go of the locks that our connections hold,
        # and another process would then take itself for the last one there, and tidy up.
        with closing(sqlite3.connect(_path(url))) as source, closing(sqlite3.connect(_path(copied))) as target:
            source.backup(target)
        try:
            yield copied
        finally:
            self._remove(copied)

    def _make(self) -> str:
        url = self._new_url()
        self._fill(url)
        return url

    def _made_new(self, url: str) -> bool:
        try:
            self._fill(url)
        except sqlite3.Error:
            return False
        return True

    def _fill(self, url: str) -> None:
        """Page by page, past the guards; whoever has it open finds it so."""
        if url not in self._fillers:
            self._fillers[url] = sqlite3.connect(_path(url), timeout=0.2)
        self._template.backup(self._fillers[url])

    def _remove(self, url: str) -> None:
        if url in self._fillers:
            self._fillers.pop(url).close()
        path = _path(url)
        for beside in ("", "-wal", "-shm"):
            path.with_name(path.name + beside).unlink(missing_ok=True)

    def _new_url(self) -> str:
        return f"sqlite:///{self._folder / f'{next(self._numbers)}.db'}"

    @cached_property
    def _template(self) -> sqlite3.Connection:
        url = self._new_url()
        _migrate(url)
        return sqlite3.connect(_path(url))


class PostgresDatabases(Databases):
    """On a server where we may create databases; `server` is the URL of any database there."""

    def __init__(self, server: str) -> None:
        super().__init__()
        self._server = make_url(server).set(drivername="postgresql")
        # Other workers, and other runs, may use the same server.
        self._prefix = f"jifen_test_{secrets.token_hex(4)}"
        self._template_name = f"{self._prefix}_template"
        self._numbers = count(1)
        self._connection = psycopg.connect(self._url(self._server.database), autocommit=True)
        self._as_new: tuple[object, ...] | None = None
        self._cleaners: dict[str, psycopg.Connection] = {}
        self._which_have_rows = sql.SQL("").format()

    def close(self) -> None:
        super().close()
        self._drop(self._template_name)
        self._connection.close()

    @contextmanager
    def empty(self) -> Iterator[str]:
        with self._copy("template0") as url:
            yield url

    @contextmanager
    def copy(self, url: str) -> Iterator[str]:
        # The server copies only what nobody is connected to.
        self._let_go(url)
        with self._copy(_name(url)) as copied:
            yield copied

    def _make(self) -> str:
        name = f"{self._prefix}_{next(self._numbers)}"
        self._create(name, self._template)
        return self._url(name)

    def _made_new(self, url: str) -> bool:
        if url in self._open and _connections(self._open[url]) > MOST_OPEN:
            self._let_go(url)
        self._connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND state <> 'idle'",
            [_name(url)],
        )
        if url not in self._cleaners:
            self._cleaners[url] = psycopg.connect(url, autocommit=True)
        cleaner = self._cleaners[url]
        try:
            row = cleaner.execute(self._which_have_rows, prepare=True).fetchone()
            assert row is not None
            with cleaner.transaction():
                # Triggers and foreign keys are for other writers.
                cleaner.execute("SET LOCAL session_replication_role = replica")
                for table in row[0]:
                    cleaner.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            return cleaner.execute(_LOOK).fetchone() == self._as_new
        except (psycopg.errors.UndefinedTable, psycopg.OperationalError):
            # The test has changed the tables, or ended all connections.
            return False

    def _let_go(self, url: str) -> None:
        super()._let_go(url)
        if url in self._cleaners:
            self._cleaners.pop(url).close()

    def _remove(self, url: str) -> None:
        self._drop(_name(url))

    @cached_property
    def _template(self) -> str:
        self._create(self._template_name, "template0")
        url = self._url(self._template_name)
        _migrate(url)
        with psycopg.connect(url) as connection:
            self._as_new = connection.execute(_LOOK).fetchone()
            tables = [
                sql.SQL("CASE WHEN EXISTS (SELECT FROM {}) THEN {} END").format(sql.Identifier(name), name)
                for (name,) in connection.execute(_TABLES)
            ]
        self._which_have_rows = sql.SQL("SELECT array_remove(ARRAY[{}], NULL)").format(sql.SQL(", ").join(tables))
        return self._template_name

    @contextmanager
    def _copy(self, template: str) -> Iterator[str]:
        name = f"{self._prefix}_{next(self._numbers)}"
        self._create(name, template)
        try:
            yield self._url(name)
        finally:
            self._drop(name)

    def _create(self, name: str, template: str) -> None:
        if self._connection.info.server_version >= 150000:
            # Copied as files, not through the log: half the time, and there is no crash to guard against.
            self._run("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
        else:
            self._run("CREATE DATABASE {} TEMPLATE {}", name, template)

    def _drop(self, name: str) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _run(self, statement: LiteralString, *names: str) -> None:
        self._connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _url(self, database: str | None) -> str:
        return self._server.set(database=database).render_as_string(hide_password=False)


def _connections(database: Database) -> int:
    pool = database.engines[0].pool
    assert isinstance(pool, QueuePool)
    return pool.checkedin()


def _path(url: str) -> Path:
    return Path(_name(url))


def _name(url: str) -> str:
    return make_url(url).database or ""


def _migrate(url: str) -> None:
    from migrations.run import upgrade

    upgrade(url)

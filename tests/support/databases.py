"""Databases for tests. Migrations run once for each worker; every test gets a copy of what they made."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import LiteralString, Protocol

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url


class Databases(Protocol):
    """Hands out databases of one kind by their URL. Each is gone when its block ends."""

    def empty(self) -> AbstractContextManager[str]:
        """A database without tables."""
        ...

    def migrated(self) -> AbstractContextManager[str]:
        """A database with all migrations applied."""
        ...

    def copy(self, url: str) -> AbstractContextManager[str]:
        """A copy of one of ours that nobody uses just now."""
        ...


class SqliteDatabases:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    @contextmanager
    def empty(self) -> Iterator[str]:
        path = self._folder / f"{next(self._numbers)}.db"
        try:
            yield _sqlite_url(path)
        finally:
            _remove(path)

    @contextmanager
    def migrated(self) -> Iterator[str]:
        with self.copy(_sqlite_url(self._template)) as url:
            yield url

    @contextmanager
    def copy(self, url: str) -> Iterator[str]:
        path = self._folder / f"{next(self._numbers)}.db"
        original = Path(make_url(url).database or "")
        with closing(sqlite3.connect(original)) as connection:
            # The copy takes one file; nothing may be left in the log beside it.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(original, path)
        try:
            yield _sqlite_url(path)
        finally:
            _remove(path)

    @cached_property
    def _template(self) -> Path:
        path = self._folder / "template.db"
        _migrate(_sqlite_url(path))
        return path


class PostgresDatabases:
    """On a server where we may create databases; `server` is the URL of any database there."""

    def __init__(self, server: str) -> None:
        self._server = make_url(server).set(drivername="postgresql")
        # Other workers, and other runs, may use the same server.
        self._prefix = f"jifen_test_{secrets.token_hex(4)}"
        self._template_name = f"{self._prefix}_template"
        self._numbers = count(1)
        self._connection = psycopg.connect(self._url(self._server.database), autocommit=True)

    def close(self) -> None:
        self._drop(self._template_name)
        self._connection.close()

    @contextmanager
    def empty(self) -> Iterator[str]:
        with self._copy("template0") as url:
            yield url

    @contextmanager
    def migrated(self) -> Iterator[str]:
        with self._copy(self._template) as url:
            yield url

    @contextmanager
    def copy(self, url: str) -> Iterator[str]:
        with self._copy(make_url(url).database or "") as copied:
            yield copied

    @cached_property
    def _template(self) -> str:
        self._create(self._template_name, "template0")
        _migrate(self._url(self._template_name))
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


def _sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def _remove(path: Path) -> None:
    for beside in ("", "-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)


def _migrate(url: str) -> None:
    from migrations.run import upgrade

    upgrade(url)

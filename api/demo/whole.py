"""All or nothing: many use cases in one transaction, each of which believes that it has its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from kernel.database import Database, Transaction


class Within(Database):
    """A database seen from inside one transaction. What is committed here is there once that transaction is.

    The demo is made through this: interrupted, it leaves the shop as empty as it was.
    """

    def __init__(self, db: Database, tx: Transaction) -> None:
        # No engines of its own: everything goes through the one connection.
        self.url = db.url
        self.is_sqlite = db.is_sqlite
        self._tx = tx

    @contextmanager
    def read(self) -> Iterator[Connection]:
        yield self._tx

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        with self._tx.begin_nested():
            yield self._tx

    def close(self) -> None:
        """Nothing: the connection is the outer transaction's."""

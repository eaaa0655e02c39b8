"""Runs operations inside this process and notes the SQL statements that they send, as the tests count them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event
from starlette.applications import Starlette
from starlette.types import Message, Scope

from benchmarks.operations import Body
from kernel.database import Database

BEGIN, COMMIT = "BEGIN", "COMMIT"

Sets = Mapping[str, Any] | Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its parameters: one set, or several where it ran for several rows at once.

    BEGIN and COMMIT of transactions are noted too; they are not counted.
    """

    sql: str
    sets: tuple[dict[str, Any], ...] = ()

    @property
    def counts(self) -> bool:
        return self.sql not in (BEGIN, COMMIT)


@contextmanager
def noting(db: Database) -> Iterator[list[Statement]]:
    """The statements sent to the database meanwhile, in order. For one request at a time."""
    noted: list[Statement] = []

    def note(_conn: Connection, _cursor: object, sql: str, parameters: Sets, _context: object, many: bool) -> None:
        sets = parameters if many else [parameters]
        noted.append(Statement(sql, tuple(dict(values or {}) for values in sets)))  # type: ignore[arg-type]

    def begun(connection: Connection) -> None:
        if not _autocommits(connection):
            noted.append(Statement(BEGIN))

    def committed(connection: Connection) -> None:
        if not _autocommits(connection):
            noted.append(Statement(COMMIT))

    # The reader is a view of the writer on PostgreSQL, and hears what that hears.
    engine = db.engines[0]
    heard = (("before_cursor_execute", note), ("begin", begun), ("commit", committed))
    for name, listener in heard:
        event.listen(engine, name, listener)
    try:
        yield noted
    finally:
        for name, listener in heard:
            event.remove(engine, name, listener)


def _autocommits(connection: Connection) -> bool:
    driver: Any = connection.connection.driver_connection
    return driver.autocommit


def ask(app: Starlette, content: Body, token: str | None) -> dict[str, Any]:
    """One request to the application, without a network. Raises AssertionError where it is refused."""
    answer = json.loads(asyncio.run(_post(app, json.dumps(content).encode(), token)))
    assert "errors" not in answer, answer
    return answer["data"]


async def _post(app: Starlette, content: bytes, token: str | None) -> bytes:
    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json"), (b"accept", b"application/json")]
    if token is not None:
        headers.append((b"authorization", b"Bearer " + token.encode()))
    scope: Scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    answer = bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            answer.extend(message.get("body", b""))

    await app(scope, receive, send)
    return bytes(answer)

"""The outbox: what must leave the house is a row in the transaction that causes it, and is done afterwards.

At least once: whoever works on a message may die after doing it and before saying so. Each message therefore has a
key, which the outside is told as idempotency key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Connection, Select, func, select

from kernel.database import Database, Transaction, among, insert_new, table_of
from kernel.ids import new_id
from kernel.paging import Page, Window, keyset, take_page
from kernel.refusals import NotFound, Refused
from kernel.tables import OutboxRow

CLAIM = timedelta(minutes=2)
"""How long one attempt may take. Whoever works longer may find that somebody else has begun too."""

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 14

# Due long ago: a message is taken up as soon as its transaction has ended.
_AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)

outbox_t = table_of(OutboxRow)
_o = outbox_t.c

log = structlog.get_logger("jifen.outbox")


class OutboxState(StrEnum):
    WAITING = "WAITING"
    DONE = "DONE"
    SET_ASIDE = "SET_ASIDE"


class TryLater(Exception):
    """It could not be done now. `problem` is a word that the staff's texts explain."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class GiveUp(Exception):
    """It will never be done like this: staff have to look at it."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Message:
    """`attempts` counts this one. `payload` is what the sender wrote down."""

    id: str
    kind: str
    key: str
    subject_id: str
    payload: Mapping[str, Any]
    attempts: int


Handler = Callable[[Message], timedelta | None]
"""Does what a message asks for, outside of transactions. A timedelta: not finished, and to be asked again then."""


@dataclass(frozen=True, slots=True)
class OutboxRecord:
    """A message as staff see it: without its payload, which is for the handler alone."""

    id: str
    kind: str
    key: str
    subject_id: str
    created_at: datetime
    due_at: datetime
    attempts: int
    problem: str | None
    done_at: datetime | None
    set_aside_at: datetime | None

    @property
    def state(self) -> OutboxState:
        if self.done_at is not None:
            return OutboxState.DONE
        return OutboxState.WAITING if self.set_aside_at is None else OutboxState.SET_ASIDE


_RECORD = tuple(_o[name] for name in OutboxRecord.__slots__)
_STATES: Mapping[OutboxState, ColumnElement[bool]] = {
    OutboxState.WAITING: _o.done_at.is_(None) & _o.set_aside_at.is_(None),
    OutboxState.DONE: _o.done_at.is_not(None),
    OutboxState.SET_ASIDE: _o.set_aside_at.is_not(None),
}


def enqueue(
    tx: Transaction, kind: str, key: str, payload: Mapping[str, Any], *, subject_id: str, now: datetime
) -> None:
    """Writes down what is to be done once this transaction has ended. The same kind and key twice is one message.

    `subject_id` is what it is about; `now` the shop's instant.
    """
    row = {
        "id": new_id("out"),
        "kind": kind,
        "key": key,
        "subject_id": subject_id,
        "payload": dict(payload),
        "created_at": now,
        "due_at": _AT_ONCE,
        "attempts": 0,
    }
    insert_new(tx, outbox_t, row)


def deliver(
    db: Database,
    handlers: Mapping[str, Handler],
    *,
    clock: Callable[[], datetime],
    key: str | None = None,
    most: int = 1000,
) -> int:
    """Does what is waiting, of the kinds that there are handlers for, and says how many attempts it made.

    `clock` is the machine's. With a `key`, only what has that key, whether or not its pause is over.
    """
    tried: list[str] = []
    while len(tried) < most:
        message = _claim(db, list(handlers), clock(), key, tried if key is not None else [])
        if message is None:
            break
        tried.append(message.id)
        _attempt(db, handlers[message.kind], message, clock)
    return len(tried)


def send_again(tx: Transaction, message_id: str) -> OutboxRecord:
    """Takes up again what was set aside, with all its attempts before it. What waits already goes out at once.

    Raises:
        Refused: there is no such message. One that is done stays done.
    """
    tx.execute(
        outbox_t.update()
        .where(_o.id == message_id, _o.done_at.is_(None))
        .values(set_aside_at=None, attempts=0, due_at=_AT_ONCE)
    )
    found = outbox_by_id(tx, [message_id]).get(message_id)
    if found is None:
        raise Refused(NotFound(path=("messageId",), what="message"))
    return found


def forget_done(tx: Transaction, *, now: datetime, kept: timedelta = timedelta(days=60)) -> int:
    """Removes what was done long ago. Says how many."""
    return tx.execute(outbox_t.delete().where(_o.done_at < now - kept)).rowcount


def outbox_page(
    conn: Connection,
    window: Window,
    state: OutboxState | None = None,
    *,
    kind: str | None = None,
    besides: str | None = None,
) -> Page[OutboxRecord]:
    """Messages, newest first; of one kind, or of all but one."""
    wanted = _in_state(select(*_RECORD), state)
    if kind is not None:
        wanted = wanted.where(_o.kind == kind)
    if besides is not None:
        wanted = wanted.where(_o.kind != besides)
    statement = keyset(wanted, window, [(_o.created_at, True), (_o.id, True)])
    return take_page([OutboxRecord(*row) for row in conn.execute(statement)], window)


def outbox_count(conn: Connection, state: OutboxState | None = None) -> int:
    return conn.execute(_in_state(select(func.count(_o.id)), state)).scalar_one()


def outbox_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, OutboxRecord]:
    rows = conn.execute(select(*_RECORD).where(among(_o.id, ids)))
    return {row.id: OutboxRecord(*row) for row in rows}


def _in_state(statement: Select[Any], state: OutboxState | None) -> Select[Any]:
    return statement if state is None else statement.where(_STATES[state])


def _claim(
    db: Database, kinds: Sequence[str], now: datetime, key: str | None, without: Sequence[str]
) -> Message | None:
    """Takes the message that has been due longest. Two workers never take the same one at the same time."""
    wanted = select(_o.id).where(_STATES[OutboxState.WAITING], among(_o.kind, kinds))
    wanted = wanted.where(_o.due_at <= now) if key is None else wanted.where(_o.key == key)
    if without:
        wanted = wanted.where(~among(_o.id, without))
    # SQLite has no row locks and needs none: it lets one transaction write at a time.
    first = wanted.order_by(_o.due_at, _o.id).limit(1).with_for_update(skip_locked=True)
    with db.write() as tx:
        row = tx.execute(
            outbox_t.update()
            .where(_o.id == first.scalar_subquery())
            .values(due_at=now + CLAIM, attempts=_o.attempts + 1)
            .returning(_o.id, _o.kind, _o.key, _o.subject_id, _o.payload, _o.attempts)
        ).one_or_none()
    return None if row is None else Message(*row)


def _attempt(db: Database, handler: Handler, message: Message, clock: Callable[[], datetime]) -> None:
    try:
        again = handler(message)
    except GiveUp as given_up:
        _note(db, message, problem=given_up.problem, set_aside_at=clock())
    except Exception as error:
        problem = error.problem if isinstance(error, TryLater) else "unexpected"
        if not isinstance(error, TryLater):
            log.exception("a message could not be sent", kind=message.kind, message=message.id)
        if message.attempts >= MOST_ATTEMPTS:
            _note(db, message, problem=problem, set_aside_at=clock())
        else:
            _note(db, message, problem=problem, due_at=clock() + _pause(message.attempts))
    else:
        if again is None:
            # What was written down for the handler may name a phone: it is not kept longer than it is needed.
            _note(db, message, problem=None, done_at=clock(), payload={})
        else:
            _note(db, message, problem=None, due_at=clock() + again, attempts=0)


def _pause(attempts: int) -> timedelta:
    return min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)


def _note(db: Database, message: Message, **values: object) -> None:
    with db.write() as tx:
        tx.execute(outbox_t.update().where(_o.id == message.id, _o.done_at.is_(None)).values(**values))

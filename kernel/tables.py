"""Records of the kernel: the test clock, sessions, used idempotency keys, leases of background work, the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from kernel import columns
from kernel.columns import Record


class TestClockRow(Record, table=True):
    """Where the test clock stands; one row, shared by all processes."""

    __tablename__ = "test_clock"
    __test__ = False

    id: int = Field(primary_key=True)
    now: datetime


class SessionRow(Record, table=True):
    """A sign-in of a member or a member of staff. It ends at once when `ended_at` is set."""

    __tablename__ = "session"

    id: str = Field(primary_key=True)
    subject_id: str = Field(index=True)
    refresh_hash: str = Field(unique=True)
    refresh_expires_at: datetime = Field(index=True)
    created_at: datetime
    ended_at: datetime | None = Field(default=None, index=True)


class UsedRefreshTokenRow(Record, table=True):
    """A refresh token that has been used, by its hash alone. It goes when its session does."""

    __tablename__ = "used_refresh_token"

    token_hash: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="session.id", ondelete="CASCADE", index=True)
    used_at: datetime = Field(index=True)


class IdempotencyKeyRow(Record, table=True):
    """What a key was used for: a fingerprint of the input, and what came of it.

    Used keys stay for good: an order placed long ago is not placed again because somebody's queue was slow.
    """

    __tablename__ = "idempotency_key"

    actor_id: str = Field(primary_key=True)
    mutation: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: str
    result_id: str
    used_at: datetime


class LeaseRow(Record, table=True):
    """Who does a piece of background work, and until when nobody else may."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    until: datetime


_WAITING = text("done_at IS NULL AND set_aside_at IS NULL")


class OutboxRow(Record, table=True):
    """What must leave the house: a message of a kind, once for each key.

    `created_at` is the shop's time. `due_at`, `done_at` and `set_aside_at` are the machine's: the outside world does
    not wait for a clock that stands still. While somebody works on a message, it is due only after their time is up.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        Index("ix_outbox_waiting", "due_at", "id", postgresql_where=_WAITING, sqlite_where=_WAITING),
        Index("ix_outbox_subject_id", "subject_id"),
    )

    id: str = Field(primary_key=True)
    kind: str
    key: str
    subject_id: str
    payload: dict[str, Any] = columns.json()
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    problem: str | None = None
    done_at: datetime | None = None
    set_aside_at: datetime | None = None

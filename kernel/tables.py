"""Records of the kernel: the test clock, sessions, used idempotency keys, leases of background work."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

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
    refresh_expires_at: datetime
    created_at: datetime
    ended_at: datetime | None = None


class IdempotencyKeyRow(Record, table=True):
    """What a key was used for: a fingerprint of the input, and what came of it."""

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

"""Sessions of members and of staff: opened by a sign-in, carried on by refresh tokens, ended at once.

A refresh token works once. Only its hash is stored. One that has been used and comes again ends its session: either
somebody else has it, or the client lost the answer, and nobody can tell which (docs/decisions/sessions.md).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, select

from kernel.database import Transaction, table_of
from kernel.ids import new_id
from kernel.tables import SessionRow, UsedRefreshTokenRow

MEMBER_LIFETIME = timedelta(days=30)
STAFF_LIFETIME = timedelta(hours=12)

sessions_t = table_of(SessionRow)
used_tokens_t = table_of(UsedRefreshTokenRow)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session with the refresh token that carries it on; the token is known here and to the client alone."""

    session_id: str
    subject_id: str
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Reused:
    """A session that has just been ended, because a refresh token of it came a second time."""

    session_id: str
    subject_id: str


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session as its owner may see it. `carried_on_until` is when its refresh token expires."""

    id: str
    created_at: datetime
    carried_on_until: datetime
    ended_at: datetime | None


def open_session(tx: Transaction, subject_id: str, *, now: datetime, lifetime: timedelta) -> OpenSession:
    """Opens a session of a member or a member of staff."""
    opened = OpenSession(new_id("ses"), subject_id, _new_token())
    tx.execute(
        sessions_t.insert().values(
            id=opened.session_id,
            subject_id=subject_id,
            refresh_hash=_hash(opened.refresh_token),
            refresh_expires_at=now + lifetime,
            created_at=now,
        )
    )
    return opened


def rotate(
    tx: Transaction, refresh_token: str, kind: str, *, now: datetime, lifetime: timedelta, expires: bool = True
) -> OpenSession | Reused | None:
    """Takes a refresh token and gives the next one. None where it is unknown, expired or its session ended.

    `Reused`: it had been used before, and the session is over now; the caller commits that, whatever it answers.
    `kind` is that of the subject's id: a member's token opens nothing for staff. One conditional update: of
    two calls with the same token one gets the next, and the other one comes too late, with a used token.
    """
    token, used = _new_token(), _hash(refresh_token)
    of_kind = sessions_t.c.subject_id.startswith(f"{kind}_", autoescape=True)
    statement = sessions_t.update().where(sessions_t.c.refresh_hash == used, sessions_t.c.ended_at.is_(None), of_kind)
    if expires:
        statement = statement.where(sessions_t.c.refresh_expires_at > now)
    row = tx.execute(
        statement.values(refresh_hash=_hash(token), refresh_expires_at=now + lifetime).returning(
            sessions_t.c.id, sessions_t.c.subject_id
        )
    ).one_or_none()
    if row is not None:
        tx.execute(used_tokens_t.insert().values(token_hash=used, session_id=row.id, used_at=now))
        return OpenSession(row.id, row.subject_id, token)
    of_token = select(used_tokens_t.c.session_id).where(used_tokens_t.c.token_hash == used).scalar_subquery()
    ended = tx.execute(
        sessions_t.update()
        .where(sessions_t.c.id == of_token, sessions_t.c.ended_at.is_(None), of_kind)
        .values(ended_at=now)
        .returning(sessions_t.c.id, sessions_t.c.subject_id)
    ).one_or_none()
    return None if ended is None else Reused(ended.id, ended.subject_id)


def end_session(tx: Transaction, session_id: str, *, now: datetime) -> None:
    """Ends a session: its access tokens and its refresh token are refused from now on."""
    tx.execute(
        sessions_t.update().where(sessions_t.c.id == session_id, sessions_t.c.ended_at.is_(None)).values(ended_at=now)
    )


def end_sessions_of(tx: Transaction, subject_id: str, *, now: datetime, only: str | None = None) -> int:
    """Ends all sessions of a member or a member of staff, or `only` one of them. Says how many were open."""
    of_subject = [sessions_t.c.subject_id == subject_id, sessions_t.c.ended_at.is_(None)]
    if only is not None:
        of_subject.append(sessions_t.c.id == only)
    return tx.execute(sessions_t.update().where(*of_subject).values(ended_at=now)).rowcount


def sessions_of(
    conn: Connection, subject_id: str, *, open_at: datetime | None = None, expires: bool = True
) -> list[SessionRecord]:
    """A subject's sessions that are still known, newest first. `open_at`: only those open at that instant."""
    c = sessions_t.c
    statement = select(c.id, c.created_at, c.refresh_expires_at, c.ended_at).where(c.subject_id == subject_id)
    if open_at is not None:
        statement = statement.where(c.ended_at.is_(None))
        if expires:
            statement = statement.where(c.refresh_expires_at > open_at)
    return [SessionRecord(*row) for row in conn.execute(statement.order_by(c.created_at.desc(), c.id.desc()))]


def forget_old_sessions(tx: Transaction, *, now: datetime, kept: timedelta = timedelta(days=7)) -> int:
    """Removes sessions that nobody can carry on any more, and their used tokens. Says how many sessions.

    Of sessions that live on, tokens used a lifetime ago go too: they would have expired by themselves since.
    """
    tx.execute(used_tokens_t.delete().where(used_tokens_t.c.used_at < now - MEMBER_LIFETIME))
    return tx.execute(sessions_t.delete().where(is_over(now - kept))).rowcount


def is_over(long_ago: datetime) -> ColumnElement[bool]:
    """Sessions that expired or were ended before an instant. Both columns have an index."""
    return (sessions_t.c.refresh_expires_at < long_ago) | (sessions_t.c.ended_at < long_ago)


def _new_token() -> str:
    return secrets.token_urlsafe(32)


def _hash(token: str) -> str:
    # The token is 256 random bits: a plain hash can be neither guessed nor looked up.
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()

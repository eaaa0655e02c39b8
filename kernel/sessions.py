"""Sessions of members and of staff: opened by a sign-in, carried on by refresh tokens, ended at once.

A refresh token works once. Only its hash is stored.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.database import Transaction, table_of
from kernel.ids import new_id
from kernel.tables import SessionRow

MEMBER_LIFETIME = timedelta(days=30)
STAFF_LIFETIME = timedelta(hours=12)

sessions_t = table_of(SessionRow)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session with the refresh token that carries it on; the token is known here and to the client alone."""

    session_id: str
    subject_id: str
    refresh_token: str


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
) -> OpenSession | None:
    """Takes a refresh token and gives the next one. None where it is unknown, used, expired or its session ended.

    `kind` is that of the subject's id: a member's token opens nothing for staff. One conditional update: of
    two calls with the same token one gets the next.
    """
    token = _new_token()
    statement = sessions_t.update().where(
        sessions_t.c.refresh_hash == _hash(refresh_token),
        sessions_t.c.ended_at.is_(None),
        sessions_t.c.subject_id.startswith(f"{kind}_", autoescape=True),
    )
    if expires:
        statement = statement.where(sessions_t.c.refresh_expires_at > now)
    row = tx.execute(
        statement.values(refresh_hash=_hash(token), refresh_expires_at=now + lifetime).returning(
            sessions_t.c.id, sessions_t.c.subject_id
        )
    ).one_or_none()
    return None if row is None else OpenSession(row.id, row.subject_id, token)


def end_session(tx: Transaction, session_id: str, *, now: datetime) -> None:
    """Ends a session: its access tokens and its refresh token are refused from now on."""
    tx.execute(
        sessions_t.update().where(sessions_t.c.id == session_id, sessions_t.c.ended_at.is_(None)).values(ended_at=now)
    )


def forget_old_sessions(tx: Transaction, *, now: datetime, kept: timedelta = timedelta(days=7)) -> int:
    """Removes sessions that nobody can carry on any more. Says how many."""
    long_ago = now - kept
    over = (sessions_t.c.refresh_expires_at < long_ago) | (sessions_t.c.ended_at < long_ago)
    return tx.execute(sessions_t.delete().where(over)).rowcount


def _new_token() -> str:
    return secrets.token_urlsafe(32)


def _hash(token: str) -> str:
    # The token is 256 random bits: a plain hash can be neither guessed nor looked up.
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()

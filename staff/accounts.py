"""Staff accounts and their sessions: e-mail and password (argon2id), refresh tokens for twelve hours."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHash
from sqlalchemy import Connection, select

from kernel.clock import Clock
from kernel.database import Database, Transaction, among, insert_new, table_of
from kernel.ids import new_id
from kernel.refusals import Refusals, Refused, invalid
from kernel.sessions import STAFF_LIFETIME, OpenSession, open_session, rotate, sessions_t
from kernel.texts import MAX_NAME, can_be_kept, read_text
from staff import audit
from staff.refusals import SignInRefused
from staff.tables import Role, StaffRow

LEAST_PASSWORD = 8
MOST_PASSWORD = 200

FREE_TRIES = 5
"""So many wrong passwords in a row cost nothing; each one after that doubles the wait, up to a quarter of an hour."""
FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=15)

_EMAIL = re.compile(r"[^\s\x00@,;<>\"\ud800-\udfff]+@[^\s\x00@,;<>\"\ud800-\udfff]+")

staff_t = table_of(StaffRow)

_hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class StaffRecord:
    id: str
    email: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class StaffViewer:
    """Who is asking: a member of staff, in a session."""

    id: str
    email: str
    name: str
    role: str
    session_id: str


_COLUMNS = (staff_t.c.id, staff_t.c.email, staff_t.c.name, staff_t.c.role)


def create_staff(tx: Transaction, *, email: str, password: str, role: str, name: str = "") -> str:
    """Adds an account and gives its id. Runs inside the caller's transaction; hashing takes a tenth of a second.

    Raises:
        Refused: the e-mail is none or taken, the password too short or long, the role unknown.
    """
    refusals = Refusals()
    email = fold(email)
    if len(email) > MAX_NAME or not _EMAIL.fullmatch(email):
        refusals.add(invalid(("email",), "not_an_email"))
    if not can_be_kept(password):
        refusals.add(invalid(("password",), "bad_characters"))
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        refusals.add(invalid(("password",), "password_length", least=LEAST_PASSWORD, most=MOST_PASSWORD))
    if role not in Role.__members__:
        refusals.add(invalid(("role",), "not_one_of", choices=", ".join(Role)))
    name = read_text(refusals, ("name",), name) or email.partition("@")[0]
    refusals.raise_any()
    row = {
        "id": new_id("stf"),
        "email": email,
        "name": name,
        "role": role,
        "password_hash": _hasher.hash(password),
        "failed_sign_ins": 0,
    }
    if not insert_new(tx, staff_t, row):
        raise Refused(invalid(("email",), "taken"))
    return row["id"]


def sign_in(db: Database, clock: Clock, email: str, password: str, *, test_mode: bool = False) -> OpenSession:
    """Opens a session. Owns its transactions: the password is checked between them, for it takes its time.

    Under a test clock nobody has to wait: it stands still.

    Raises:
        Refused: the e-mail or the password is wrong, or there were too many wrong ones just before.
    """
    now = clock.now()
    wanted = fold(email) if can_be_kept(email) else ""
    with db.read() as conn:
        account = conn.execute(
            select(staff_t.c.id, staff_t.c.password_hash, staff_t.c.failed_sign_ins, staff_t.c.last_failed_at).where(
                staff_t.c.email == wanted
            )
        ).one_or_none()
    if account is not None and not test_mode:
        wait = _wait(account.failed_sign_ins, account.last_failed_at, now)
        if wait > timedelta(0):
            raise Refused(SignInRefused(retry_after_seconds=max(1, math.ceil(wait.total_seconds()))))
    # Without an account the same work is done, so that the time taken does not tell which e-mails exist.
    right = _matches(account.password_hash if account else _nobodys_hash(), password)
    if account is None:
        raise Refused(SignInRefused())
    with db.write() as tx:
        this = staff_t.c.id == account.id
        if right:
            tx.execute(staff_t.update().where(this).values(failed_sign_ins=0, last_failed_at=None))
            audit.record(tx, at=now, actor=wanted, action="signInStaff", subject_id=account.id)
            return open_session(tx, account.id, now=now, lifetime=STAFF_LIFETIME)
        tx.execute(
            staff_t.update().where(this).values(failed_sign_ins=staff_t.c.failed_sign_ins + 1, last_failed_at=now)
        )
    raise Refused(SignInRefused())


def refresh(tx: Transaction, refresh_token: str, *, now: datetime, test_mode: bool = False) -> OpenSession:
    """Carries a session on. Runs inside the caller's transaction.

    Raises:
        Refused: the token is unknown, used or expired, or its session has ended.
    """
    session = rotate(tx, refresh_token, "stf", now=now, lifetime=STAFF_LIFETIME, expires=not test_mode)
    if session is None:
        raise Refused(SignInRefused(path=("refreshToken",)))
    return session


def authenticate_staff(conn: Connection, session_id: str) -> StaffViewer | None:
    """The member of staff whose session this is; None where it has ended or is not one of staff."""
    row = conn.execute(
        select(*_COLUMNS, sessions_t.c.id)
        .join(sessions_t, sessions_t.c.subject_id == staff_t.c.id)
        .where(sessions_t.c.id == session_id, sessions_t.c.ended_at.is_(None))
    ).one_or_none()
    return None if row is None else StaffViewer(*row)


def staff_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, StaffRecord]:
    rows = conn.execute(select(*_COLUMNS).where(among(staff_t.c.id, ids)))
    return {row.id: StaffRecord(*row) for row in rows}


def fold(email: str) -> str:
    """An e-mail address as it is compared and kept."""
    return email.strip().lower()


def _wait(failed: int, last_failed_at: datetime | None, now: datetime) -> timedelta:
    if failed < FREE_TRIES or last_failed_at is None:
        return timedelta(0)
    doublings = min(failed - FREE_TRIES, 20)
    return last_failed_at + min(FIRST_WAIT * 2**doublings, LONGEST_WAIT) - now


def _matches(password_hash: str, password: str) -> bool:
    if len(password) > MOST_PASSWORD:
        return False
    try:
        return _hasher.verify(password_hash, password)
    except (Argon2Error, InvalidHash, UnicodeEncodeError):
        return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody's")

"""Staff accounts and their sessions: e-mail and password (argon2id), refresh tokens for twelve hours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHash
from sqlalchemy import Connection, Row, select

from kernel.clock import Clock
from kernel.database import Database, Transaction, among, insert_new
from kernel.ids import new_id
from kernel.refusals import Refusals, Refused, invalid
from kernel.sessions import STAFF_LIFETIME, OpenSession, Reused, open_session, rotate, sessions_t
from kernel.texts import MAX_NAME, can_be_kept, read_text
from staff import audit
from staff.refusals import SignInRefused
from staff.second_factor import use_code
from staff.tables import Role
from staff.tries import forget_tries, give_try_back, staff_t, take_try

LEAST_PASSWORD = 8
MOST_PASSWORD = 200

_EMAIL = re.compile(r"[^\s\x00@,;<>\"\ud800-\udfff]+@[^\s\x00@,;<>\"\ud800-\udfff]+")

_hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class StaffRecord:
    id: str
    email: str
    name: str
    role: str
    totp_confirmed_at: datetime | None = None
    deactivated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StaffViewer:
    """Who is asking: a member of staff, in a session."""

    id: str
    email: str
    name: str
    role: str
    totp_confirmed_at: datetime | None
    deactivated_at: datetime | None
    session_id: str


_COLUMNS = tuple(staff_t.c[name] for name in StaffRecord.__slots__)


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


def sign_in(
    db: Database,
    clock: Clock,
    email: str,
    password: str,
    *,
    key: bytes | None = None,
    totp_code: str | None = None,
    test_mode: bool = False,
) -> OpenSession:
    """Opens a session. Owns its transactions: the password is checked between them, for it takes its time.

    `key` is the shop's: without it nobody signs in who has a second factor. Under a test clock nobody has to
    wait: it stands still.

    Raises:
        Refused: the e-mail or the password is wrong, or there were too many wrong ones just before; or, told
            after a right password only, the second factor's code is needed, or wrong.
    """
    now = clock.now()
    wanted = fold(email) if can_be_kept(email) else ""
    c = staff_t.c
    with db.read() as conn:
        account = conn.execute(
            select(c.id, c.password_hash, c.last_failed_at, c.totp_confirmed_at).where(
                c.email == wanted, c.deactivated_at.is_(None)
            )
        ).one_or_none()
    if account is not None:
        with db.write() as tx:
            wait = take_try(tx, account.id, now, test_mode=test_mode)
        if wait is not None:
            raise Refused(SignInRefused(retry_after_seconds=wait))
    # Without an account the same work is done, so that the time taken does not tell which e-mails exist.
    right = _matches(account.password_hash if account else _nobodys_hash(), password)
    if account is None or not right:
        raise Refused(SignInRefused())
    with db.write() as tx:
        refusal = _second_factor(tx, account, key, totp_code, now)
        if refusal is None:
            return _open(tx, account.id, wanted, now)
    # Only now, with the try as it counts committed.
    raise Refused(refusal)


def _second_factor(
    tx: Transaction, account: Row[*tuple[Any, ...]], key: bytes | None, code: str | None, now: datetime
) -> SignInRefused | None:
    """Why a right password is not enough; None where it is, or where the code is right too."""
    if account.totp_confirmed_at is None:
        return None
    if not code:
        give_try_back(tx, account.id, now, account.last_failed_at)
        return SignInRefused(path=("totpCode",), factor="needed")
    if key is None or not use_code(tx, key, account.id, code, now=now):
        return SignInRefused(path=("totpCode",), factor="wrong")
    return None


def _open(tx: Transaction, staff_id: str, email: str, now: datetime) -> OpenSession:
    if not forget_tries(tx, staff_id):
        # Deactivated since the password was looked up.
        raise Refused(SignInRefused())
    audit.record(tx, at=now, actor=email, action="signInStaff", subject_id=staff_id)
    return open_session(tx, staff_id, now=now, lifetime=STAFF_LIFETIME)


def refresh(db: Database, refresh_token: str, *, now: datetime, test_mode: bool = False) -> OpenSession:
    """Carries a session on. Owns its transaction: a used token is refused, and still ends its session.

    Raises:
        Refused: the token is unknown, used or expired, or its session has ended.
    """
    with db.write() as tx:
        session = rotate(tx, refresh_token, "stf", now=now, lifetime=STAFF_LIFETIME, expires=not test_mode)
        if isinstance(session, Reused):
            email = staff_by_id(tx, [session.subject_id])[session.subject_id].email
            audit.record(
                tx,
                at=now,
                actor=email,
                action="refreshStaffSession",
                subject_id=session.subject_id,
                after={"endedSession": session.session_id, "reason": "used_token"},
            )
    if isinstance(session, OpenSession):
        return session
    raise Refused(SignInRefused(path=("refreshToken",)))


def authenticate_staff(conn: Connection, session_id: str) -> StaffViewer | None:
    """The member of staff whose session this is; None where it has ended or is not one of staff."""
    row = conn.execute(
        select(*_COLUMNS, sessions_t.c.id)
        .join(sessions_t, sessions_t.c.subject_id == staff_t.c.id)
        .where(sessions_t.c.id == session_id, sessions_t.c.ended_at.is_(None), staff_t.c.deactivated_at.is_(None))
    ).one_or_none()
    return None if row is None else StaffViewer(*row)


def staff_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, StaffRecord]:
    rows = conn.execute(select(*_COLUMNS).where(among(staff_t.c.id, ids)))
    return {row.id: StaffRecord(*row) for row in rows}


def staff_with_email(conn: Connection, email: str) -> str | None:
    """The account with this e-mail address, in any case; None where there is none."""
    return conn.execute(select(staff_t.c.id).where(staff_t.c.email == fold(email))).scalar()


def everybody(conn: Connection) -> list[StaffRecord]:
    """All accounts, those in use first, by e-mail address."""
    rows = conn.execute(select(*_COLUMNS).order_by(staff_t.c.deactivated_at.is_not(None), staff_t.c.email))
    return [StaffRecord(*row) for row in rows]


def fold(email: str) -> str:
    """An e-mail address as it is compared and kept."""
    return email.strip().lower()


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

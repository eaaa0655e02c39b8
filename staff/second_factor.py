"""The second factor: codes of an authenticator app, one every thirty seconds (TOTP), each good once.

The secret is worked out from the shop's key and a number kept with the account, so no table, log or backup holds it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from pyotp.exceptions import OTPVerificationError
from pyotp.totp import TOTP
from sqlalchemy import select

from kernel.database import Database, Transaction
from kernel.refusals import NotFound, Refused, invalid
from staff import audit
from staff.refusals import SignInRefused
from staff.tries import forget_tries, staff_t, take_try

ISSUER = "Jifen"

# One step before and after: the clocks of telephones are not ours, and typing takes time.
WINDOW = 1


@dataclass(frozen=True, slots=True, repr=False)
class Enrolment:
    """What an authenticator app is told, once: a secret in base32, and the same as an address for a QR code."""

    secret: str
    uri: str


def begin_totp(db: Database, key: bytes, staff_id: str, email: str, *, now: datetime) -> Enrolment:
    """Makes a new secret, which counts once a code of it has confirmed it. Owns its transaction.

    Raises:
        Refused: the account has a second factor already; it is taken away first.
    """
    nonce = secrets.token_hex(16)
    with db.write() as tx:
        unconfirmed = staff_t.c.totp_confirmed_at.is_(None)
        changed = tx.execute(
            staff_t.update().where(staff_t.c.id == staff_id, unconfirmed).values(totp_nonce=nonce, totp_step=None)
        )
        if changed.rowcount != 1:
            raise Refused(invalid((), "totp_is_on"))
        audit.record(tx, at=now, actor=email, action="beginTotp", subject_id=staff_id)
    totp = _totp(key, staff_id, nonce)
    return Enrolment(totp.secret, totp.provisioning_uri(name=email, issuer_name=ISSUER))


def confirm_totp(
    db: Database, key: bytes, staff_id: str, email: str, code: str, *, now: datetime, test_mode: bool = False
) -> None:
    """From here on the account signs in with a code too. Owns its transactions. Confirmed twice: nothing changes.

    Raises:
        Refused: nothing was begun, the code is wrong, or there were too many wrong ones just before.
    """
    with db.read() as conn:
        nonce, confirmed_at = conn.execute(
            select(staff_t.c.totp_nonce, staff_t.c.totp_confirmed_at).where(staff_t.c.id == staff_id)
        ).one()
    if nonce is None:
        raise Refused(invalid((), "totp_not_begun"))
    if confirmed_at is not None:
        return
    check_code(db, key, staff_id, code, path="code", now=now, test_mode=test_mode)
    with db.write() as tx:
        # Not one that another call has begun since: of that, no code was seen.
        this = (staff_t.c.id == staff_id) & (staff_t.c.totp_nonce == nonce) & staff_t.c.totp_confirmed_at.is_(None)
        if tx.execute(staff_t.update().where(this).values(totp_confirmed_at=now)).rowcount == 1:
            audit.record(tx, at=now, actor=email, action="confirmTotp", subject_id=staff_id)


def remove_totp(tx: Transaction, staff_id: str, actor: str, *, now: datetime) -> None:
    """Takes the second factor away: the caller has seen to it that `actor` may. Runs inside the caller's transaction.

    Raises:
        Refused: there is no such member of staff.
    """
    row = tx.execute(
        select(staff_t.c.totp_nonce, staff_t.c.totp_confirmed_at).where(staff_t.c.id == staff_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise Refused(NotFound(path=("staffId",), what="staff"))
    if row.totp_nonce is None:
        return
    tx.execute(
        staff_t.update().where(staff_t.c.id == staff_id).values(totp_nonce=None, totp_confirmed_at=None, totp_step=None)
    )
    audit.record(
        tx,
        at=now,
        actor=actor,
        action="removeTotp",
        subject_id=staff_id,
        before={"confirmed": row.totp_confirmed_at is not None},
        after={"confirmed": False},
    )


def check_code(
    db: Database, key: bytes, staff_id: str, code: str, *, path: str, now: datetime, test_mode: bool = False
) -> None:
    """Uses a code of a signed-in member of staff. Owns its transactions: a wrong one counts as a wrong password does.

    Raises:
        Refused: the code is wrong or has been used, or there were too many wrong ones just before.
    """
    with db.write() as tx:
        wait = take_try(tx, staff_id, now, test_mode=test_mode)
    if wait is not None:
        raise Refused(SignInRefused(path=(path,), retry_after_seconds=wait))
    with db.write() as tx:
        right = use_code(tx, key, staff_id, code, now=now)
        if right:
            forget_tries(tx, staff_id)
    if not right:
        raise Refused(SignInRefused(path=(path,), factor="wrong"))


def use_code(tx: Transaction, key: bytes, staff_id: str, code: str, *, now: datetime) -> bool:
    """Whether a code is right, and of a later time step than any that was used before. It cannot be used again."""
    nonce = tx.execute(select(staff_t.c.totp_nonce).where(staff_t.c.id == staff_id)).scalar()
    if nonce is None:
        return False
    try:
        step = _totp(key, staff_id, nonce).verify_and_get_timecode(
            code.replace(" ", ""), for_time=now, valid_window=WINDOW
        )
    except (OTPVerificationError, UnicodeEncodeError):
        return False
    unused = staff_t.c.totp_step.is_(None) | (staff_t.c.totp_step < step)
    this = (staff_t.c.id == staff_id) & (staff_t.c.totp_nonce == nonce)
    return tx.execute(staff_t.update().where(this, unused).values(totp_step=step)).rowcount == 1


def _totp(key: bytes, staff_id: str, nonce: str) -> TOTP:
    secret = hmac.new(key, f"totp:{staff_id}:{nonce}".encode(), hashlib.sha256).digest()[:20]
    return TOTP(base64.b32encode(secret).decode())

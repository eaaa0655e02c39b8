"""Members sign in with their phone and a code that is sent there; whoever is new is registered."""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from kernel.clock import Clock
from kernel.database import Database, Transaction, table_of
from kernel.ids import new_id
from kernel.refusals import Refused, Unavailable
from kernel.sessions import MEMBER_LIFETIME, OpenSession, open_session, rotate
from members.phones import read_phone
from members.refusals import SignInCodeRefused
from members.register import hold_phone, member_with_phone, register
from members.sms import SmsSender
from members.tables import SignInCodeRow
from program.versions import ProgramShelf

DIGITS = 6
LIFETIME = timedelta(minutes=5)
MOST_TRIES = 5
PAUSE = timedelta(minutes=1)
MOST_A_DAY = 10
DAY = timedelta(days=1)

TEST_CODE = "000000"

codes_t = table_of(SignInCodeRow)


@dataclass(frozen=True, slots=True)
class Codes:
    """How this shop handles sign-in codes. `sender` is None where the shop has no way to send one.

    Under a test clock `TEST_CODE` opens every door, and codes are not limited.
    """

    key: bytes
    sender: SmsSender | None
    test_mode: bool = False


def request_code(db: Database, clock: Clock, codes: Codes, phone: str) -> None:
    """Sends a new code, after which no earlier one opens anything. Owns its transactions.

    Raises:
        Refused: no phone number, a code was sent within the last minute, ten were within the last day, or
            the shop cannot send any.
    """
    phone = read_phone(phone)
    if codes.sender is None:
        raise Refused(Unavailable(what="sms"))
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    now = clock.now()
    with db.write() as tx:
        hold_phone(tx, phone)
        if not codes.test_mode:
            _check_pace(tx, phone, now)
        code_id = new_id("sic")
        tx.execute(
            codes_t.insert().values(
                id=code_id, phone=phone, code_hash=_hash(codes, code_id, code), sent_at=now, tries=0
            )
        )
    codes.sender.send_code(phone, code)


def sign_in(db: Database, clock: Clock, shelf: ProgramShelf, codes: Codes, phone: str, code: str) -> OpenSession:
    """Opens a session for whoever has the phone, and registers whoever is new. Owns its transactions.

    Raises:
        Refused: no phone number; a wrong, used or expired code; too many tries.
    """
    phone = read_phone(phone)
    now = clock.now()
    with db.write() as tx:
        refusal = _try_code(tx, codes, phone, code.strip(), now)
        if refusal is None:
            hold_phone(tx, phone)
            member_id = member_with_phone(tx, phone)
            if member_id is None:
                program = shelf.programs(tx).at(now).program
                member_id = register(tx, phone, "", program=program, now=now)
            return open_session(tx, member_id, now=now, lifetime=MEMBER_LIFETIME)
    # Only now, with the try counted and committed.
    raise Refused(refusal)


def refresh(tx: Transaction, refresh_token: str, *, now: datetime, test_mode: bool = False) -> OpenSession:
    """Carries a member's session on. Runs inside the caller's transaction.

    Raises:
        Refused: the token is unknown, used or expired, or its session has ended.
    """
    session = rotate(tx, refresh_token, "mem", now=now, lifetime=MEMBER_LIFETIME, expires=not test_mode)
    if session is None:
        raise Refused(SignInCodeRefused(path=("refreshToken",)))
    return session


def forget_old_codes(tx: Transaction, *, now: datetime) -> int:
    """Removes codes that neither open anything nor count any more. Says how many."""
    return tx.execute(codes_t.delete().where(codes_t.c.sent_at < now - DAY - LIFETIME)).rowcount


def _check_pace(tx: Transaction, phone: str, now: datetime) -> None:
    sent = tx.execute(
        select(codes_t.c.sent_at)
        .where(codes_t.c.phone == phone, codes_t.c.sent_at > now - DAY)
        .order_by(codes_t.c.sent_at.desc())
        .limit(MOST_A_DAY)
    ).scalars()
    times = list(sent)
    waits = [times[0] + PAUSE - now] if times else []
    if len(times) == MOST_A_DAY:
        waits.append(times[-1] + DAY - now)
    longest = max(waits, default=timedelta(0))
    if longest > timedelta(0):
        raise Refused(SignInCodeRefused(path=("phone",), retry_after_seconds=_seconds(longest)))


def _try_code(tx: Transaction, codes: Codes, phone: str, code: str, now: datetime) -> SignInCodeRefused | None:
    """Counts a try and uses the code up where it is right. None: it was."""
    if codes.test_mode and code == TEST_CODE:
        return None
    newest = (
        select(codes_t.c.id)
        .where(codes_t.c.phone == phone)
        .order_by(codes_t.c.sent_at.desc(), codes_t.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    conditions = [codes_t.c.id == newest, codes_t.c.used_at.is_(None), codes_t.c.sent_at > now - LIFETIME]
    if not codes.test_mode:
        # Of guesses that arrive together, each takes one of the tries: the update counts and decides in one.
        conditions.append(codes_t.c.tries < MOST_TRIES)
    row = tx.execute(
        codes_t.update()
        .where(*conditions)
        .values(tries=codes_t.c.tries + 1)
        .returning(codes_t.c.id, codes_t.c.code_hash)
    ).one_or_none()
    if row is None:
        return SignInCodeRefused(path=("code",), retry_after_seconds=_until_next_code(tx, phone, now))
    if not hmac.compare_digest(row.code_hash, _hash(codes, row.id, code)):
        return SignInCodeRefused(path=("code",))
    tx.execute(codes_t.update().where(codes_t.c.id == row.id).values(used_at=now))
    return None


def _until_next_code(tx: Transaction, phone: str, now: datetime) -> int | None:
    """Seconds until a new code may be asked for, where the last one is used up and there is a wait."""
    sent_at = tx.execute(select(func.max(codes_t.c.sent_at)).where(codes_t.c.phone == phone)).scalar()
    if sent_at is None or sent_at + PAUSE <= now:
        return None
    return _seconds(sent_at + PAUSE - now)


def _seconds(wait: timedelta) -> int:
    return max(1, math.ceil(wait.total_seconds()))


def _hash(codes: Codes, code_id: str, code: str) -> str:
    # Keyed, because six digits are tried out in a moment; with the row's id, so that equal codes look different.
    message = f"sign-in code:{code_id}:{code}".encode(errors="surrogatepass")
    return hmac.new(codes.key, message, hashlib.sha256).hexdigest()

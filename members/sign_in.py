"""Members sign in with their phone and a code that is sent there; whoever is new is registered."""

from __future__ import annotations

import hashlib
import hmac
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, ScalarSelect, select

from kernel.clock import Clock
from kernel.database import Database, Transaction, table_of
from kernel.ids import new_id
from kernel.outbox import enqueue, outbox_t
from kernel.refusals import Refusals, Refused, Unavailable
from kernel.sessions import MEMBER_LIFETIME, OpenSession, open_session, rotate
from members.phones import read_phone
from members.refusals import SignInCodeRefused
from members.register import hold_phone, member_with_phone, register
from members.sms import SMS_CODE, SmsSender
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

log = structlog.get_logger("jifen.sessions")


@dataclass(frozen=True, slots=True)
class Codes:
    """How this shop handles sign-in codes. `sender` is None where the shop has no way to send one.

    A code is worked out from `key`, the shop's secret, and the id of its row: nobody who reads the database finds it.
    Under a test clock `TEST_CODE` opens every door, codes are not limited, and phones may be made up.
    """

    key: bytes
    sender: SmsSender | None
    test_mode: bool = False


def request_code(db: Database, clock: Clock, codes: Codes, phone: str, locale: str = "zh-CN") -> None:
    """Has a new code sent, after which no earlier one opens anything. Owns its transaction.

    It is the same for phones that nobody has: whether somebody is a member is not to be found out here.

    Raises:
        Refused: no phone number, a code was sent within the last minute, ten were within the last day, or
            the shop cannot send any.
    """
    refusals = Refusals()
    if codes.sender is None:
        refusals.add(Unavailable(what="sms"))
    with refusals.told_too():
        phone = read_phone(phone, made_up=codes.test_mode)
    refusals.raise_any()
    now = clock.now()
    with db.write() as tx:
        hold_phone(tx, phone)
        if not codes.test_mode:
            _check_pace(tx, phone, now)
        code_id = new_id("sic")
        tx.execute(codes_t.insert().values(id=code_id, phone=phone, sent_at=now, tries=0))
        payload = {"code": code_id, "phone": phone, "locale": locale}
        enqueue(tx, SMS_CODE, code_id, payload, subject_id=code_id, now=now)


def sign_in(db: Database, clock: Clock, shelf: ProgramShelf, codes: Codes, phone: str, code: str) -> OpenSession:
    """Opens a session for whoever has the phone, and registers whoever is new. Owns its transactions.

    Raises:
        Refused: no phone number; a wrong, used or expired code; too many tries.
    """
    phone = read_phone(phone, made_up=codes.test_mode)
    now = clock.now()
    with db.write() as tx:
        refusal = try_code(tx, codes, phone, code, now)
        if refusal is None:
            hold_phone(tx, phone)
            member_id = member_with_phone(tx, phone)
            if member_id is None:
                program = shelf.programs(tx).at(now).program
                member_id = register(tx, phone, "", program=program, now=now, test_mode=codes.test_mode)
            return open_session(tx, member_id, now=now, lifetime=MEMBER_LIFETIME)
    # Only now, with the try counted and committed.
    raise Refused(refusal)


def refresh(db: Database, refresh_token: str, *, now: datetime, test_mode: bool = False) -> OpenSession:
    """Carries a member's session on. Owns its transaction: a used token is refused, and still ends its session.

    Raises:
        Refused: the token is unknown, used or expired, or its session has ended.
    """
    with db.write() as tx:
        session = rotate(tx, refresh_token, "mem", now=now, lifetime=MEMBER_LIFETIME, expires=not test_mode)
    if isinstance(session, OpenSession):
        return session
    if session is not None:
        log.warning("a used refresh token came again; its session is over", session=session.session_id)
    raise Refused(SignInCodeRefused(path=("refreshToken",)))


def forget_old_codes(tx: Transaction, *, now: datetime) -> int:
    """Removes codes that neither open anything nor count any more, and what could not be sent of them, which names
    phones. Says how many codes.
    """
    o = outbox_t.c
    unsent = (o.kind == SMS_CODE) & o.done_at.is_(None) & (o.created_at < now - DAY - LIFETIME)
    tx.execute(outbox_t.delete().where(unsent))
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


def try_code(tx: Transaction, codes: Codes, phone: str, code: str, now: datetime) -> SignInCodeRefused | None:
    """Counts a try and uses the code up where it is right. None: it was. `phone` is E.164.

    Runs inside the caller's transaction, which commits a refusal too: it was a try.
    """
    code = code.strip()
    if codes.test_mode and code == TEST_CODE:
        return None
    conditions = [codes_t.c.id == _newest(phone), codes_t.c.used_at.is_(None), codes_t.c.sent_at > now - LIFETIME]
    if not codes.test_mode:
        # Of guesses that arrive together, each takes one of the tries: the update counts and decides in one.
        conditions.append(codes_t.c.tries < MOST_TRIES)
    row = tx.execute(
        codes_t.update().where(*conditions).values(tries=codes_t.c.tries + 1).returning(codes_t.c.id)
    ).one_or_none()
    if row is None:
        return SignInCodeRefused(path=("code",), retry_after_seconds=_until_next_code(tx, phone, now))
    if not hmac.compare_digest(code_of(codes, row.id).encode(), code.encode(errors="surrogatepass")):
        return SignInCodeRefused(path=("code",))
    tx.execute(codes_t.update().where(codes_t.c.id == row.id).values(used_at=now))
    return None


def _until_next_code(tx: Transaction, phone: str, now: datetime) -> int | None:
    """Seconds until a new code may be asked for, where the newest has no tries left and there is a wait.

    Whoever sends one that has opened a door is not told to wait: no time makes it good again.
    """
    tried_out = (codes_t.c.id == _newest(phone), codes_t.c.used_at.is_(None))
    sent_at = tx.execute(select(codes_t.c.sent_at).where(*tried_out)).scalar()
    if sent_at is None or sent_at + PAUSE <= now:
        return None
    return _seconds(sent_at + PAUSE - now)


def _seconds(wait: timedelta) -> int:
    return max(1, math.ceil(wait.total_seconds()))


def _newest(phone: str) -> ScalarSelect[str]:
    return (
        select(codes_t.c.id)
        .where(codes_t.c.phone == phone)
        .order_by(codes_t.c.sent_at.desc(), codes_t.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def code_still_wanted(conn: Connection, code_id: str, phone: str, now: datetime) -> bool:
    """Whether a code that has not been sent yet would open anything: the newest of its phone, not used, not too old."""
    conditions = (codes_t.c.id == code_id, codes_t.c.id == _newest(phone), codes_t.c.used_at.is_(None))
    sent_at = conn.execute(select(codes_t.c.sent_at).where(*conditions)).scalar()
    return sent_at is not None and sent_at > now - LIFETIME


def code_of(codes: Codes, code_id: str) -> str:
    """The digits of a code, worked out anew whenever they are needed."""
    digest = hmac.new(codes.key, f"sign-in code:{code_id}".encode(), hashlib.sha256).digest()
    # 128 bits, of which the remainder is as good as even.
    return f"{int.from_bytes(digest[:16]) % 10**DIGITS:0{DIGITS}}"

"""The second factor of staff: codes of an authenticator app, each good once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from kernel.clock import FixedClock
from kernel.refusals import InvalidInput, Refused
from staff import accounts, audit
from staff.accounts import create_staff
from staff.refusals import SignInRefused
from staff.second_factor import begin_totp, check_code, confirm_totp, remove_totp, use_code
from tests.support.at_once import at_once, done

NOON = datetime(2026, 1, 15, 4, tzinfo=UTC)
EMAIL, PASSWORD = "ana@example.com", "a long password"
KEY = b"k" * 32

NEEDED = SignInRefused(path=("totpCode",), factor="needed")
WRONG = SignInRefused(path=("totpCode",), factor="wrong")


class Desk:
    """A member of staff with a telephone."""

    def __init__(self, db):
        self.db, self.clock = db, FixedClock(NOON)
        with db.write() as tx:
            self.id = create_staff(tx, email=EMAIL, password=PASSWORD, role="SERVICE", name="Ana")
        self.app = None

    def begin(self):
        enrolment = begin_totp(self.db, KEY, self.id, EMAIL, now=self.clock.now())
        self.app = pyotp.TOTP(enrolment.secret)
        return enrolment

    def confirm(self, code):
        confirm_totp(self.db, KEY, self.id, EMAIL, code, now=self.clock.now())

    def enrol(self):
        self.begin()
        self.confirm(self.code())
        self.later(minutes=2)

    def code(self, steps=0):
        return self.app.at(self.clock.now(), counter_offset=steps)

    def wrong(self):
        right = {self.code(steps) for steps in (-1, 0, 1)}
        return next(code for code in ("000000", "111111", "222222", "333333") if code not in right)

    def enter(self, code=None, password=PASSWORD, key=KEY):
        return accounts.sign_in(self.db, self.clock, EMAIL, password, key=key, totp_code=code)

    def refused(self, *arguments, **more):
        with pytest.raises(Refused) as caught:
            self.enter(*arguments, **more)
        (refusal,) = caught.value.refusals
        return refusal

    def later(self, **by):
        self.clock.at += timedelta(**by)


@pytest.fixture
def desk(db):
    return Desk(db)


def test_a_secret_counts_once_a_code_has_confirmed_it(desk):
    desk.begin()
    desk.enter()
    with pytest.raises(Refused):
        desk.confirm(desk.wrong())
    desk.enter()
    desk.confirm(desk.code())
    assert desk.refused() == NEEDED


def test_the_address_for_the_app_holds_the_same_secret(desk):
    enrolment = desk.begin()
    uri = urlsplit(enrolment.uri)
    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", f"/Jifen:{EMAIL.replace('@', '%40')}")
    assert parse_qs(uri.query)["secret"] == [enrolment.secret]
    assert len(enrolment.secret) == 32


def test_that_a_code_is_needed_is_told_only_after_a_right_password(desk):
    desk.enrol()
    assert desk.refused(password="wrong") == SignInRefused()
    assert desk.refused(desk.code(), password="wrong") == SignInRefused()
    assert desk.refused() == NEEDED
    assert desk.refused("") == NEEDED
    desk.enter(desk.code())


@pytest.mark.parametrize("code", ["12345", "x" * 10_000, "\ud800", "１２３４５６", " "])
def test_what_is_no_code_is_a_wrong_one(desk, code):
    desk.enrol()
    assert desk.refused(code) == WRONG


def test_a_code_is_good_once(desk):
    desk.enrol()
    code = desk.code()
    desk.enter(code)
    assert desk.refused(code) == WRONG
    desk.later(seconds=30)
    assert desk.refused(code) == WRONG
    desk.enter(f"{desk.code()[:3]} {desk.code()[3:]}")


def test_the_code_that_confirmed_does_not_sign_in(desk):
    desk.begin()
    code = desk.code()
    desk.confirm(code)
    assert desk.refused(code) == WRONG


def test_the_telephones_clock_may_be_a_step_off_and_no_more(desk):
    desk.enrol()
    assert desk.refused(desk.code(-2)) == WRONG
    assert desk.refused(desk.code(2)) == WRONG
    desk.enter(desk.code(-1))
    desk.enter(desk.code(1))
    # Of an earlier step than the last one used.
    assert desk.refused(desk.code()) == WRONG


def test_one_code_used_by_two_at_once_lets_one_in(desk):
    desk.enrol()
    code = desk.code()
    results = at_once(*[lambda: desk.enter(code)] * 3)
    assert len(done(results)) == 1


def test_wrong_codes_count_as_wrong_tries_and_asking_without_one_forgets_none(desk):
    desk.enrol()
    for _ in range(5):
        assert desk.refused() == NEEDED
        assert desk.refused(desk.wrong()) == WRONG
    assert desk.refused(desk.code()) == SignInRefused(retry_after_seconds=1)
    desk.later(seconds=1)
    # Told that a code is needed, whoever has it need not wait again.
    assert desk.refused() == NEEDED
    desk.enter(desk.code())
    assert desk.refused(desk.wrong()) == WRONG


def test_wrong_codes_of_a_session_count_too(desk):
    desk.enrol()

    def check(code):
        with pytest.raises(Refused) as caught:
            check_code(desk.db, KEY, desk.id, code, path="code", now=desk.clock.now())
        (refusal,) = caught.value.refusals
        return refusal

    for _ in range(5):
        assert check(desk.wrong()) == SignInRefused(path=("code",), factor="wrong")
    assert check(desk.code()) == SignInRefused(path=("code",), retry_after_seconds=1)


def test_another_secret_is_begun_only_when_the_first_has_been_taken_away(desk):
    desk.begin()
    first = desk.code()
    desk.begin()
    assert desk.code() != first
    with pytest.raises(Refused):
        desk.confirm(first)
    desk.confirm(desk.code())
    with pytest.raises(Refused) as caught:
        desk.begin()
    assert caught.value.refusals == (InvalidInput(path=(), reason="totp_is_on"),)
    with desk.db.write() as tx:
        remove_totp(tx, desk.id, "admin@example.com", now=NOON)
    desk.enter()
    desk.begin()


def test_without_the_shops_key_nobody_gets_past_a_second_factor(desk):
    desk.enrol()
    assert desk.refused(desk.code(), key=None) == WRONG
    assert desk.refused(desk.code(), key=b"another" * 8) == WRONG


def test_the_secret_is_in_no_table(desk):
    secret = desk.begin().secret
    desk.confirm(desk.code())
    with desk.db.read() as conn:
        stored = str(conn.execute(accounts.staff_t.select()).all()) + str(conn.execute(audit.audit_t.select()).all())
    assert secret not in stored
    assert secret.lower() not in stored.lower()


def test_without_a_second_factor_no_code_is_right(desk):
    with desk.db.write() as tx:
        assert not use_code(tx, KEY, desk.id, "000000", now=NOON)

"""Staff sign in with e-mail and password."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import Type

from kernel.clock import FixedClock
from kernel.paging import Window
from kernel.refusals import InvalidInput, Refused
from kernel.sessions import end_session, open_session
from staff import accounts
from staff.accounts import authenticate_staff, create_staff, staff_by_id
from staff.audit import audit_page
from staff.refusals import SignInRefused
from tests.support.at_once import at_once, refusals

NOON = datetime(2026, 1, 15, 4, tzinfo=UTC)
EMAIL, PASSWORD = "ana@example.com", "a long password"


@pytest.fixture
def clock():
    return FixedClock(NOON)


def _create(db, **changes):
    values = {"email": EMAIL, "password": PASSWORD, "role": "SERVICE", "name": "Ana"} | changes
    with db.write() as tx:
        return create_staff(tx, **values)


def _viewer(db, session_id):
    with db.read() as conn:
        return authenticate_staff(conn, session_id)


def _refusal(deed, *arguments, **more):
    with pytest.raises(Refused) as caught:
        deed(*arguments, **more)
    (refusal,) = caught.value.refusals
    return refusal


def test_the_right_password_opens_a_session_with_the_persons_role(db, clock):
    staff_id = _create(db, email=" Ana@Example.com ")
    session = accounts.sign_in(db, clock, "ANA@example.com", PASSWORD)
    viewer = _viewer(db, session.session_id)
    assert viewer is not None
    assert (viewer.id, viewer.email, viewer.name, viewer.role) == (staff_id, EMAIL, "Ana", "SERVICE")
    with db.read() as conn:
        assert staff_by_id(conn, [staff_id])[staff_id].email == EMAIL


def test_a_wrong_password_and_an_unknown_address_are_told_in_the_same_words(db, clock):
    _create(db)
    assert _refusal(accounts.sign_in, db, clock, EMAIL, "wrong") == SignInRefused()
    assert _refusal(accounts.sign_in, db, clock, "nobody@example.com", PASSWORD) == SignInRefused()
    assert _refusal(accounts.sign_in, db, clock, EMAIL, "x" * 100_000) == SignInRefused()
    assert _refusal(accounts.sign_in, db, clock, "", "\ud800") == SignInRefused()


def test_after_five_wrong_passwords_each_further_one_makes_the_wait_longer(db, clock):
    _create(db)
    for _ in range(5):
        assert _refusal(accounts.sign_in, db, clock, EMAIL, "wrong") == SignInRefused()
    assert _refusal(accounts.sign_in, db, clock, EMAIL, PASSWORD) == SignInRefused(retry_after_seconds=1)
    clock.at += timedelta(seconds=1)
    assert _refusal(accounts.sign_in, db, clock, EMAIL, "wrong") == SignInRefused()
    assert _refusal(accounts.sign_in, db, clock, EMAIL, PASSWORD) == SignInRefused(retry_after_seconds=2)
    clock.at += timedelta(seconds=2)
    accounts.sign_in(db, clock, EMAIL, PASSWORD)
    assert _refusal(accounts.sign_in, db, clock, EMAIL, "wrong") == SignInRefused()
    accounts.sign_in(db, clock, EMAIL, PASSWORD)


def test_guesses_that_arrive_together_get_no_more_tries_than_one_after_the_other(db, clock, monkeypatch):
    _create(db)
    looked_at = []
    monkeypatch.setattr(accounts, "_matches", lambda _hash, password: looked_at.append(password))
    results = at_once(*[lambda: accounts.sign_in(db, clock, EMAIL, "wrong")] * 12)
    assert len(looked_at) == 5
    assert refusals(results) == [SignInRefused] * 12
    waits = sorted(refusal.refusals[0].retry_after_seconds or 0 for refusal in results)
    assert waits == [0] * 5 + [1] * 7


def test_the_wait_grows_to_a_quarter_of_an_hour_and_no_longer(db, clock):
    _create(db)
    waits = []
    for _ in range(20):
        _refusal(accounts.sign_in, db, clock, EMAIL, "wrong")
        told = _refusal(accounts.sign_in, db, clock, EMAIL, "wrong").retry_after_seconds
        if told is not None:
            waits.append(told)
            clock.at += timedelta(seconds=told)
    assert waits[:11] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900]
    assert set(waits[11:]) == {900}


def test_under_a_test_clock_nobody_waits(db, clock):
    _create(db)
    for _ in range(8):
        _refusal(accounts.sign_in, db, clock, EMAIL, "wrong", test_mode=True)
    accounts.sign_in(db, clock, EMAIL, PASSWORD, test_mode=True)


def test_a_refresh_token_works_once_and_for_twelve_hours(db, clock):
    _create(db)
    session = accounts.sign_in(db, clock, EMAIL, PASSWORD)

    def refresh(token):
        return accounts.refresh(db, token, now=clock.now())

    following = refresh(session.refresh_token)
    clock.at += timedelta(hours=12)
    assert _refusal(refresh, following.refresh_token) == SignInRefused(path=("refreshToken",))


def test_a_used_refresh_token_that_comes_again_ends_the_sign_in_and_is_noted(db, clock):
    staff_id = _create(db)
    session = accounts.sign_in(db, clock, EMAIL, PASSWORD)
    following = accounts.refresh(db, session.refresh_token, now=NOON)
    assert _refusal(accounts.refresh, db, session.refresh_token, now=NOON) == SignInRefused(path=("refreshToken",))
    assert _viewer(db, session.session_id) is None
    assert _refusal(accounts.refresh, db, following.refresh_token, now=NOON) == SignInRefused(path=("refreshToken",))
    with db.read() as conn:
        newest = audit_page(conn, Window(1), staff_id).items[0]
    assert (newest.action, newest.after) == (
        "refreshStaffSession",
        {"endedSession": session.session_id, "reason": "used_token"},
    )


def test_a_members_refresh_token_opens_nothing_for_staff(db, clock):
    with db.write() as tx:
        session = open_session(tx, "mem_" + "0" * 32, now=NOON, lifetime=timedelta(days=30))
    assert isinstance(_refusal(accounts.refresh, db, session.refresh_token, now=NOON), SignInRefused)


def test_a_session_that_was_ended_is_over_at_once(db, clock):
    _create(db)
    session = accounts.sign_in(db, clock, EMAIL, PASSWORD)
    with db.write() as tx:
        end_session(tx, session.session_id, now=NOON)
    assert _viewer(db, session.session_id) is None


def test_an_address_belongs_to_one_account(db):
    _create(db)
    assert _refusal(_create, db, email="ANA@EXAMPLE.COM") == InvalidInput(path=("email",), reason="taken")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"email": "ana"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "a b@example.com"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 201}, "password"),
        ({"role": "OWNER"}, "role"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_an_account_that_cannot_be_is_refused(db, changes, path):
    assert _refusal(_create, db, **changes).path == (path,)


def test_a_password_is_kept_as_an_argon2id_hash(db):
    _create(db)
    with db.read() as conn:
        assert conn.execute(accounts.staff_t.select()).one().password_hash.startswith("$argon2id$")


def test_passwords_are_kept_as_argon2id_of_a_strength_that_is_recommended(strong_hasher):
    """OWASP's least: 19 MiB and two passes."""
    assert strong_hasher.type is Type.ID
    assert strong_hasher.memory_cost >= 19 * 1024
    assert strong_hasher.time_cost >= 2

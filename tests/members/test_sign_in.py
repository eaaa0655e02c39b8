"""Members sign in with a code sent to their phone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kernel.clock import FixedClock, SystemClock
from kernel.outbox import GiveUp, deliver, outbox_page, outbox_t
from kernel.paging import Window
from kernel.refusals import InvalidInput, Refused, Unavailable
from kernel.sessions import end_session, forget_old_sessions, is_over, sessions_t, used_tokens_t
from members import sign_in
from members.directory import member_by_phone
from members.profile import members_by_id
from members.refusals import SignInCodeRefused
from members.register import members_t
from members.sms import SMS_CODE
from members.viewer import authenticate_member
from program.versions import ProgramShelf
from tests.support.at_once import at_once, done, refusals
from tests.support.members import NOON, enrol, open_program
from tests.support.sent_codes import SentCodes, deliver_codes

PHONE = "+8613800138000"


class Counter:
    """The shop's door, as a member without a session meets it."""

    def __init__(self, db, *, test_mode=False):
        open_program(db)
        self.db, self.clock, self.phones = db, FixedClock(NOON), SentCodes()
        self.codes = sign_in.Codes(key=b"k" * 32, sender=self.phones, test_mode=test_mode)
        self.shelf = ProgramShelf()

    def later(self, **time):
        self.clock.at += timedelta(**time)

    def send(self, phone=PHONE):
        sign_in.request_code(self.db, self.clock, self.codes, phone)
        self.deliver()
        return self.phones.received[-1][1]

    def deliver(self):
        return deliver_codes(self.db, self.clock, self.codes)

    def enter(self, code, phone=PHONE):
        return sign_in.sign_in(self.db, self.clock, self.shelf, self.codes, phone, code)

    def refresh(self, token):
        return sign_in.refresh(self.db, token, now=self.clock.now(), test_mode=self.codes.test_mode)

    def viewer(self, session_id):
        with self.db.read() as conn:
            return authenticate_member(conn, session_id)


@pytest.fixture
def counter(db):
    return Counter(db)


def refusal_of(deed, *arguments):
    with pytest.raises(Refused) as caught:
        deed(*arguments)
    (refusal,) = caught.value.refusals
    return refusal


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_whoever_is_new_is_registered_in_the_entry_tier(counter):
    session = counter.enter(counter.send("138 0013 8000"))
    assert counter.phones.received[0][0] == PHONE
    viewer = counter.viewer(session.session_id)
    assert viewer is not None
    assert (viewer.member_id, viewer.tier_code, viewer.balance) == (session.subject_id, "ORDINARY", 0)
    assert viewer.latest_program == 1
    with counter.db.read() as conn:
        member = members_by_id(conn, [viewer.member_id])[viewer.member_id]
    assert (member.phone, member.joined_at) == (PHONE, NOON)
    assert len(member.number) >= 8
    assert member.number.isdigit()


def test_whoever_is_a_member_already_stays_the_same_member(counter):
    member_id = enrol(counter.db)
    assert counter.enter(counter.send()).subject_id == member_id


def test_a_code_works_once(counter):
    code = counter.send()
    counter.enter(code)
    # Waiting does not help: only a new one opens the door again.
    assert refusal_of(counter.enter, code) == SignInCodeRefused(path=("code",))


def test_a_code_opens_nobody_elses_door(counter):
    code = counter.send()
    refusal = refusal_of(counter.enter, code, "+8613900139000")
    assert refusal == SignInCodeRefused(path=("code",))


def test_a_wrong_code_is_refused_and_the_right_one_still_works(counter):
    code = counter.send()
    assert refusal_of(counter.enter, wrong(code)) == SignInCodeRefused(path=("code",))
    counter.enter(f" {code} ")


def test_after_five_wrong_tries_the_right_code_is_refused_too(counter):
    code = counter.send()
    for _ in range(5):
        refusal_of(counter.enter, wrong(code))
    assert refusal_of(counter.enter, code) == SignInCodeRefused(path=("code",), retry_after_seconds=60)
    counter.later(seconds=60)
    counter.enter(counter.send())


def test_guesses_that_arrive_together_share_the_five_tries(counter):
    code = counter.send()

    def guess(text):
        try:
            counter.enter(text)
        except Refused as refused:
            return refused.refusals[0].retry_after_seconds
        return "in"

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(guess, [wrong(code)] * 12))
    assert answers.count(None) == 5
    assert answers.count(60) == 7
    assert guess(code) == 60


def test_a_code_lives_five_minutes(counter):
    code = counter.send()
    counter.later(minutes=5)
    assert refusal_of(counter.enter, code) == SignInCodeRefused(path=("code",))


def test_only_the_newest_code_works(counter):
    first = counter.send()
    counter.later(minutes=1)
    second = counter.send()
    if first != second:
        refusal_of(counter.enter, first)
    counter.enter(second)


def test_one_code_a_minute_is_sent_to_a_phone(counter):
    counter.send()
    counter.later(seconds=20)
    assert refusal_of(counter.send) == SignInCodeRefused(path=("phone",), retry_after_seconds=40)
    counter.send("+8613900139000")
    counter.later(seconds=40)
    counter.send()


def test_ten_codes_a_day_are_sent_to_a_phone(counter):
    for _ in range(10):
        counter.send()
        counter.later(minutes=1)
    assert refusal_of(counter.send) == SignInCodeRefused(path=("phone",), retry_after_seconds=24 * 60 * 60 - 10 * 60)
    counter.later(days=1, minutes=-10)
    counter.send()


def test_requests_that_arrive_together_send_one_code(counter):
    def ask(_):
        try:
            counter.send()
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(ask, range(6))) == 1
    assert len(counter.phones.received) == 1


def test_a_new_phone_that_signs_in_twice_at_once_is_one_member(db):
    counter = Counter(db, test_mode=True)
    with ThreadPoolExecutor(6) as threads:
        members = {session.subject_id for session in threads.map(counter.enter, ["000000"] * 6)}
    assert len(members) == 1
    with db.read() as conn:
        assert conn.execute(select(func.count()).select_from(members_t)).scalar() == 1


def test_what_is_no_phone_number_gets_no_code(counter):
    assert refusal_of(counter.send, "12345") == InvalidInput(path=("phone",), reason="not_a_phone")
    assert refusal_of(counter.enter, "000000", "") == InvalidInput(path=("phone",), reason="not_a_phone")


def test_a_shop_that_cannot_send_says_so(counter):
    counter.codes = sign_in.Codes(key=b"k" * 32, sender=None)
    assert refusal_of(counter.send) == Unavailable(what="sms")
    with pytest.raises(Refused) as caught:
        counter.send("12345")
    not_a_phone = InvalidInput(path=("phone",), reason="not_a_phone")
    assert caught.value.refusals == (Unavailable(what="sms"), not_a_phone)


def test_a_code_is_stored_nowhere_and_the_phone_goes_from_the_outbox_once_it_is_sent(counter):
    sign_in.request_code(counter.db, counter.clock, counter.codes, PHONE)

    def stored():
        with counter.db.read() as conn:
            rows = [*conn.execute(sign_in.codes_t.select()), *conn.execute(outbox_t.select())]
        return " ".join(str(value) for row in rows for value in row)

    waiting = stored()
    assert counter.deliver() == 1
    ((_, code),) = counter.phones.received
    assert code not in waiting.replace(PHONE, "")
    assert waiting.count(PHONE) == 2
    assert stored().count(PHONE) == 1


def test_a_code_is_sent_once_in_the_language_that_it_was_asked_for(counter):
    sign_in.request_code(counter.db, counter.clock, counter.codes, PHONE, "en")
    assert (counter.deliver(), counter.deliver()) == (1, 0)
    assert counter.phones.locales == ["en"]


def test_a_code_that_would_open_nothing_any_more_is_not_sent(counter):
    sign_in.request_code(counter.db, counter.clock, counter.codes, PHONE)
    counter.later(minutes=5)
    counter.deliver()
    assert counter.phones.received == []
    sign_in.request_code(counter.db, counter.clock, counter.codes, PHONE)
    counter.later(minutes=1)
    sign_in.request_code(counter.db, counter.clock, counter.codes, PHONE)
    assert counter.deliver() == 2
    ((_, code),) = counter.phones.received
    counter.enter(code)


def test_two_shops_make_different_codes_of_the_same_row(counter):
    other = sign_in.Codes(key=b"o" * 32, sender=counter.phones)
    rows = [f"sic_{n}" for n in range(50)]
    assert all(len(sign_in.code_of(counter.codes, row)) == 6 for row in rows)
    assert sum(sign_in.code_of(counter.codes, row) == sign_in.code_of(other, row) for row in rows) < 3
    assert len({sign_in.code_of(counter.codes, row) for row in rows}) > 45


def test_000000_opens_nothing_in_real_time(counter):
    if counter.send() != "000000":
        refusal_of(counter.enter, "000000")


def test_under_a_test_clock_any_phone_signs_in_with_000000(db):
    counter = Counter(db, test_mode=True)
    counter.enter("000000")
    for _ in range(20):
        counter.send()
    code = counter.send()
    for _ in range(20):
        refusal_of(counter.enter, wrong(code) if wrong(code) != "000000" else "999999")
    counter.enter(code)


MADE_UP = ["+15555550123", "+447700900123", "+8612300000000"]


@pytest.mark.parametrize("phone", MADE_UP)
def test_under_a_test_clock_a_made_up_phone_signs_in_too(db, phone):
    counter = Counter(db, test_mode=True)
    counter.send(phone)
    assert counter.phones.received[-1][0] == phone
    member = counter.enter("000000", phone).subject_id
    assert counter.enter("000000", phone).subject_id == member
    with db.read() as conn:
        assert member_by_phone(conn, phone).id == member


@pytest.mark.parametrize("phone", MADE_UP)
def test_in_real_time_a_made_up_phone_is_none(counter, phone):
    for deed in (counter.send, lambda phone: counter.enter("000000", phone)):
        assert refusal_of(deed, phone) == InvalidInput(path=("phone",), reason="not_a_phone")


def test_a_refresh_token_works_once(counter):
    first = counter.enter(counter.send())
    second = counter.refresh(first.refresh_token)
    assert (second.session_id, second.subject_id) == (first.session_id, first.subject_id)
    third = counter.refresh(second.refresh_token)
    assert counter.viewer(third.session_id) is not None


def test_a_used_refresh_token_that_comes_again_ends_the_sign_in(counter):
    first = counter.enter(counter.send())
    second = counter.refresh(first.refresh_token)
    third = counter.refresh(second.refresh_token)
    assert refusal_of(counter.refresh, first.refresh_token) == SignInCodeRefused(path=("refreshToken",))
    assert counter.viewer(third.session_id) is None
    refusal_of(counter.refresh, third.refresh_token)


def test_the_members_other_sign_ins_go_on(counter):
    first = counter.enter(counter.send())
    counter.later(minutes=2)
    other = counter.enter(counter.send())
    counter.refresh(first.refresh_token)
    refusal_of(counter.refresh, first.refresh_token)
    assert counter.viewer(other.session_id) is not None
    counter.refresh(other.refresh_token)


def test_a_token_that_nobody_ever_had_ends_nothing(counter):
    session = counter.enter(counter.send())
    refusal_of(counter.refresh, session.refresh_token[:-1] + ("a" if session.refresh_token[-1] != "a" else "b"))
    refusal_of(counter.refresh, "")
    refusal_of(counter.refresh, "\ud800")
    counter.refresh(session.refresh_token)


def test_of_two_calls_at_once_with_one_token_one_gets_the_next_and_the_session_is_over(counter):
    for _ in range(5):
        session = counter.enter(counter.send())
        results = at_once(*[lambda: counter.refresh(session.refresh_token)] * 2)  # noqa: B023 - called at once
        (carried_on,) = done(results)
        assert refusals(results) == [SignInCodeRefused]
        assert counter.viewer(carried_on.session_id) is None
        refusal_of(counter.refresh, carried_on.refresh_token)
        counter.later(minutes=2)


def test_used_tokens_are_kept_by_their_hash_and_go_with_their_session(counter):
    first = counter.enter(counter.send())
    second = counter.refresh(first.refresh_token)
    assert [row.token_hash == first.refresh_token for row in used_tokens(counter)] == [False]
    with counter.db.write() as tx:
        end_session(tx, second.session_id, now=counter.clock.now())
    counter.later(days=8)
    with counter.db.write() as tx:
        assert forget_old_sessions(tx, now=counter.clock.now()) == 1
    assert used_tokens(counter) == []


def test_a_used_token_is_forgotten_once_it_would_have_expired_by_itself(counter):
    token = counter.enter(counter.send()).refresh_token
    for _ in range(3):
        token = counter.refresh(token).refresh_token
        counter.later(days=20)
    with counter.db.write() as tx:
        assert forget_old_sessions(tx, now=counter.clock.now()) == 0
    assert len(used_tokens(counter)) == 1
    counter.refresh(token)


def test_what_is_forgotten_is_found_by_an_index(counter):
    long_ago = NOON
    with counter.db.read() as conn:
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("SET enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN" if conn.dialect.name == "sqlite" else "EXPLAIN"
        over = select(sessions_t.c.id).where(is_over(long_ago)).compile(conn, compile_kwargs={"literal_binds": True})
        plan = " ".join(str(row) for row in conn.exec_driver_sql(f"{explain} {over}"))
    assert "ix_session_refresh_expires_at" in plan
    assert "ix_session_ended_at" in plan


def used_tokens(counter):
    with counter.db.read() as conn:
        return conn.execute(used_tokens_t.select()).all()


def test_a_refresh_token_lives_thirty_days_from_its_last_use(counter):
    token = counter.enter(counter.send()).refresh_token
    counter.later(days=29)
    token = counter.refresh(token).refresh_token
    counter.later(days=29)
    token = counter.refresh(token).refresh_token
    counter.later(days=30)
    refusal_of(counter.refresh, token)


def test_under_a_test_clock_a_refresh_token_does_not_expire(db):
    counter = Counter(db, test_mode=True)
    token = counter.enter("000000").refresh_token
    counter.later(days=400)
    counter.refresh(token)


def test_a_session_that_was_ended_is_over_at_once(counter):
    session = counter.enter(counter.send())
    with counter.db.write() as tx:
        end_session(tx, session.session_id, now=NOON)
    assert counter.viewer(session.session_id) is None
    refusal_of(counter.refresh, session.refresh_token)


def test_a_refresh_token_is_not_stored_as_it_is(counter):
    session = counter.enter(counter.send())
    with counter.db.read() as conn:
        row = conn.exec_driver_sql("SELECT * FROM session").one()
    assert session.refresh_token not in map(str, row)


def test_a_phone_that_no_code_could_be_sent_to_is_not_kept_with_what_failed(counter):
    def never(_message):
        raise GiveUp("sms_refused")

    def kept():
        with counter.db.read() as conn:
            return len(outbox_page(conn, Window()).items)

    sign_in.request_code(counter.db, counter.clock, counter.codes, PHONE)
    deliver(counter.db, {SMS_CODE: never}, clock=SystemClock().now)
    for days, left in ((1, 1), (1, 0)):
        counter.later(days=days)
        with counter.db.write() as tx:
            sign_in.forget_old_codes(tx, now=counter.clock.now())
        assert kept() == left


def test_old_codes_are_forgotten_and_those_that_count_are_kept(counter):
    counter.send()
    counter.later(days=2)
    counter.send()
    with counter.db.write() as tx:
        assert sign_in.forget_old_codes(tx, now=counter.clock.now()) == 1
    assert refusal_of(counter.send).retry_after_seconds == 60

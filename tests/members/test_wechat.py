"""WeChat by its own endpoints, against a double that answers over HTTP."""

from __future__ import annotations

import io
import logging
import multiprocessing
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from api.logging import set_up_logging
from kernel.leases import take_lease
from kernel.refusals import InvalidInput, Refused, Unavailable
from members import wechat_token
from members.refusals import SignInCodeRefused
from members.wechat import Visitor, ask_phone, ask_visitor
from members.wechat_http import HttpWechat
from members.wechat_token import tokens_t
from tests.doubles.small_server import running
from tests.doubles.wechat import APP_ID, APP_SECRET, PHONE, SESSION, TOKEN, WechatDouble
from tests.support.at_once import at_once, refusals

SHORT = httpx2.Timeout(0.5)


@pytest.fixture
def double():
    return WechatDouble()


@pytest.fixture
def url(double):
    with running(double.answer) as url:
        yield url


@pytest.fixture
def opens(db, url):
    """Opens ways to WeChat, as processes do; all are closed in the end."""
    opened = []

    def open_way(app_id=APP_ID, secret=APP_SECRET):
        opened.append(HttpWechat(db, app_id, secret, base=url, timeout=SHORT))
        return opened[-1]

    yield open_way
    for each in opened:
        each.close()


@pytest.fixture
def wechat(opens):
    return opens()


@pytest.fixture
def log():
    """What is logged, at the finest level, as the server would."""
    handlers, level = logging.root.handlers[:], logging.root.level
    written = io.StringIO()
    set_up_logging(production=True, level=logging.DEBUG)
    logging.root.handlers[0].stream = written
    yield written
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def refusal_of(deed, *arguments):
    with pytest.raises(Refused) as caught:
        deed(*arguments)
    (refusal,) = caught.value.refusals
    return refusal


def test_a_visitor_is_known_by_the_openid_and_the_phone_they_give(wechat, double):
    visitor = ask_visitor(wechat, double.login("openid-1"), double.share_phone("13800138000"))
    assert visitor == Visitor("openid-1", "+8613800138000")
    assert ask_visitor(wechat, double.login("openid-1"), None) == Visitor("openid-1", None)
    assert ask_phone(wechat, double.share_phone("2025550123", "1")) == "+12025550123"


def test_a_code_works_once(wechat, double):
    code, phone = double.login("openid-1"), double.share_phone("13800138000")
    ask_visitor(wechat, code, phone)
    assert refusal_of(ask_visitor, wechat, code, None) == SignInCodeRefused(path=("code",))
    assert refusal_of(ask_phone, wechat, phone) == SignInCodeRefused(path=("phoneCode",))


@pytest.mark.parametrize("code", ["", "x" * 513, "码", "\ud800", "a\nb", "a b\x00"])
def test_what_cannot_be_a_code_is_not_even_asked_about(wechat, double, code):
    assert refusal_of(ask_visitor, wechat, code, None) == SignInCodeRefused(path=("code",))
    assert refusal_of(ask_visitor, wechat, double.login("a"), code) == SignInCodeRefused(path=("phoneCode",))
    assert not double.calls


def test_a_code_that_nobody_was_given_is_refused(wechat):
    assert refusal_of(ask_visitor, wechat, "nonsense&appid=other", None) == SignInCodeRefused(path=("code",))


def test_a_number_that_is_none_is_refused(wechat, double):
    refusal = refusal_of(ask_phone, wechat, double.share_phone("12345"))
    assert refusal == InvalidInput(path=("phoneCode",), reason="not_a_phone")


@pytest.mark.parametrize(
    ("trouble", "seconds"),
    [
        ({"errcode": -1}, 3),
        ({"errcode": 45011}, 60),
        ({"status": 502}, 3),
        ({"drop": True}, 3),
        ({"seconds": 1.0}, 3),
    ],
)
def test_while_wechat_is_busy_the_member_is_told_when_to_try_again(wechat, double, trouble, seconds):
    double.trouble(SESSION, **trouble)
    code = double.login("openid-1")
    assert refusal_of(ask_visitor, wechat, code, None) == SignInCodeRefused(path=("code",), retry_after_seconds=seconds)
    assert ask_visitor(wechat, double.login("openid-1"), None).openid == "openid-1"


def test_a_shop_that_wechat_does_not_know_is_not_set_up(opens, double):
    for app_id, secret in (("wx_other", APP_SECRET), (APP_ID, "other")):
        wechat = opens(app_id, secret)
        assert refusal_of(ask_visitor, wechat, double.login("a"), None) == Unavailable(path=("code",), what="wechat")
    assert refusal_of(ask_visitor, None, "x", None) == Unavailable(what="wechat")


def test_the_access_token_is_fetched_once_and_used_until_it_runs_out(wechat, db, double):
    for _ in range(3):
        ask_phone(wechat, double.share_phone("13800138000"))
    assert (double.calls[TOKEN], double.calls[PHONE]) == (1, 3)
    with db.write() as tx:
        tx.execute(tokens_t.update().values(expires_at=datetime.now(UTC) + timedelta(minutes=4)))
    ask_phone(wechat, double.share_phone("13800138000"))
    assert double.calls[TOKEN] == 2


def test_many_that_need_a_token_at_once_have_it_fetched_once(wechat, opens, double):
    double.trouble(TOKEN, seconds=0.3)
    others = [opens() for _ in range(3)]
    codes = [double.share_phone("13800138000") for _ in range(8)]
    asks = [lambda w=w, c=c: ask_phone(w, c) for w, c in zip([wechat, *others] * 2, codes, strict=True)]
    assert at_once(*asks) == ["+8613800138000"] * 8
    assert double.calls[TOKEN] == 1


def _in_a_process(database_url, url, code, answers):
    from kernel.database import Database

    db = Database(database_url)
    wechat = HttpWechat(db, APP_ID, APP_SECRET, base=url)
    answers.put(ask_phone(wechat, code))
    wechat.close()
    db.close()


def test_several_processes_fetch_one_token(database_url, db, url, double):
    double.trouble(TOKEN, seconds=0.5)
    # Each is a process of its own; what they need is loaded once.
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["kernel.database", __name__])
    answers = forks.Queue()
    codes = [double.share_phone("13800138000") for _ in range(3)]
    workers = [forks.Process(target=_in_a_process, args=(database_url, url, code, answers)) for code in codes]
    for worker in workers:
        worker.start()
    assert [answers.get(timeout=30) for _ in workers] == ["+8613800138000"] * 3
    for worker in workers:
        worker.join(timeout=10)
    assert double.calls[TOKEN] == 1


def test_a_token_that_somebody_else_had_renewed_is_fetched_anew_and_the_code_still_works(wechat, double):
    ask_phone(wechat, double.share_phone("13800138000"))
    double.forget_tokens()
    assert ask_phone(wechat, double.share_phone("13900139000")) == "+8613900139000"
    assert (double.calls[TOKEN], double.calls[PHONE], double.forced) == (2, 3, 0)


def test_a_token_that_wechat_gives_and_does_not_take_is_renewed_by_force_once(wechat, double):
    ask_phone(wechat, double.share_phone("13800138000"))
    double.trouble(PHONE, errcode=42001)
    assert ask_phone(wechat, double.share_phone("13900139000")) == "+8613900139000"
    assert double.forced == 1
    double.trouble(PHONE, errcode=40001, times=2)
    refusal = refusal_of(ask_phone, wechat, double.share_phone("13900139000"))
    assert refusal == Unavailable(path=("phoneCode",), what="wechat")
    assert double.calls[PHONE] == 5


def test_whoever_waits_for_a_renewal_that_does_not_come_is_told_to_try_again(wechat, db, double, monkeypatch):
    monkeypatch.setattr(wechat_token, "LONGEST_WAIT_SECONDS", 0.2)
    assert take_lease(db, f"wechat-token:{APP_ID}", "a process that died", datetime.now(UTC))
    refusal = refusal_of(ask_phone, wechat, double.share_phone("13800138000"))
    assert refusal == SignInCodeRefused(path=("phoneCode",), retry_after_seconds=3)
    # Its lease ends by itself.
    assert take_lease(db, f"wechat-token:{APP_ID}", "me", datetime.now(UTC) + timedelta(seconds=31))


def test_when_wechat_gives_no_token_nobody_waits_for_the_one_who_asked(wechat, double):
    double.trouble(TOKEN, errcode=-1, times=4)
    codes = [double.share_phone("13800138000") for _ in range(4)]
    results = at_once(*[lambda code=code: ask_phone(wechat, code) for code in codes])
    assert refusals(results) == [SignInCodeRefused] * 4
    assert ask_phone(wechat, double.share_phone("13800138000")) == "+8613800138000"


def test_neither_secret_nor_token_nor_code_nor_session_key_is_logged_or_stored(wechat, db, double, log):
    code, phone = double.login("openid-1"), double.share_phone("13800138000")
    ask_visitor(wechat, code, phone)
    for trouble in ({"errcode": 40125}, {"status": 500}, {"drop": True}, {"errcode": 41001}):
        for endpoint in (SESSION, PHONE, TOKEN):
            double.trouble(endpoint, **trouble)
        for ask in (lambda: ask_visitor(wechat, code, phone), lambda: ask_phone(wechat, phone)):
            with pytest.raises(Refused):
                ask()
    logged = log.getvalue()
    assert "WeChat" in logged
    (token,) = double.tokens
    for secret in (APP_SECRET, token, code, phone, *double.session_keys):
        assert secret not in logged
    with db.read() as conn:
        rows = conn.execute(tokens_t.select()).all()
    assert not any(key in str(rows) for key in double.session_keys)

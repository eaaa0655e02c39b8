"""Sign-in codes go out through an SMS company's address, against a double that answers over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from kernel.clock import FixedClock
from kernel.outbox import GiveUp, OutboxState, TryLater, deliver, outbox_page
from kernel.paging import Window
from members.send_codes import SendCodes
from members.sign_in import Codes, code_of, request_code
from members.sms import SMS_CODE
from members.sms_http import HttpSender
from tests.doubles.small_server import running
from tests.doubles.sms import KEY, SEND, SmsDouble
from tests.support.members import NOON, open_program

PHONE = "+8613800138000"


@pytest.fixture
def double():
    return SmsDouble()


@pytest.fixture
def url(double):
    with running(double.answer) as url:
        yield url + SEND


@pytest.fixture
def sender(url):
    """A sender with a key or words of its own; all are closed in the end."""
    opened = []

    def open_sender(key=KEY, **more):
        opened.append(HttpSender(url, key, client=httpx2.Client(timeout=0.5, verify=False), **more))
        return opened[-1]

    yield open_sender
    for each in opened:
        each.close()


def send(to, phone=PHONE):
    to.send_code(phone, "123456", locale="zh-CN", key="sic_1")


def test_a_code_is_sent_in_the_members_language(sender, double):
    to = sender()
    to.send_code(PHONE, "123456", locale="zh-CN", key="a")
    to.send_code(PHONE, "654321", locale="en", key="b")
    chinese, english = double.sent.values()
    assert chinese == {"to": PHONE, "text": "您的验证码是 123456，5 分钟内有效。请勿告诉他人。"}
    assert "654321" in english["text"]
    assert english["text"].isascii()


def test_a_shops_own_words_are_used(sender, double):
    send(sender(templates={"zh-CN": "【凡客】{code}", "en": "{code} {0} {key}"}))
    assert double.sent["sic_1"]["text"] == "【凡客】123456"
    sender(templates={"zh-CN": "", "en": "{code} {0} {key}"}).send_code(PHONE, "1", locale="en", key="b")
    assert double.sent["b"]["text"] == "1 {0} {key}"


@pytest.mark.parametrize("trouble", [{"status": 429}, {"status": 503}, {"drop": True}, {"seconds": 1}])
def test_what_the_company_cannot_do_now_is_tried_later(sender, double, trouble):
    double.trouble(**trouble)
    with pytest.raises(TryLater, match="sms_unreachable"):
        send(sender())


def test_what_the_company_refuses_is_given_up(sender, double):
    for status in (400, 404, 301):
        double.trouble(status=status)
        with pytest.raises(GiveUp, match="sms_refused"):
            send(sender())
    with pytest.raises(GiveUp, match="sms_refused"):
        sender("wrong").send_code(PHONE, "123456", locale="en", key="sic_1")
    assert double.sent == {}


def test_a_code_reaches_the_phone_once_although_the_first_answer_was_lost(db, sender, double):
    open_program(db)
    clock, codes = FixedClock(NOON), Codes(key=b"k" * 32, sender=sender())
    request_code(db, clock, codes, PHONE, "en")
    double.trouble(drop=True, after=True)
    machine = datetime.now(UTC)
    handlers = {SMS_CODE: SendCodes(db, clock, codes)}
    assert deliver(db, handlers, clock=lambda: machine) == 1
    assert deliver(db, handlers, clock=lambda: machine + timedelta(seconds=4)) == 0
    assert deliver(db, handlers, clock=lambda: machine + timedelta(seconds=6)) == 1
    assert double.calls == 2
    ((key, message),) = double.sent.items()
    assert code_of(codes, key) in message["text"]
    with db.read() as conn:
        (record,) = outbox_page(conn, Window(size=10)).items
    assert record.state is OutboxState.DONE


def test_a_code_is_not_tried_beyond_its_time(db, sender, double):
    open_program(db)
    clock, codes = FixedClock(NOON), Codes(key=b"k" * 32, sender=sender())
    request_code(db, clock, codes, PHONE)
    double.trouble(status=503)
    machine = datetime.now(UTC)
    handlers = {SMS_CODE: SendCodes(db, clock, codes)}
    deliver(db, handlers, clock=lambda: machine)
    clock.at += timedelta(minutes=5)
    deliver(db, handlers, clock=lambda: machine + timedelta(minutes=5))
    assert (double.calls, double.sent) == (1, {})

"""The mini-program: signing in with WeChat and binding a phone, through the API and a double of WeChat over HTTP."""

from __future__ import annotations

import pytest

from members.wechat_http import HttpWechat
from tests.doubles.small_server import running
from tests.doubles.wechat import APP_ID, APP_SECRET, PHONE, SESSION, WechatDouble
from tests.support.at_once import at_once
from tests.support.shop_api import ShopApi

ANA, NUMBER = "+8613800138000", "13800138000"

SIGN_IN = """mutation($code: String!, $phoneCode: String) {
  signInWithWechat(input: {code: $code, phoneCode: $phoneCode}) {
    session { accessToken refreshToken member { id phone points { available } } }
    errors { __typename message path ... on SignInCodeError { retryAfterSeconds } } } }"""
BIND = """mutation($input: BindPhoneInput!) { bindPhone(input: $input) {
  member { id phone points { available entries { edges { node { description points } } } } orders { totalCount }
    giftCards { balance { amount } } addresses { line } cart { lines { quantity } } tier { code } }
  errors { __typename message path ... on SignInCodeError { retryAfterSeconds } } } }"""
ME = "{ me { id phone points { available } } }"
REQUEST = "mutation($phone: String!) { requestSignInCode(input: {phone: $phone}) { sent errors { path } } }"
PHONE_SIGN_IN = """mutation($phone: String!, $code: String!) { signIn(input: {phone: $phone, code: $code}) {
  session { accessToken member { id } } errors { path } } }"""
REFRESH = """mutation($token: String!) { refreshSession(input: {refreshToken: $token}) {
  session { accessToken member { id } } errors { path } } }"""


@pytest.fixture
def double():
    return WechatDouble()


@pytest.fixture
def mini(play, double):
    """The API of a shop that has a mini-program."""
    with running(double.answer) as url:
        wechat = HttpWechat(play.db, APP_ID, APP_SECRET, base=url)
        api = ShopApi(play, wechat=wechat)
        yield api
        api.close()
        wechat.close()


def enter(mini, double, openid="openid-1", phone=None, **more):
    phone_code = None if phone is None else double.share_phone(phone)
    answer = mini.ask(SIGN_IN, {"code": double.login(openid), "phoneCode": phone_code}, **more)["signInWithWechat"]
    assert answer["errors"] == [], answer
    return answer["session"]


def by_phone(mini, phone=ANA):
    mini.ask(REQUEST, {"phone": phone})
    answer = mini.ask(PHONE_SIGN_IN, {"phone": phone, "code": mini.code_of(phone)})["signIn"]
    assert answer["errors"] == []
    return answer["session"]


def refusals(answer):
    return [(error["__typename"], error["path"]) for error in answer["errors"]]


def test_a_first_visit_is_a_new_member_without_a_phone_who_is_known_again(mini, double):
    session = enter(mini, double)
    assert session["member"]["phone"] is None
    assert enter(mini, double)["member"]["id"] == session["member"]["id"]
    assert enter(mini, double, "openid-2")["member"]["id"] != session["member"]["id"]
    assert mini.ask(ME, token=session["accessToken"])["me"]["id"] == session["member"]["id"]


def test_a_first_visit_with_a_phone_is_the_member_who_has_it(mini, double):
    known = by_phone(mini)["member"]["id"]
    session = enter(mini, double, phone=NUMBER)
    assert (session["member"]["id"], session["member"]["phone"]) == (known, ANA)
    assert enter(mini, double)["member"]["id"] == known
    new = enter(mini, double, "openid-2", phone="13900139000")
    assert new["member"]["phone"] == "+8613900139000"


def test_a_later_visit_with_a_phone_binds_it_as_bind_phone_does(mini, double, play):
    first = enter(mini, double)
    play.adjust(first["member"]["id"], 40)
    known = by_phone(mini)["member"]["id"]
    session = enter(mini, double, phone=NUMBER)
    assert session["member"] == {"id": known, "phone": ANA, "points": {"available": 40}}
    assert mini.ask(ME, token=first["accessToken"])["me"]["id"] == known


def test_a_wechat_code_used_twice_is_refused(mini, double):
    code, phone_code = double.login("openid-1"), double.share_phone(NUMBER)
    mini.ask(SIGN_IN, {"code": code, "phoneCode": phone_code})
    again = mini.ask(SIGN_IN, {"code": code})["signInWithWechat"]
    assert (again["session"], refusals(again)) == (None, [("SignInCodeError", ["code"])])
    other = mini.ask(SIGN_IN, {"code": double.login("openid-2"), "phoneCode": phone_code})["signInWithWechat"]
    assert refusals(other) == [("SignInCodeError", ["phoneCode"])]
    wrong = mini.ask(SIGN_IN, {"code": "no such code"})["signInWithWechat"]
    assert refusals(wrong) == [("SignInCodeError", ["code"])]


def test_one_code_sent_by_two_at_once_opens_one_session(mini, double):
    code = double.login("openid-1")
    answers = at_once(*[lambda: mini.ask(SIGN_IN, {"code": code})["signInWithWechat"]] * 3)
    assert sum(answer["session"] is not None for answer in answers) == 1
    assert sum(refusals(answer) == [("SignInCodeError", ["code"])] for answer in answers) == 2


def test_while_wechat_is_busy_the_answer_says_when_to_come_again(mini, double):
    for trouble, seconds in (({"errcode": -1}, 3), ({"errcode": 45011}, 60), ({"status": 500}, 3), ({"drop": True}, 3)):
        double.trouble(SESSION, **trouble)
        answer = mini.ask(SIGN_IN, {"code": double.login("openid-1")})["signInWithWechat"]
        assert [error["retryAfterSeconds"] for error in answer["errors"]] == [seconds]
        assert answer["errors"][0]["message"] == f"Please try again in {seconds} s."
    assert enter(mini, double)


def test_a_slow_wechat_keeps_nobody_else_waiting(mini, double):
    """More visitors wait for WeChat than the shop has threads for its use cases."""
    double.trouble(SESSION, seconds=1.0, times=12)
    waiting = [lambda: enter(mini, double, f"openid-{n}") for n in range(12)]  # noqa: B023 - any openid will do
    import threading
    import time

    threads = [threading.Thread(target=each) for each in waiting]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    began = time.monotonic()
    mini.ask("{ products { totalCount } }")
    took = time.monotonic() - began
    for thread in threads:
        thread.join()
    assert took < 0.8


def test_an_openid_that_is_bound_to_another_phone_is_refused_and_nothing_changes(mini, double):
    known = enter(mini, double, phone=NUMBER)
    code, other = double.login("openid-1"), double.share_phone("13900139000")
    answer = mini.ask(SIGN_IN, {"code": code, "phoneCode": other})["signInWithWechat"]
    assert answer["session"] is None
    assert answer["errors"] == [
        {
            "__typename": "InvalidInputError",
            "path": ["phoneCode"],
            "message": "This account has another phone number already.",
        }
    ]
    assert mini.ask(ME, token=known["accessToken"])["me"]["phone"] == ANA


def test_a_phone_whose_account_has_another_wechat_is_refused(mini, double):
    enter(mini, double, phone=NUMBER)
    answer = mini.ask(SIGN_IN, {"code": double.login("openid-2"), "phoneCode": double.share_phone(NUMBER)})
    assert refusals(answer["signInWithWechat"]) == [("InvalidInputError", ["phoneCode"])]
    token = enter(mini, double, "openid-3")["accessToken"]
    bound = mini.ask(BIND, {"input": {"phoneCode": double.share_phone(NUMBER)}}, token=token)["bindPhone"]
    assert refusals(bound) == [("InvalidInputError", ["phoneCode"])]
    assert mini.ask(ME, token=token)["me"]["phone"] is None


def test_binding_a_phone_joins_both_accounts_and_the_session_goes_on(mini, double, play):
    play.stock("shirt", "199.00")
    ana = by_phone(mini)["member"]["id"]
    play.adjust(ana, 300)
    session = enter(mini, double)
    bo, token = session["member"]["id"], session["accessToken"]
    play.adjust(bo, 500)
    play.gift_card(bo, "20.00")
    save = """mutation { saveAddress(input: {recipient: "Ana", phone: "13800138000", region: "上海", line: "mini"}) {
      address { id } errors { path } } }"""
    play.addresses[bo] = mini.ask(save, token=token)["saveAddress"]["address"]["id"]
    play.buy(bo, {"shirt": 1})
    cart = "mutation($id: ID!) { setCartLine(input: {variantId: $id, quantity: 2}) { errors { path } } }"
    mini.ask(cart, {"id": play.variants["shirt"]}, token=token)
    mini.ask(REQUEST, {"phone": NUMBER})
    if mini.code_of(ANA):
        play.later(minutes=1)
        mini.ask(REQUEST, {"phone": NUMBER})
    given = {"phone": NUMBER, "code": mini.code_of(ANA)}
    answer = mini.ask(BIND, {"input": given}, token=token)["bindPhone"]
    assert answer["errors"] == []
    member = answer["member"]
    assert (member["id"], member["phone"], member["points"]["available"]) == (ana, ANA, 800)
    assert member["points"]["entries"]["edges"][0]["node"]["description"].startswith("Accounts joined: ")
    assert (member["orders"]["totalCount"], member["addresses"]) == (1, [{"line": "mini"}])
    assert (member["giftCards"], member["cart"]) == ([{"balance": {"amount": "20.00"}}], {"lines": [{"quantity": 2}]})
    # The same token, and the next one, are the other member's now.
    assert mini.ask(ME, token=token)["me"]["id"] == ana
    again = mini.ask(BIND, {"input": given}, token=token)["bindPhone"]
    assert (again["errors"], again["member"]["id"]) == ([], ana)
    refreshed = mini.ask(REFRESH, {"token": session["refreshToken"]})["refreshSession"]["session"]
    assert refreshed["member"]["id"] == ana


def test_a_phone_that_is_bound_again_by_the_same_code_is_bound_once(mini, double):
    """The answer may have been lost, and WeChat takes its code once only."""
    ana = by_phone(mini)["member"]["id"]
    session, other = enter(mini, double), enter(mini, double, "openid-2")
    given = {"phoneCode": double.share_phone(NUMBER)}
    for _ in range(3):
        answer = mini.ask(BIND, {"input": given}, token=session["accessToken"])["bindPhone"]
        assert (answer["errors"], answer["member"]["id"], answer["member"]["phone"]) == ([], ana, ANA)
    answer = mini.ask(BIND, {"input": given}, token=other["accessToken"])["bindPhone"]
    assert (answer["member"], refusals(answer)) == (None, [("SignInCodeError", ["phoneCode"])])


def test_a_phone_that_is_bound_by_two_calls_at_once_is_bound_for_both(mini, double):
    token = enter(mini, double)["accessToken"]
    mini.ask(REQUEST, {"phone": NUMBER})
    given = {"phone": NUMBER, "code": mini.code_of(ANA)}
    answers = at_once(*[lambda: mini.ask(BIND, {"input": given}, token=token)["bindPhone"]] * 4)
    assert [(answer["errors"], answer["member"]["phone"]) for answer in answers] == [([], ANA)] * 4


def test_a_wrong_code_binds_nothing_and_counts_as_a_try(mini, double):
    token = enter(mini, double)["accessToken"]
    mini.ask(REQUEST, {"phone": NUMBER})
    code = mini.code_of(ANA)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(5):
        answer = mini.ask(BIND, {"input": {"phone": NUMBER, "code": wrong}}, token=token)["bindPhone"]
        assert refusals(answer) == [("SignInCodeError", ["code"])]
    answer = mini.ask(BIND, {"input": {"phone": NUMBER, "code": code}}, token=token)["bindPhone"]
    assert answer["errors"][0]["retryAfterSeconds"] is not None
    assert mini.ask(ME, token=token)["me"]["phone"] is None


def test_what_is_given_to_bind_a_phone_is_one_proof(mini, double):
    token = enter(mini, double)["accessToken"]
    for given, path in (
        ({}, []),
        ({"phone": NUMBER}, ["code"]),
        ({"code": "123456"}, ["phone"]),
        ({"phone": "12", "code": "123456"}, ["phone"]),
        ({"phone": NUMBER, "code": "123456", "phoneCode": "x"}, []),
    ):
        answer = mini.ask(BIND, {"input": given}, token=token)["bindPhone"]
        assert refusals(answer) == [("InvalidInputError", path)]


def test_whoever_is_not_signed_in_uses_up_no_code(mini, double):
    code = double.share_phone(NUMBER)
    assert mini.code(BIND, {"input": {"phoneCode": code}}) == "UNAUTHENTICATED"
    assert double.calls[PHONE] == 0


def test_a_shop_without_a_mini_program_says_so(api, play):
    answer = api.ask(BIND, {"input": {"phoneCode": "x"}}, member=play.enrol("Ana"))["bindPhone"]
    assert refusals(answer) == [("UnavailableError", ["phoneCode"])]


def test_asking_for_a_code_is_answered_alike_for_members_and_for_others(api, play):
    by_phone(api)
    play.later(minutes=2)
    known, unknown = (api.post(REQUEST, {"phone": phone}) for phone in (NUMBER, "13900139000"))
    assert known == unknown

"""A member signs in, tells about herself, keeps addresses, and reads her points."""

from __future__ import annotations

import pytest

PHONE = "13800138000"

SIGN_IN = """mutation($phone: String!, $code: String!) { signIn(input: {phone: $phone, code: $code}) {
  session { accessToken accessTokenExpiresAt refreshToken member { phone tier { code } points { available } } }
  errors { __typename message path ... on SignInCodeError { retryAfterSeconds } } } }"""
REQUEST = """mutation($phone: String!) { requestSignInCode(input: {phone: $phone}) {
  sent errors { __typename path ... on SignInCodeError { retryAfterSeconds } } } }"""
REFRESH = """mutation($token: String!) { refreshSession(input: {refreshToken: $token}) {
  session { accessToken refreshToken } errors { __typename path } } }"""
ME = "{ me { id nickname } }"


@pytest.fixture
def session(api):
    """A session of a member who has just registered with her phone."""
    api.ask(REQUEST, {"phone": PHONE})
    return api.ask(SIGN_IN, {"phone": PHONE, "code": api.code_of("+8613800138000")})["signIn"]["session"]


def test_whoever_is_new_is_registered_by_signing_in(api, session) -> None:
    assert session["member"] == {"phone": "+8613800138000", "tier": {"code": "ORDINARY"}, "points": {"available": 0}}
    assert api.ask(ME, token=session["accessToken"])["me"]["nickname"] == ""


def test_a_wrong_code_is_refused_and_a_second_one_too_soon(api) -> None:
    api.ask(REQUEST, {"phone": PHONE})
    error = api.ask(SIGN_IN, {"phone": PHONE, "code": "1"})["signIn"]["errors"][0]
    assert (error["__typename"], error["path"]) == ("SignInCodeError", ["code"])
    again = api.ask(REQUEST, {"phone": PHONE})["requestSignInCode"]
    assert again == {
        "sent": False,
        "errors": [{"__typename": "SignInCodeError", "path": ["phone"], "retryAfterSeconds": 60}],
    }


def test_what_is_no_phone_is_told_by_its_path(api) -> None:
    errors = api.ask(REQUEST, {"phone": "\x00"})["requestSignInCode"]["errors"]
    assert [(error["__typename"], error["path"]) for error in errors] == [("InvalidInputError", ["phone"])]


def test_a_refresh_token_works_once_even_beside_an_access_token_that_has_expired(api, play, session) -> None:
    play.later(minutes=16)
    token = session["accessToken"]
    assert api.code(ME, token=token) == "UNAUTHENTICATED"
    new = api.ask(REFRESH, {"token": session["refreshToken"]}, token=token)["refreshSession"]["session"]
    assert api.ask(ME, token=new["accessToken"])["me"]
    again = api.ask(REFRESH, {"token": session["refreshToken"]})["refreshSession"]
    assert again == {"session": None, "errors": [{"__typename": "SignInCodeError", "path": ["refreshToken"]}]}


@pytest.mark.parametrize("token", ["garbage", "expired"])
def test_a_code_is_sent_even_beside_an_access_token_that_opens_nothing_any_more(api, play, session, token) -> None:
    play.later(minutes=16)
    old = session["accessToken"] if token == "expired" else token
    assert api.code(ME, token=old) == "UNAUTHENTICATED"
    assert api.ask(REQUEST, {"phone": PHONE}, token=old)["requestSignInCode"] == {"sent": True, "errors": []}
    assert api.ask(SIGN_IN, {"phone": PHONE, "code": api.code_of("+8613800138000")}, token=old)["signIn"]["session"]


def test_signing_out_ends_the_session_at_once(api, session) -> None:
    token = session["accessToken"]
    assert api.ask("mutation { signOut { errors { path } } }", token=token) == {"signOut": {"errors": []}}
    assert api.code(ME, token=token) == "UNAUTHENTICATED"


def test_a_token_that_is_not_ours_shows_nothing(api) -> None:
    for token in ("", "garbage", "e30.e30.e30"):
        assert api.code(ME, token=token) == "UNAUTHENTICATED"
        assert api.code("{ products { totalCount } }", token=token) == "UNAUTHENTICATED"


def test_signed_out_there_is_no_me_and_nothing_to_change(api) -> None:
    assert api.ask(ME) == {"me": None}
    for mutation in (
        "signOut { errors { path } }",
        "clearCart { errors { path } }",
        'updateProfile(input: {nickname: "x"}) { errors { path } }',
        'addGiftCard(input: {code: "x"}) { errors { path } }',
    ):
        assert api.code(f"mutation {{ {mutation} }}") == "UNAUTHENTICATED"


def test_wechat_is_not_set_up(api) -> None:
    query = """mutation { signInWithWechat(input: {code: "x"}) {
      session { accessToken } errors { __typename message } } }"""
    answer = api.ask(query)["signInWithWechat"]
    assert answer["errors"] == [
        {"__typename": "UnavailableError", "message": "Signing in with WeChat is not set up in this shop."}
    ]


PROFILE = """mutation($input: UpdateProfileInput!) { updateProfile(input: $input) {
  member { nickname gender birthday region occupation } errors { __typename message path } } }"""


def test_a_profile_keeps_what_an_edit_leaves_out(api, play) -> None:
    member = play.enrol("Ana")
    full = {"nickname": " 安娜 ", "gender": "FEMALE", "birthday": "1990-02-28", "region": "上海"}
    api.ask(PROFILE, {"input": full}, member=member)
    answer = api.ask(PROFILE, {"input": {"region": None, "occupation": "Cook"}}, member=member)["updateProfile"]
    assert answer["member"] == {
        "nickname": "安娜",
        "gender": "FEMALE",
        "birthday": "1990-02-28",
        "region": None,
        "occupation": "Cook",
    }


def test_all_that_is_wrong_with_a_profile_is_told_at_once(api, play) -> None:
    wrong = {"nickname": "x" * 201, "birthday": "2990-01-01", "region": "a\x00b"}
    answer = api.ask(PROFILE, {"input": wrong}, member=play.enrol("Ana"))["updateProfile"]
    assert answer["member"] is None
    assert {tuple(error["path"]) for error in answer["errors"]} == {("nickname",), ("birthday",), ("region",)}
    assert {error["__typename"] for error in answer["errors"]} == {"InvalidInputError"}


ADDRESS = """mutation($input: SaveAddressInput!) { saveAddress(input: $input) {
  address { id recipient isDefault postalCode } errors { __typename path } } }"""


def test_addresses_are_kept_and_those_of_others_do_not_exist(api, play) -> None:
    ana, bo = play.enrol("Ana"), play.enrol("Bo")
    new = {"recipient": "Ana", "phone": PHONE, "region": "上海", "line": "2"}
    saved = api.ask(ADDRESS, {"input": new}, member=ana)["saveAddress"]["address"]
    assert saved["isDefault"] is False
    stolen = api.ask(ADDRESS, {"input": {**new, "id": saved["id"]}}, member=bo)["saveAddress"]
    assert stolen["errors"] == [{"__typename": "NotFoundError", "path": ["id"]}]
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert api.ask(node, {"id": saved["id"]}, member=bo) == {"node": None}
    assert api.ask(node, {"id": saved["id"]}, member=ana)["node"]
    remove = "mutation($id: ID!) { removeAddress(input: {id: $id}) { errors { __typename } } }"
    assert api.ask(remove, {"id": saved["id"]}, member=bo)["removeAddress"]["errors"]
    assert api.ask(remove, {"id": saved["id"]}, member=ana)["removeAddress"] == {"errors": []}
    left = api.ask("{ me { addresses { line isDefault } } }", member=ana)["me"]["addresses"]
    assert left == [{"line": "1", "isDefault": True}]
    assert api.code(remove, {"id": "../etc"}, member=ana) == "BAD_USER_INPUT"


POINTS = """query($first: Int, $after: String, $last: Int, $before: String) { me { points { available value { amount }
  entries(first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { kind points balanceAfter description order { number } } } } } } }"""


def test_the_ledger_pages_both_ways_newest_first(api, play) -> None:
    member = play.enrol("Ana")
    for points in (1, 2, 3, 4, 5):
        play.adjust(member, points)
    token = api.token(member)

    def page(**variables):
        points = api.ask(POINTS, variables, token=token)["me"]["points"]
        return points["entries"], [edge["node"]["points"] for edge in points["entries"]["edges"]]

    first, points = page(first=2)
    assert points == [5, 4]
    assert first["totalCount"] == 5
    second, points = page(first=2, after=first["pageInfo"]["endCursor"])
    assert points == [3, 2]
    assert second["pageInfo"]["hasNextPage"]
    assert second["pageInfo"]["hasPreviousPage"]
    last, points = page(last=2)
    assert points == [2, 1]
    _, points = page(last=2, before=last["pageInfo"]["startCursor"])
    assert points == [4, 3]
    assert last["edges"][0]["node"]["description"] == "Adjusted by customer service: test"


def test_two_pages_of_one_list_in_one_request_are_two_pages(api, play) -> None:
    member = play.enrol("Ana")
    for points in (1, 2, 3):
        play.adjust(member, points)
    query = """{ me { points { a: entries(first: 1) { edges { node { points } } }
      b: entries(last: 1) { edges { node { points } } } } } }"""
    points = api.ask(query, member=member)["me"]["points"]
    assert points["a"]["edges"][0]["node"]["points"] == 3
    assert points["b"]["edges"][0]["node"]["points"] == 1


def test_what_is_due_has_happened_before_anything_is_read(api, play) -> None:
    member = play.enrol("Ana")
    play.stock("MUG", "2500.00")
    play.sell(member, {"MUG": 1})
    query = """{ me { tier { code } tierProgress { reviewAt qualifyingSpend { amount } pendingSpend { amount }
      toKeep { amount } nextTier { code } toUpgrade { amount } }
      points { available pending held expiresAt value { amount } } } }"""
    before = api.ask(query, member=member)["me"]
    assert before["points"] == {
        "available": 0,
        "pending": 5000,
        "held": 0,
        "expiresAt": None,
        "value": {"amount": "0.00"},
    }
    assert before["tierProgress"]["pendingSpend"] == {"amount": "2500.00"}
    play.days_later(30)
    after = api.ask(query, member=member)["me"]
    assert after["tier"] == {"code": "VIP"}
    assert after["points"]["available"] == 5000
    assert after["points"]["value"] == {"amount": "100.00"}
    assert after["tierProgress"] == {
        "reviewAt": "2027-01-31T16:00:00+00:00",
        "qualifyingSpend": {"amount": "0.00"},
        "pendingSpend": {"amount": "0.00"},
        "toKeep": {"amount": "1000.00"},
        "nextTier": {"code": "SVIP"},
        "toUpgrade": {"amount": "2500.00"},
    }


def test_the_tier_is_read_alone_as_well(api, play) -> None:
    member = play.enrol("Ana", tier="VIP")
    query = "{ me { tier { code } tierProgress { nextTier { code } } points { available } } }"
    assert api.ask(query, member=member)["me"] == {
        "tier": {"code": "VIP"},
        "tierProgress": {"nextTier": {"code": "SVIP"}},
        "points": {"available": 0},
    }

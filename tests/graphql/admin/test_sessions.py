"""Signing in and out, and the clock of a test."""

from __future__ import annotations

from staff.accounts import create_staff
from tests.support.admin import AdminShop

SESSION = "session { accessToken accessTokenExpiresAt refreshToken staff { id email role } }"


def test_staff_sign_in_refresh_once_and_sign_out(shop):
    with shop.db.write() as tx:
        create_staff(tx, email="Ann@shop.test", password="a long password", role="SERVICE", name="Ann")
    wrong = {"email": "ann@shop.test", "password": "another"}
    errors = "errors { __typename message ... on SignInError { retryAfterSeconds } }"
    query = f"mutation($input: SignInStaffInput!) {{ signInStaff(input: $input) {{ {SESSION} {errors} }} }}"
    refused = shop.ask(query, None, language="en", input=wrong)["signInStaff"]
    assert refused["session"] is None
    assert refused["errors"] == [
        {"__typename": "SignInError", "message": "The e-mail address or password is wrong.", "retryAfterSeconds": None}
    ]
    signed = shop.ask(query, None, input={"email": "ann@shop.test", "password": "a long password"})["signInStaff"]
    session = signed["session"]
    assert session["staff"]["role"] == "SERVICE"
    shop.tokens["ANN"] = session["accessToken"]
    assert shop.ask("{ staff { email name } }", "ANN")["staff"] == {"email": "ann@shop.test", "name": "Ann"}
    refresh = f"""mutation($input: RefreshStaffSessionInput!) {{
      refreshStaffSession(input: $input) {{ {SESSION} errors {{ __typename path }} }} }}"""
    token = {"refreshToken": session["refreshToken"]}
    fresh = shop.ask(refresh, None, input=token)["refreshStaffSession"]
    assert fresh["session"]["refreshToken"] != session["refreshToken"]
    shop.tokens["ANN"] = fresh["session"]["accessToken"]
    assert shop.ask("mutation { signOutStaff { errors { message } } }", "ANN") == {"signOutStaff": {"errors": []}}
    assert shop.code("{ staff { id } }", "ANN") == "UNAUTHENTICATED"
    for used in (token, {"refreshToken": fresh["session"]["refreshToken"]}):
        assert shop.ask(refresh, None, input=used)["refreshStaffSession"]["errors"] == [
            {"__typename": "SignInError", "path": ["refreshToken"]}
        ]
    log = shop.ask("{ auditLog { edges { node { action actor after } } } }")["auditLog"]["edges"]
    assert [(edge["node"]["action"], edge["node"]["actor"]) for edge in log] == [
        ("signOutStaff", "ann@shop.test"),
        ("signInStaff", "ann@shop.test"),
    ]


def test_a_used_refresh_token_of_staff_ends_the_session_with_its_access_tokens(shop):
    with shop.db.write() as tx:
        create_staff(tx, email="ann@shop.test", password="a long password", role="SERVICE")
    query = f"mutation($input: SignInStaffInput!) {{ signInStaff(input: $input) {{ {SESSION} }} }}"
    session = shop.ask(query, None, input={"email": "ann@shop.test", "password": "a long password"})["signInStaff"]
    refresh = (
        "mutation($token: String!) { refreshStaffSession(input: {refreshToken: $token}) { session { accessToken } } }"
    )
    used = session["session"]["refreshToken"]
    shop.tokens["ANN"] = shop.ask(refresh, None, token=used)["refreshStaffSession"]["session"]["accessToken"]
    assert shop.code("{ staff { id } }", "ANN") is None
    assert shop.ask(refresh, None, token=used)["refreshStaffSession"]["session"] is None
    assert shop.code("{ staff { id } }", "ANN") == "UNAUTHENTICATED"


def test_nobody_does_anything_in_the_same_request_after_signing_out(shop):
    query = """mutation { signOutStaff { errors { message } }
      registerMember(input: {phone: "13800000001"}) { member { id } } }"""
    assert shop.code(query, "ADMIN") == "UNAUTHENTICATED"


def test_the_test_clock_goes_forward_and_lets_happen_what_is_due(shop):
    ana = shop.enrol()
    shop.shipped(ana, shop.stock()["variants"][0]["id"])
    moved = shop.do("advanceTestClock", "now", to="2027-06-01T00:00:00+08:00")
    assert moved["now"] == "2027-05-31T16:00:00+00:00"
    query = (
        "query($id: ID!) { node(id: $id) { ... on Member { pointsEntries { edges { node { kind occurredAt } } } } } }"
    )
    entries = shop.ask(query, id=ana)["node"]["pointsEntries"]["edges"]
    assert [(edge["node"]["kind"], edge["node"]["occurredAt"]) for edge in entries] == [
        ("EXPIRED", "2027-01-31T16:00:00+00:00"),
        ("EARNED", "2026-01-31T01:00:00+00:00"),
    ]
    assert shop.refused("advanceTestClock", to="2027-05-01T00:00:00+08:00") == [("InvalidInputError", ["to"])]


def test_the_test_clock_stays_inside_the_calendar(shop):
    # Beyond, nothing could be signed, ordered or returned any more: it would all last past the year 9999.
    assert shop.refused("advanceTestClock", to="9999-12-31T00:00:00Z") == [("InvalidInputError", ["to"])]


def test_without_a_test_clock_time_cannot_be_moved(db):
    shop = AdminShop(db, test_mode=False)
    assert shop.refused("advanceTestClock", to="2027-05-01T00:00:00+08:00") == [("InvalidInputError", ["to"])]

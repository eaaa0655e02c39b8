"""Accounts of staff: made, changed, closed and watched over by an ADMIN."""

from __future__ import annotations

import pyotp
import pytest

from kernel.refusals import Refused
from staff import govern
from staff.tables import Role
from tests.support.at_once import at_once, refusals

SIGN_IN = """mutation($input: SignInStaffInput!) { signInStaff(input: $input) {
  session { accessToken refreshToken staff { id totpConfirmedAt } } errors { __typename message path } } }"""
REFRESH = """mutation($input: RefreshStaffSessionInput!) { refreshStaffSession(input: $input) {
  session { accessToken } errors { __typename } } }"""
STAFF = "staff { id email name role totpConfirmedAt deactivatedAt }"


def answer(shop, mutation, input):
    """The payload; `shop.do` takes the role of the one who asks where these mutations take the role to give."""
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    query = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {STAFF} errors {{ __typename path }} }} }}"
    return shop.ask(query, input=input)[mutation]


def change(shop, mutation, **input):
    """The account after a change that succeeds."""
    payload = answer(shop, mutation, input)
    assert payload["errors"] == []
    return payload["staff"]


def refused(shop, mutation, **input):
    return [(error["__typename"], error["path"]) for error in answer(shop, mutation, input)["errors"]]


@pytest.fixture
def ann(shop):
    """A member of staff with a password of her own; the id."""
    made = change(shop, "createStaff", email="Ann@shop.test", password="a long password", role="SERVICE", name="Ann")
    assert (made["email"], made["role"], made["deactivatedAt"]) == ("ann@shop.test", "SERVICE", None)
    return made["id"]


def sign_in(shop, **more):
    query = {"email": "ann@shop.test", "password": "a long password", **more}
    return shop.ask(SIGN_IN, None, language="en", input=query)["signInStaff"]


def enter(shop, name="ANN", **more):
    session = sign_in(shop, **more)["session"]
    shop.tokens[name] = session["accessToken"]
    return session


def actions(shop, staff_id):
    query = "query($id: ID!) { auditLog(subjectId: $id) { edges { node { action actor after } } } }"
    return [edge["node"]["action"] for edge in shop.ask(query, id=staff_id)["auditLog"]["edges"]]


def test_a_new_account_signs_in_and_is_listed(shop, ann):
    enter(shop)
    listed = shop.ask(f"{{ staffMembers {{ {STAFF[8:-2]} }} }}")["staffMembers"]
    assert [member["email"] for member in listed if member["id"] == ann] == ["ann@shop.test"]
    assert actions(shop, ann) == ["signInStaff", "createStaff"]
    assert refused(shop, "createStaff", email="ann@shop.test", password="another one", role="ADMIN") == [
        ("InvalidInputError", ["email"])
    ]


def test_a_change_of_role_holds_from_the_next_request_on(shop, ann):
    enter(shop)
    assert shop.code("{ members { totalCount } }", "ANN") is None
    assert change(shop, "setStaffRole", staffId=ann, role="MERCHANDISER")["role"] == "MERCHANDISER"
    assert shop.code("{ members { totalCount } }", "ANN") == "FORBIDDEN"
    assert actions(shop, ann)[0] == "setStaffRole"


def test_an_admin_ends_the_sessions_of_an_account_and_only_those(shop, ann):
    first, second = enter(shop, "FIRST"), enter(shop, "SECOND")
    query = "query($id: ID!) { staffSessions(staffId: $id) { id startedAt carriedOnUntil isMine } }"
    sessions = shop.ask(query, id=ann)["staffSessions"]
    assert [session["isMine"] for session in sessions] == [False, False]
    ended = shop.do("endStaffSessions", "ended", staffId=ann, sessionId=sessions[1]["id"])
    assert ended["ended"] == 1
    assert shop.code("{ staff { id } }", "FIRST") == "UNAUTHENTICATED"
    assert shop.code("{ staff { id } }", "SECOND") is None
    assert shop.do("endStaffSessions", "ended", staffId=ann)["ended"] == 1
    assert shop.code("{ staff { id } }", "SECOND") == "UNAUTHENTICATED"
    for session in (first, second):
        refused = shop.ask(REFRESH, None, input={"refreshToken": session["refreshToken"]})["refreshStaffSession"]
        assert refused["errors"] == [{"__typename": "SignInError"}]
    assert shop.ask(query, id=ann)["staffSessions"] == []
    assert actions(shop, ann)[:2] == ["endStaffSessions", "endStaffSessions"]
    assert shop.refused("endStaffSessions", staffId="stf_" + "0" * 32) == [("NotFoundError", ["staffId"])]


def test_whoever_ends_their_own_session_does_nothing_more_in_the_same_request(shop):
    own = shop.ask("{ staff { id } }")["staff"]["id"]
    query = f"""mutation {{ endStaffSessions(input: {{staffId: "{own}"}}) {{ ended }}
      registerMember(input: {{phone: "13800000001"}}) {{ member {{ id }} }} }}"""
    assert shop.code(query, "ADMIN") == "UNAUTHENTICATED"


def test_a_closed_account_does_not_sign_in_and_its_sessions_end(shop, ann):
    session = enter(shop)
    assert shop.do("deactivateStaff", STAFF, staffId=ann)["staff"]["deactivatedAt"] is not None
    assert shop.code("{ staff { id } }", "ANN") == "UNAUTHENTICATED"
    assert shop.ask(REFRESH, None, input={"refreshToken": session["refreshToken"]})["refreshStaffSession"]["errors"]
    refused = sign_in(shop)
    assert refused["session"] is None
    assert refused["errors"][0]["message"] == "The e-mail address or password is wrong."
    shop.do("deactivateStaff", STAFF, staffId=ann)
    assert shop.do("reactivateStaff", STAFF, staffId=ann)["staff"]["deactivatedAt"] is None
    enter(shop)
    assert actions(shop, ann)[:3] == ["signInStaff", "reactivateStaff", "deactivateStaff"]


def test_the_last_admin_stays(shop, ann):
    own = shop.ask("{ staff { id } }")["staff"]["id"]
    assert shop.refused("deactivateStaff", staffId=own) == [("InvalidInputError", ["staffId"])]
    assert refused(shop, "setStaffRole", staffId=own, role="ANALYST") == [("InvalidInputError", ["staffId"])]
    change(shop, "setStaffRole", staffId=ann, role="ADMIN")
    shop.do("deactivateStaff", STAFF, staffId=ann)
    # A closed account is nobody who could take over.
    assert refused(shop, "setStaffRole", staffId=own, role="ANALYST") == [("InvalidInputError", ["staffId"])]
    shop.do("reactivateStaff", STAFF, staffId=ann)
    change(shop, "setStaffRole", staffId=own, role="ANALYST")


def test_two_admins_who_close_each_others_account_at_once_do_not_both_succeed(shop):
    for close in (
        lambda tx, staff_id: govern.deactivate_staff(tx, staff_id, actor="a@shop.test", now=shop.now),
        lambda tx, staff_id: govern.set_role(tx, staff_id, Role.ANALYST, actor="a@shop.test", now=shop.now),
    ):
        with shop.db.write() as tx:
            tx.exec_driver_sql("UPDATE staff SET role = 'ANALYST'")
        ids = [shop.staff("ADMIN"), shop.staff("ADMIN")]

        def deed(staff_id, close=close):
            with shop.db.write() as tx:
                close(tx, staff_id)

        results = at_once(*[lambda staff_id=staff_id: deed(staff_id) for staff_id in ids])
        assert len(refusals(results)) == 1
        assert any(isinstance(result, Refused) for result in results)


def test_a_second_factor_is_set_up_asked_for_and_taken_away(shop, ann):
    enter(shop)
    begun = shop.do_signed_in("beginTotp", "secret uri", "ANN")
    app = pyotp.TOTP(begun["secret"])
    assert sign_in(shop)["errors"] == []
    assert shop.refused("confirmTotp", "ANN", code="12") == [("SignInError", ["code"])]
    confirmed = shop.do("confirmTotp", STAFF, "ANN", code=app.at(shop.now))["staff"]
    assert confirmed["totpConfirmedAt"] == shop.now.isoformat()
    assert sign_in(shop)["errors"] == [
        {
            "__typename": "SignInError",
            "message": "A code is needed too: the one that your authenticator app shows.",
            "path": ["totpCode"],
        }
    ]
    assert sign_in(shop, password="another one")["errors"][0]["path"] == []
    enter(shop, totpCode=app.at(shop.now, counter_offset=1))
    assert shop.refused("removeTotp", "ANN", staffId=ann) == [("InvalidInputError", ["code"])]
    assert shop.refused("removeTotp", "ANN", staffId=ann, code="12") == [("SignInError", ["code"])]
    shop.at("2026-01-01T02:00:00Z")
    removed = shop.do("removeTotp", STAFF, "ANN", staffId=ann, code=app.at(shop.now))["staff"]
    assert removed["totpConfirmedAt"] is None
    assert sign_in(shop)["errors"] == []


def test_an_admin_takes_the_second_factor_away_from_whoever_lost_the_telephone(shop, ann):
    enter(shop)
    app = pyotp.TOTP(shop.do_signed_in("beginTotp", "secret", "ANN")["secret"])
    shop.do("confirmTotp", "", "ANN", code=app.at(shop.now))
    own = shop.ask("{ staff { id } }", "MERCHANDISER")["staff"]["id"]
    assert shop.refused("removeTotp", "MERCHANDISER", staffId=ann) == [("NotFoundError", ["staffId"])]
    assert shop.refused("removeTotp", "ANN", staffId=own) == [("NotFoundError", ["staffId"])]
    shop.do("removeTotp", STAFF, staffId=ann)
    assert sign_in(shop)["errors"] == []
    assert actions(shop, ann)[1:4] == ["removeTotp", "confirmTotp", "beginTotp"]


def test_no_secret_is_ever_in_the_audit_log(shop, ann):
    enter(shop)
    secret = shop.do_signed_in("beginTotp", "secret", "ANN")["secret"]
    shop.do("confirmTotp", "", "ANN", code=pyotp.TOTP(secret).at(shop.now))
    log = str(shop.ask("{ auditLog { edges { node { actor action before after } } } }"))
    assert secret not in log
    assert "a long password" not in log

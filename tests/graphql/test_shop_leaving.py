"""A member takes her data along, and leaves."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api.doors import admin_door
from kernel.sessions import STAFF_LIFETIME, open_session
from members.openids import give_phone
from staff.accounts import create_staff
from tests.support.joining import PHONE, bind, by_wechat

EXPORT = "{ exportMyData }"
LEAVE = """mutation { deleteMyAccount { leftAt errors { __typename message path
  ... on OrderStateError { order: status } ... on ReturnStateError { back: status } } } }"""


@pytest.fixture
def ana(play) -> str:
    play.stock("mug", "100.00")
    return play.enrol("Ana", points=500)


def test_the_document_is_plain_json(api, ana) -> None:
    api.play.sell(ana, {"mug": 1})
    told = api.ask(EXPORT, member=ana)["exportMyData"]
    assert told["member"]["nickname"] == "Ana"
    assert told["account"]["pointsAvailable"] == 500
    assert told["orders"][0]["due"] == {"amount": "100.00", "currencyCode": "CNY"}
    assert told["orders"][0]["placedAt"] == api.play.now.isoformat().replace("+08:00", "+00:00").replace("T09", "T01")


def test_the_document_is_brought_up_to_date_first(api, ana) -> None:
    api.play.sell(ana, {"mug": 1})
    api.play.days_later(31)
    assert api.ask(EXPORT, member=ana)["exportMyData"]["account"]["pointsAvailable"] == 700


def test_notes_that_no_person_wrote_are_told_in_the_members_words(api, ana) -> None:
    bo = by_wechat(api.play)
    api.play.adjust(bo, 40)
    with api.play.db.write() as tx:
        give_phone(tx, ana, PHONE)
    bind(api.play, bo)
    told = api.ask(EXPORT, member=ana)["exportMyData"]
    assert told["pointsEntries"][0]["note"].startswith("Accounts joined: ")
    api.play.later(minutes=1)
    told = api.ask(EXPORT, member=ana, language="zh-CN")["exportMyData"]
    assert told["joinedAccounts"][0]["pointsEntries"][0]["note"].startswith("账户合并：")


def test_more_than_once_a_minute_is_too_often(api, ana) -> None:
    api.ask(EXPORT, member=ana)
    assert api.code(EXPORT, member=ana) == "RATE_LIMITED"
    api.play.later(minutes=1)
    api.ask(EXPORT, member=ana)


def test_asked_for_twice_in_one_request_it_is_given_once(api, ana) -> None:
    answer = api.post("{ a: exportMyData b: exportMyData }", member=ana)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["RATE_LIMITED"]


def test_it_takes_a_member_to_ask(api) -> None:
    assert api.code(EXPORT) == "UNAUTHENTICATED"
    assert api.code(LEAVE) == "UNAUTHENTICATED"


def test_whoever_leaves_is_signed_out_everywhere(api, ana) -> None:
    token, other = api.token(ana), api.token(ana)
    left = api.ask(LEAVE, token=token)["deleteMyAccount"]
    assert left["errors"] == []
    assert left["leftAt"] is not None
    for each in (token, other):
        assert api.code("{ me { id } }", token=each) == "UNAUTHENTICATED"
        assert api.code(LEAVE, token=each) == "UNAUTHENTICATED"


def test_nothing_more_is_done_in_the_same_request(api, ana) -> None:
    query = """mutation { deleteMyAccount { leftAt }
      updateProfile(input: {nickname: "Ana"}) { member { nickname } } }"""
    assert api.code(query, member=ana) == "UNAUTHENTICATED"


def test_what_is_open_is_named_in_the_members_words(api, ana) -> None:
    order = api.play.sell(ana, {"mug": 2})
    back = api.play.return_units(order, {"mug": 1})
    number, return_number = api.play.order(order).number, api.play.returned(back).number
    assert api.ask(LEAVE, member=ana)["deleteMyAccount"] == {
        "leftAt": None,
        "errors": [
            {
                "__typename": "OrderStateError",
                "message": f"Order {number} is still open. You can leave once it has come to its end.",
                "path": ["orders", order],
                "order": "SHIPPED",
            },
            {
                "__typename": "ReturnStateError",
                "message": f"Return {return_number} is still open. You can leave once it has come to its end.",
                "path": ["returns", back],
                "back": "REQUESTED",
            },
        ],
    }
    chinese = api.ask(LEAVE, member=ana, language="zh-CN")["deleteMyAccount"]["errors"]
    assert number in chinese[0]["message"]
    assert "注销" in chinese[0]["message"]


def test_staff_see_that_the_member_left_and_why_the_points_are_gone(api, ana) -> None:
    api.play.sell_and_settle(ana, {"mug": 1})
    api.ask(LEAVE, member=ana)
    with api.play.db.write() as tx:
        staff = create_staff(tx, email="ann@shop.test", password="a long password", role="ADMIN")
        session = open_session(tx, staff, now=api.play.now, lifetime=STAFF_LIFETIME)
    token = api.services.tokens.issue("admin", staff, session.session_id, api.play.now).text
    query = """query($id: ID!) {
      node(id: $id) { ... on Member { nickname phone leftAt tierReviewAt pointsExpiresAt
        pointsEntries(first: 1) { edges { node { description } } }
        orders { edges { node { address { recipient } member { nickname } } } } } }
      tierDistribution { members } pointsLiability { available expired } }"""
    client = TestClient(admin_door(api.services), base_url="http://shop.test")
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    answer = client.post("/admin/graphql", json={"query": query, "variables": {"id": ana}}, headers=headers)
    client.close()
    data = answer.json()["data"]
    assert data["node"] == {
        "nickname": "",
        "phone": None,
        "leftAt": data["node"]["leftAt"],
        "tierReviewAt": None,
        "pointsExpiresAt": None,
        "pointsEntries": {"edges": [{"node": {"description": "Points expired: the member has left"}}]},
        "orders": {"edges": [{"node": {"address": None, "member": {"nickname": ""}}}]},
    }
    assert data["node"]["leftAt"] is not None
    assert sum(tier["members"] for tier in data["tierDistribution"]) == 0
    assert data["pointsLiability"] == {"available": 0, "expired": 700}

"""Members as customer service knows them."""

from __future__ import annotations

from contextlib import closing

from tests.support.admin import AdminShop

ACCOUNT = """tierCode tierReviewAt qualifyingSpend { amount } pointsAvailable pointsPending pointsHeld pointsExpiresAt
  expiryWaitsForOrders tierHistory { tierCode from until reason note }
  pointsEntries { totalCount edges { node { kind points balanceAfter orderNumber description } } }"""


def test_a_member_is_registered_once_and_found_by_number_and_phone(shop):
    member = shop.do("registerMember", "member { id number phone nickname }", phone="138 0000 0001", nickname="Ana")
    assert member["member"]["phone"] == "+8613800000001"
    found = "query($number: String, $phone: String) { member(number: $number, phone: $phone) { id phone } }"
    whole = {"id": member["member"]["id"], "phone": "+8613800000001"}
    assert shop.ask(found, "SERVICE", number=member["member"]["number"])["member"] == whole
    assert shop.ask(found, phone="13800000001")["member"] == whole
    assert shop.ask(found, number="none")["member"] is None
    assert shop.code("{ member { id } }") == "BAD_USER_INPUT"
    assert shop.refused("registerMember", phone="+8613800000001") == [("InvalidInputError", ["phone"])]
    assert shop.refused("registerMember", phone="12", nickname="x" * 201) == [
        ("InvalidInputError", ["nickname"]),
        ("InvalidInputError", ["phone"]),
    ]


def test_under_a_test_clock_a_made_up_phone_is_registered_and_in_real_time_it_is_none(shop, db):
    phone = {"phone": "+15555550123"}
    assert shop.do("registerMember", "member { phone }", **phone)["member"] == phone
    assert shop.ask("query($phone: String) { member(phone: $phone) { phone } }", **phone)["member"] == phone
    with closing(AdminShop(db, test_mode=False)) as real:
        assert real.refused("registerMember", "SERVICE", phone="+447700900123") == [("InvalidInputError", ["phone"])]


def test_members_are_found_by_number_phone_and_nickname_and_phones_are_masked(shop):
    ana = shop.enrol("Ana", "+8613800000001")
    shop.at("2026-01-02T09:00:00+08:00")
    bo = shop.enrol("Bo", "+8613900000002")
    shop.do("setTier", "member { id }", memberId=bo, tierCode="SVIP", reason="why not")

    def found(role: str = "SERVICE", **arguments: str) -> list[str]:
        query = """query($search: String, $tier: String) { members(search: $search, tierCode: $tier) {
          totalCount edges { node { id phone } } } }"""
        page = shop.ask(query, role, **arguments)["members"]
        assert page["totalCount"] == len(page["edges"])
        assert all(edge["node"]["phone"] in ("+86138****0001", "+86139****0002", None) for edge in page["edges"])
        return [edge["node"]["id"] for edge in page["edges"]]

    assert found() == [bo, ana]
    assert found(search="aN") == [ana]
    assert found(search="139") == [bo]
    assert found(search="%") == []
    assert found(tier="SVIP") == [bo]
    assert found(search="Ana", tier="SVIP") == []
    number = shop.ask("query($id: ID!) { node(id: $id) { ... on Member { number } } }", id=ana)["node"]["number"]
    assert found(search=number) == [ana]


def test_an_analyst_neither_sees_phones_nor_finds_out_about_them(shop):
    shop.enrol("Ana", "+8613800000001")
    assert shop.ask("{ members { edges { node { nickname phone } } } }", "ANALYST")["members"]["edges"] == [
        {"node": {"nickname": "Ana", "phone": None}}
    ]
    assert shop.ask('{ members(search: "138") { totalCount } }', "ANALYST")["members"]["totalCount"] == 0
    assert shop.ask('{ member(phone: "+8613800000001") { id } }', "ANALYST")["member"] is None


def test_points_and_tiers_are_changed_by_hand_with_a_reason(shop):
    ana = shop.enrol()
    adjust = {"memberId": ana, "points": 500, "reason": "sorry", "idempotencyKey": "k"}
    for _ in range(2):
        member = shop.do("adjustPoints", f"member {{ {ACCOUNT} }}", "SERVICE", **adjust)["member"]
    assert (member["pointsAvailable"], member["pointsExpiresAt"]) == (500, "2027-01-01T16:00:00+00:00")
    assert member["pointsEntries"]["totalCount"] == 1
    assert member["pointsEntries"]["edges"][0]["node"]["description"] == "客服调整积分：sorry"
    assert shop.refused("adjustPoints", "SERVICE", **{**adjust, "points": 1}) == [
        ("IdempotencyConflictError", ["idempotencyKey"])
    ]
    assert shop.refused("adjustPoints", **{**adjust, "points": -501, "idempotencyKey": "l"}) == [
        ("InsufficientPointsError", ["points"])
    ]
    assert shop.refused("adjustPoints", **{**adjust, "points": 2**53 + 1}) == [("InvalidInputError", ["points"])]
    assert shop.refused("adjustPoints", **{**adjust, "reason": " "}) == [("InvalidInputError", ["reason"])]
    shop.at("2026-02-01T00:00:00+08:00")
    member = shop.do("setTier", f"member {{ {ACCOUNT} }}", "SERVICE", memberId=ana, tierCode="VIP", reason="loyal")
    history = member["member"]["tierHistory"]
    assert [(each["tierCode"], each["reason"], each["note"]) for each in history] == [
        ("ORDINARY", "JOINED", None),
        ("VIP", "MANUAL", "loyal"),
    ]
    assert history[0]["until"] == history[1]["from"] == "2026-01-31T16:00:00+00:00"
    assert history[1]["until"] is None
    assert shop.refused("setTier", memberId=ana, tierCode="NONE", reason="x") == [("NotFoundError", ["tierCode"])]


def test_a_gift_card_shows_its_code_to_whoever_sends_the_same_key_and_to_nobody_else(shop):
    ana = shop.enrol()
    card = {"amount": "50.00", "memberId": ana, "idempotencyKey": "k"}
    first = shop.do("issueGiftCard", "code giftCardId", "SERVICE", **card)
    assert shop.do("issueGiftCard", "code giftCardId", "SERVICE", **card) == first
    log = "query($id: ID) { auditLog(subjectId: $id) { edges { node { action before after } } } }"
    entries = shop.ask(log, id=first["giftCardId"])["auditLog"]["edges"]
    assert [entry["node"] for entry in entries] == [
        {"action": "issueGiftCard", "before": None, "after": {"amount": "50.00", "currency": "CNY", "memberId": ana}}
    ]
    assert first["code"] not in str(shop.ask(log)["auditLog"])
    assert shop.refused("issueGiftCard", **{**card, "amount": "0"}) == [("InvalidInputError", ["amount"])]
    assert shop.refused("issueGiftCard", **{**card, "amount": "1.001", "idempotencyKey": ""}) == [
        ("InvalidInputError", ["idempotencyKey"]),
        ("InvalidInputError", ["amount"]),
    ]
    assert shop.refused("issueGiftCard", "SERVICE", **{**card, "amount": "51.00"})[0][0] == "IdempotencyConflictError"


def test_what_is_due_has_happened_when_a_member_is_looked_at(shop):
    ana = shop.enrol()
    order = shop.shipped(ana, shop.stock()["variants"][0]["id"])
    query = f"query($id: ID!) {{ node(id: $id) {{ ... on Member {{ {ACCOUNT} }} }} }}"
    before = shop.ask(query, id=ana)["node"]
    assert (before["pointsPending"], before["pointsAvailable"]) == (200, 0)
    shop.at("2026-03-01T09:00:00+08:00")
    after = shop.ask(query, id=ana)["node"]
    assert (after["pointsPending"], after["pointsAvailable"]) == (0, 200)
    assert after["qualifyingSpend"] == {"amount": "100.00"}
    entry = after["pointsEntries"]["edges"][0]["node"]
    assert (entry["kind"], entry["orderNumber"]) == ("EARNED", order["number"])
    liability = shop.ask(
        "{ pointsLiability { issued pending available held redeemed expired reversed adjusted value { amount } } }",
        "ANALYST",
    )["pointsLiability"]
    assert (liability["issued"], liability["available"], liability["value"]) == (200, 200, {"amount": "4.00"})


def test_together_members_may_have_more_points_than_one_may(shop):
    for phone in ("13800000001", "13800000002"):
        member = shop.enrol(phone=phone)
        most = {"memberId": member, "points": 2**53, "reason": "x", "idempotencyKey": phone}
        shop.do("adjustPoints", "member { id }", **most)
    liability = shop.ask("{ pointsLiability { available adjusted } }")["pointsLiability"]
    assert liability == {"available": 2**54, "adjusted": 2**54}


def test_entries_are_paged_both_ways(shop):
    ana = shop.enrol()
    for points in (1, 2, 3):
        shop.do("adjustPoints", "member { id }", memberId=ana, points=points, reason="x", idempotencyKey=str(points))
    query = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
      node(id: $id) { ... on Member { pointsEntries(first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { points } } pageInfo { hasNextPage hasPreviousPage } } } } }"""

    def page(**arguments):
        found = shop.ask(query, id=ana, **arguments)["node"]["pointsEntries"]
        return [edge["node"]["points"] for edge in found["edges"]], found

    points, first = page(first=2)
    assert (points, first["pageInfo"]) == ([3, 2], {"hasNextPage": True, "hasPreviousPage": False})
    assert page(first=2, after=first["edges"][-1]["cursor"])[0] == [1]
    points, last = page(last=2)
    assert (points, last["pageInfo"]) == ([2, 1], {"hasNextPage": False, "hasPreviousPage": True})
    assert page(last=2, before=last["edges"][0]["cursor"])[0] == [3]

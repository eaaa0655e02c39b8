"""What staff see of two accounts that have become one."""

from __future__ import annotations

from checkout.joining.bind_phone import PhoneProof, bind_phone
from checkout.joining.sign_in_with_wechat import sign_in_with_wechat
from members.wechat import Visitor

PHONE = "+8613800000001"


def test_a_closed_record_leads_to_the_member_that_it_was_joined_to(shop):
    ana = shop.enrol("Ana", PHONE)
    bo = sign_in_with_wechat(shop.services.shop, Visitor("openid-1", None)).subject_id
    shop.do("adjustPoints", "member { id }", memberId=bo, points=50, reason="why not", idempotencyKey="1")
    shop.do("setTier", "member { id }", memberId=bo, tierCode="VIP", reason="why not")
    bind_phone(shop.services.shop, shop.services.codes, bo, PhoneProof(PHONE))
    fields = """id number phone tierCode pointsAvailable mergedInto { id phone mergedInto { id } }
      tierHistory { tierCode reason note } pointsEntries { edges { node { kind points description } } }"""
    query = f"query($id: ID!) {{ node(id: $id) {{ ... on Member {{ {fields} }} }} }}"
    closed, member = (shop.ask(query, "SERVICE", language="en", id=id_)["node"] for id_ in (bo, ana))
    assert closed["mergedInto"] == {"id": ana, "phone": PHONE, "mergedInto": None}
    assert (closed["phone"], closed["pointsAvailable"]) == (None, 0)
    assert (member["mergedInto"], member["pointsAvailable"], member["tierCode"]) == (None, 50, "VIP")
    words = f"Accounts joined: {closed['number']}"
    assert member["pointsEntries"]["edges"][0]["node"] == {"kind": "ADJUSTED", "points": 50, "description": words}
    assert member["tierHistory"][-1] == {"tierCode": "VIP", "reason": "MANUAL", "note": words}
    shares = shop.ask("{ tierDistribution { tierCode members } }")["tierDistribution"]
    assert sum(share["members"] for share in shares) == 1
    assert shop.ask('{ members(tierCode: "VIP") { edges { node { id } } } }')["members"]["edges"] == [
        {"node": {"id": ana}}
    ]
    entry = shop.ask("query($id: ID!) { auditLog(subjectId: $id) { edges { node { action } } } }", id=bo)["auditLog"]
    assert entry["edges"][0]["node"]["action"] == "bindPhone"


def test_a_closed_record_is_changed_by_nobody(shop):
    shop.enrol("Ana", PHONE)
    bo = sign_in_with_wechat(shop.services.shop, Visitor("openid-1", None)).subject_id
    bind_phone(shop.services.shop, shop.services.codes, bo, PhoneProof(PHONE))
    assert shop.refused("adjustPoints", memberId=bo, points=5, reason="x", idempotencyKey="1") == [
        ("NotFoundError", ["memberId"])
    ]
    assert shop.refused("setTier", memberId=bo, tierCode="VIP", reason="x") == [("NotFoundError", ["memberId"])]
    assert shop.refused("issueGiftCard", memberId=bo, amount="5.00", idempotencyKey="1") == [
        ("NotFoundError", ["memberId"])
    ]

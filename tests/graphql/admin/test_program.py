"""The program, its versions, and what its operators read."""

from __future__ import annotations

from copy import deepcopy

from program.versions import reference_document


def test_a_version_is_published_and_shown_as_it_was_written(shop):
    document = reference_document()
    document["name"] = {"zh-CN": "凡客会员", "en": "Members"}
    fields = "programVersion { id version effectiveAt document publishedBy }"
    saved = shop.do("publishProgram", fields, document=document, effectiveAt="2026-02-01T00:00:00+08:00")
    version = saved["programVersion"]
    assert (version["version"], version["effectiveAt"]) == (2, "2026-01-31T16:00:00+00:00")
    assert version["document"] == document
    assert version["publishedBy"].startswith("admin")
    versions = shop.ask("{ programVersions { version document } }", "MERCHANDISER")["programVersions"]
    assert [each["version"] for each in versions] == [1, 2]
    assert versions[0]["document"] == reference_document()


def test_everything_that_is_wrong_with_a_document_is_told_by_its_path(shop):
    document = deepcopy(reference_document())
    del document["settlement"]
    document["points"]["rates"]["SALE"] = 0.5
    document["tiers"]["levels"][1]["acquire"] = "NaN"
    document["surprise"] = True
    assert sorted(shop.refused("publishProgram", document=document)) == [
        ("InvalidInputError", ["document", "points", "rates", "SALE"]),
        ("InvalidInputError", ["document", "settlement"]),
        ("InvalidInputError", ["document", "surprise"]),
        ("InvalidInputError", ["document", "tiers", "levels", "1", "acquire"]),
    ]
    for nonsense in (None, [], "vancl", 7, {}):
        if nonsense is not None:
            assert shop.refused("publishProgram", document=nonsense)
    assert len(shop.ask("{ programVersions { id } }")["programVersions"]) == 1


def test_a_document_of_monstrous_size_or_depth_is_not_read(shop):
    deep: object = "end"
    for _ in range(200):
        deep = [deep]
    for document in (deep, {"name": "x" * 70_000}, {str(key): 1 for key in range(6_000)}):
        assert shop.refused("publishProgram", document=document) == [("InvalidInputError", ["document"])]
    answer = shop.post(
        role="ADMIN",
        content=b'{"query": "mutation($d: JSON!) { publishProgram(input: {document: $d}) { errors { path } } }",'
        b' "variables": {"d": {"name": NaN}}}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.json()["errors"] or answer.json()["data"]["publishProgram"]["errors"]


def test_a_version_cannot_begin_in_the_past_or_leave_out_a_tier_that_has_members(shop):
    member = shop.enrol()
    shop.do("setTier", "member { id }", memberId=member, tierCode="SVIP", reason="x")
    document = deepcopy(reference_document())
    document["tiers"]["levels"].pop()
    wrong = shop.refused("publishProgram", document=document, effectiveAt="2025-12-31T00:00:00+08:00")
    assert sorted(wrong) == [
        ("InvalidInputError", ["document", "tiers", "levels"]),
        ("InvalidInputError", ["effectiveAt"]),
    ]


def test_a_wrong_document_does_not_hide_that_it_would_begin_in_the_past(shop):
    document = deepcopy(reference_document())
    document["surprise"] = True
    past = "2025-12-31T00:00:00+08:00"
    assert sorted(shop.refused("publishProgram", document=document, effectiveAt=past)) == [
        ("InvalidInputError", ["document", "surprise"]),
        ("InvalidInputError", ["effectiveAt"]),
    ]
    assert sorted(shop.refused("publishProgram", document={"name": "x" * 70_000}, effectiveAt=past)) == [
        ("InvalidInputError", ["document"]),
        ("InvalidInputError", ["effectiveAt"]),
    ]


def test_the_distribution_names_every_tier_in_order_with_its_share(shop):
    empty = shop.ask("{ tierDistribution { tierCode members share } }", "ANALYST")["tierDistribution"]
    assert [(each["members"], each["share"]) for each in empty] == [(0, "0.0000")] * 3
    for i, tier in enumerate((None, None, "SVIP")):
        member = shop.enrol(str(i), f"+861380000000{i}")
        if tier:
            shop.do("setTier", "member { id }", memberId=member, tierCode=tier, reason="x")
    shares = shop.ask("{ tierDistribution { tierCode members share } }", "MERCHANDISER")["tierDistribution"]
    assert [tuple(each.values()) for each in shares] == [
        ("ORDINARY", 2, "0.6667"),
        ("VIP", 0, "0.0000"),
        ("SVIP", 1, "0.3333"),
    ]

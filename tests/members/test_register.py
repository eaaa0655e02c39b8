"""A new member: in the entry tier, with a number and a phone that nobody else has."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from kernel.refusals import InvalidInput, Refused
from members.account import accounts_by_id
from members.profile import members_by_id
from members.register import register
from members.tiers.periods import tier_periods_of
from tests.support.members import NOON, PROGRAM, enrol


def _register(db, phone="+8613800138000", nickname="", **more):
    with db.write() as tx:
        return register(tx, phone, nickname, program=PROGRAM, now=NOON, **more)


def _refusals(db, *arguments, **more):
    with pytest.raises(Refused) as caught:
        _register(db, *arguments, **more)
    return list(caught.value.refusals)


def test_a_member_begins_in_the_entry_tier_without_points(db):
    member_id = _register(db, "138 0013 8000", " 小美 ")
    with db.read() as conn:
        member = members_by_id(conn, [member_id])[member_id]
        account = accounts_by_id(conn, [member_id])[member_id]
        (period,) = tier_periods_of(conn, [member_id])[member_id]
    assert (member.phone, member.nickname, member.gender) == ("+8613800138000", "小美", "UNDISCLOSED")
    assert (account.balance, account.tier_code, account.next_due_at) == (0, "ORDINARY", None)
    assert (period.tier_code, period.from_at, period.reason) == ("ORDINARY", NOON, "JOINED")


def test_a_phone_that_is_taken_is_refused_however_it_is_written(db):
    enrol(db, "+8613800138000")
    assert _refusals(db, "13800138000") == [InvalidInput(path=("phone",), reason="taken")]


def test_everything_that_is_wrong_is_told_at_once(db):
    refusals = _refusals(db, "12345", "x" * 201)
    assert {refusal.path for refusal in refusals} == {("phone",), ("nickname",)}


def test_a_member_from_elsewhere_keeps_its_number_and_needs_no_phone(db):
    member_id = _register(db, None, "", number="12347")
    with db.read() as conn:
        member = members_by_id(conn, [member_id])[member_id]
    assert (member.number, member.phone) == ("12347", None)
    assert _refusals(db, None, "", number="12347") == [InvalidInput(path=("number",), reason="taken")]
    _register(db, None, "", number="12348")


def test_two_registrations_of_one_phone_at_once_make_one_member(db):
    def attempt(_):
        try:
            return _register(db)
        except Refused as refused:
            return refused.refusals[0].reason

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(attempt, range(6)))
    assert sorted(answers)[1:] == ["taken"] * 5

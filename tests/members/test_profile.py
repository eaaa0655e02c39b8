"""What members tell about themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from kernel.refusals import InvalidInput, Refused
from members.profile import ProfileChange, members_by_id, update_profile
from tests.support.members import NOON, enrol

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def member(db):
    return enrol(db)


def _change(db, member_id, now=NOON, **changes):
    with db.write() as tx:
        update_profile(tx, member_id, ProfileChange(**changes), now=now, zone=SHANGHAI)
    with db.read() as conn:
        return members_by_id(conn, [member_id])[member_id]


def _reasons(db, member_id, **changes):
    with pytest.raises(Refused) as caught:
        _change(db, member_id, **changes)
    return {refusal.path[0]: refusal.reason for refusal in caught.value.refusals}


def test_what_is_left_out_stays_and_what_is_null_goes(db, member):
    told = _change(
        db, member, nickname="Ana", gender="FEMALE", birthday=date(1990, 2, 28), region="上海市", occupation="教师"
    )
    assert (told.nickname, told.gender, told.region, told.occupation) == ("Ana", "FEMALE", "上海市", "教师")
    told = _change(db, member, region=None, birthday=None)
    assert (told.nickname, told.birthday, told.region, told.occupation) == ("Ana", None, None, "教师")
    told = _change(db, member, gender=None, nickname=None)
    assert (told.gender, told.nickname) == ("UNDISCLOSED", "")
    assert _change(db, member) == told


def test_a_birthday_is_today_at_the_latest_where_the_shop_is(db, member):
    just_after_midnight_in_shanghai = datetime(2026, 1, 14, 16, 30, tzinfo=UTC)
    _change(db, member, now=just_after_midnight_in_shanghai, birthday=date(2026, 1, 15))
    assert _reasons(db, member, birthday=date(2026, 1, 16)) == {"birthday": "in_the_future"}
    assert _reasons(db, member, birthday=date(1899, 12, 31)) == {"birthday": "too_long_ago"}
    _change(db, member, birthday=date(1900, 1, 1))


def test_texts_that_are_too_long_are_told_together_and_nothing_is_changed(db, member):
    before = _change(db, member, nickname="Ana")
    long = "长" * 201
    reasons = _reasons(db, member, nickname=long, region=long, occupation=long, gender="MALE")
    assert reasons == dict.fromkeys(("nickname", "region", "occupation"), "too_long")
    assert _change(db, member) == before


def test_a_character_that_no_database_keeps_is_refused(db, member):
    assert _reasons(db, member, nickname="a\x00b", region="\ud800") == {
        "nickname": "bad_characters",
        "region": "bad_characters",
    }


def test_the_most_that_a_name_holds_is_kept_whole(db, member):
    assert _change(db, member, nickname="😀" * 200).nickname == "😀" * 200


def test_a_refusal_says_how_long_a_text_may_be(db, member):
    with pytest.raises(Refused) as caught:
        _change(db, member, nickname="x" * 201)
    assert caught.value.refusals == (InvalidInput(path=("nickname",), reason="too_long", facts=(("most", "200"),)),)

"""Reading what people write into forms and addresses: days and times."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from starlette.datastructures import FormData

from console.forms import day_of, local_time_of
from kernel.refusals import Refusals

SHANGHAI = ZoneInfo("Asia/Shanghai")


def read(text):
    refusals = Refusals()
    return local_time_of(FormData({"endsAt": text}), "endsAt", SHANGHAI, refusals), [
        (refusal.path, refusal.reason) for refusal in refusals.found
    ]


@pytest.mark.parametrize("text", ["1900-01-01", "2026-01-31", "2999-12-31"])
def test_a_day_of_an_address_is_read(text):
    assert day_of(text).isoformat() == text


@pytest.mark.parametrize("text", ["", "today", "2026-02-30", "0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"])
def test_a_day_that_no_shop_has_seen_is_none(text):
    assert day_of(text) is None


@pytest.mark.parametrize("text", ["0001-01-01T00:00", "1899-12-31T23:59", "3000-01-01T00:00", "9999-12-31T23:59-12:00"])
def test_a_time_that_nobody_plans_for_is_told_at_its_field(text):
    assert read(text) == (None, [(("endsAt",), "year_not_between")])


def test_a_time_is_the_shops_own_unless_it_says_otherwise():
    (plain, _), (told, _) = read("2026-01-31T10:00"), read("2026-01-31T10:00+00:00")
    assert (told - plain).total_seconds() == 8 * 3600
    assert read("soon") == (None, [(("endsAt",), "not_a_time")])
    assert read("") == (None, [])

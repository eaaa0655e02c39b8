from __future__ import annotations

import pytest

from members.phones import e164, masked


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13800138000", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("138-0013-8000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("+85251234567", "+85251234567"),
        ("+1 202 555 0123", "+12025550123"),
    ],
)
def test_a_number_is_kept_in_one_form_however_it_is_written(written, kept):
    assert e164(written) == kept


@pytest.mark.parametrize(
    "text", ["", "12345", "abc", "+86", "1" * 300, "+8610000000001", "13800138000 ext 5", "1380013800a", "\x00", "😀"]
)
def test_what_is_no_phone_number_is_none(text):
    assert e164(text) is None


@pytest.mark.parametrize(("phone", "shown"), [("+8613800138000", "+86138****8000"), ("+85251234567", "+852****4567")])
def test_a_list_shows_only_the_ends_of_a_number(phone, shown):
    assert masked(phone) == shown

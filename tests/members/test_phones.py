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


MADE_UP = [
    ("+15555550123", "+15555550123"),
    ("+44 7700 900123", "+447700900123"),
    ("+8612300000000", "+8612300000000"),
    ("123 0000 0000", "+8612300000000"),
    ("+999 (123) 456-789", "+999123456789"),
    ("+123456789012345", "+123456789012345"),
]


@pytest.mark.parametrize(("written", "kept"), MADE_UP)
def test_a_number_that_nobody_can_have_is_read_only_where_it_may_be_made_up(written, kept):
    assert e164(written, made_up=True) == kept
    assert e164(written) is None


@pytest.mark.parametrize(
    "text", ["", "12345", "abc", "+86", "1" * 300, "+1234567890123456", "+012345678", "+15555550123 ext 5", "\x00"]
)
def test_what_has_not_the_form_of_a_number_is_not_even_a_made_up_one(text):
    assert e164(text, made_up=True) is None


@pytest.mark.parametrize(("phone", "shown"), [("+8613800138000", "+86138****8000"), ("+85251234567", "+852****4567")])
def test_a_list_shows_only_the_ends_of_a_number(phone, shown):
    assert masked(phone) == shown

"""Access tokens are short-lived, for one API, and ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from kernel.tokens import LIFETIME, Claims, Tokens, WeakKey

KEY = b"a key of thirty-two bytes or more"
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
TOKENS = Tokens(KEY)


def _forged(algorithm="HS256", key=KEY, **changes):
    claims = {
        "iss": "jifen",
        "aud": "shop",
        "sub": "mem_1",
        "sid": "ses_1",
        "iat": int(NOON.timestamp()),
        "exp": int((NOON + LIFETIME).timestamp()),
    } | changes
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm)


def test_a_token_says_whose_session_it_is_for_fifteen_minutes():
    token = TOKENS.issue("shop", "mem_1", "ses_1", NOON)
    assert token.expires_at == NOON + timedelta(minutes=15)
    assert TOKENS.read("shop", token.text, NOON) == Claims("mem_1", "ses_1")
    assert TOKENS.read("shop", token.text, token.expires_at - timedelta(seconds=1)) is not None
    assert TOKENS.read("shop", token.text, token.expires_at) is None


def test_a_members_token_opens_nothing_for_staff():
    token = TOKENS.issue("shop", "mem_1", "ses_1", NOON)
    assert TOKENS.read("admin", token.text, NOON) is None


def test_under_a_test_clock_a_token_does_not_expire_wherever_the_clock_stands():
    tokens = Tokens(KEY, expire=False)
    for year in (2001, 2026, 2099):
        token = tokens.issue("shop", "mem_1", "ses_1", NOON.replace(year=year))
        assert tokens.read("shop", token.text, NOON) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody else"},
        {"aud": "admin"},
        {"key": b"another key of thirty-two bytes or more"},
        {"key": KEY * 2, "algorithm": "HS512"},
        {"exp": None},
        {"exp": "soon"},
        {"sub": None},
        {"sid": None},
        {"sid": 7},
        {"iat": None},
    ],
)
def test_a_token_that_is_not_quite_ours_is_refused(changes):
    assert TOKENS.read("shop", _forged(), NOON) is not None
    assert TOKENS.read("shop", _forged(**changes), NOON) is None


@pytest.mark.parametrize("text", ["", "abc", "a.b.c", "é", "\ud800", "Bearer x", "." * 5000])
def test_what_is_no_token_is_refused(text):
    assert TOKENS.read("shop", text, NOON) is None


def test_a_token_without_signature_is_refused():
    unsigned = jwt.encode({"iss": "jifen", "aud": "shop", "sub": "a", "sid": "b", "exp": 1, "iat": 1}, None, "none")
    assert Tokens(KEY, expire=False).read("shop", unsigned, NOON) is None


def test_a_short_key_signs_nothing():
    with pytest.raises(WeakKey):
        Tokens(b"x" * 31)


def test_the_key_does_not_show_when_the_shop_is_printed():
    assert "thirty-two" not in repr(TOKENS)

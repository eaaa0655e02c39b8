"""A wrong setting stops the start with a sentence that names it."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from api.settings import WrongSetting, read_settings

KEY = "k" * 32


@pytest.fixture
def environment(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def set_to(**settings):
        for name, value in settings.items():
            monkeypatch.setenv(f"JIFEN_{name}", value)
        return read_settings()

    return set_to


def test_without_any_the_shop_opens_beside_its_data(environment):
    settings = environment()
    assert settings.database_url == "sqlite:///var/jifen.db"
    assert settings.media_root == "var/media"
    assert not settings.avif
    assert not settings.production
    assert not settings.test_mode


def test_an_empty_one_is_one_that_is_not_set(environment):
    assert environment(TEST_CLOCK="", PUBLIC_URL="", DATABASE_URL="").database_url == "sqlite:///var/jifen.db"


def test_the_usual_ones_are_taken(environment):
    settings = environment(
        DATABASE_URL="postgresql://shop:secret@db/jifen",
        PUBLIC_URL="https://shop.example.com/",
        CORS_ORIGINS="https://a.example.com, http://localhost:3000/",
        TEST_CLOCK="2026-01-01T09:00:00+08:00",
        PGBOUNCER="1",
        MEDIA_ROOT="s3://shop-pictures/live/",
        AVIF="true",
    )
    assert (settings.media_root, settings.avif) == ("s3://shop-pictures/live", True)
    assert settings.public_url == "https://shop.example.com"
    assert settings.cors_origins == ("https://a.example.com", "http://localhost:3000")
    assert settings.test_clock == datetime(2026, 1, 1, 1, tzinfo=UTC)
    assert settings.pgbouncer


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"ENV": "staging"}, "JIFEN_ENV"),
        ({"DATABASE_URL": "mysql://a/b"}, "JIFEN_DATABASE_URL"),
        ({"DATABASE_URL": "nonsense"}, "JIFEN_DATABASE_URL"),
        ({"DATABASE_URL": "sqlite://"}, "JIFEN_DATABASE_URL"),
        ({"DATABASE_URL": "postgresql+asyncpg://shop@db/jifen"}, "JIFEN_DATABASE_URL"),
        ({"PUBLIC_URL": "shop.example.com"}, "JIFEN_PUBLIC_URL"),
        ({"PUBLIC_URL": "https://shop:port"}, "JIFEN_PUBLIC_URL"),
        ({"PUBLIC_URL": "https://my shop.example.com"}, "JIFEN_PUBLIC_URL"),
        ({"CORS_ORIGINS": "https://a.example.com/path"}, "JIFEN_CORS_ORIGINS"),
        ({"SECRET_KEY": "short"}, "JIFEN_SECRET_KEY"),
        ({"TEST_CLOCK": "tomorrow"}, "JIFEN_TEST_CLOCK"),
        ({"TEST_CLOCK": "9999-12-31T23:59:59-14:00"}, "JIFEN_TEST_CLOCK"),
        ({"TEST_CLOCK": "0001-01-01T00:00:00+14:00"}, "JIFEN_TEST_CLOCK"),
        ({"TEST_CLOCK": "2026-01-01T09:00:00"}, "JIFEN_TEST_CLOCK"),
        ({"PGBOUNCER": "perhaps"}, "JIFEN_PGBOUNCER"),
        ({"MEDIA_ROOT": "s3://"}, "JIFEN_MEDIA_ROOT"),
        ({"MEDIA_ROOT": "s3://Not A Bucket/x"}, "JIFEN_MEDIA_ROOT"),
        ({"MEDIA_ROOT": "s3://shop/../other"}, "JIFEN_MEDIA_ROOT"),
        ({"MEDIA_ROOT": "https://shop.example.com/media"}, "JIFEN_MEDIA_ROOT"),
        ({"AVIF": "perhaps"}, "JIFEN_AVIF"),
        ({"SMS_SENDER": "pigeon"}, "JIFEN_SMS_SENDER"),
        ({"SMS_URL": "https://sms.example.com/send"}, "JIFEN_SMS_KEY"),
        ({"SMS_KEY": "k"}, "JIFEN_SMS_URL"),
        ({"SMS_URL": "sms.example.com", "SMS_KEY": "k"}, "JIFEN_SMS_URL"),
        ({"SMS_URL": "https://sms.example.com", "SMS_KEY": "a\nb"}, "JIFEN_SMS_KEY"),
        ({"SMS_TEMPLATE_ZH": "没有空格"}, "JIFEN_SMS_TEMPLATE_ZH"),
        ({"SMS_TEMPLATE_EN": "{code} {code}"}, "JIFEN_SMS_TEMPLATE_EN"),
        ({"WECHAT_APP_ID": "wx0123456789abcdef"}, "JIFEN_WECHAT_APP_SECRET"),
        ({"WECHAT_APP_SECRET": "s"}, "JIFEN_WECHAT_APP_ID"),
        ({"STRIPE_API_KEY": "sk_test_1"}, "JIFEN_STRIPE_WEBHOOK_SECRET"),
        ({"STRIPE_WEBHOOK_SECRET": "whsec_1"}, "JIFEN_STRIPE_API_KEY"),
        ({"STRIPE_API_BASE": "http://127.0.0.1:12111"}, "JIFEN_STRIPE_API_KEY"),
        ({"WECHAT_API_BASE": "api.weixin.qq.com"}, "JIFEN_WECHAT_API_BASE"),
        ({"ENV": "production"}, "JIFEN_SECRET_KEY"),
        ({"ENV": "production", "SECRET_KEY": KEY, "TEST_CLOCK": "2026-01-01T09:00:00Z"}, "JIFEN_TEST_CLOCK"),
        ({"ENV": "production", "SECRET_KEY": KEY, "SMS_SENDER": "log"}, "JIFEN_SMS_SENDER"),
    ],
)
def test_a_wrong_one_is_named_in_a_sentence(environment, wrong, named):
    with pytest.raises(WrongSetting) as caught:
        environment(**wrong)
    sentence = str(caught.value)
    assert sentence.startswith(named)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "short" not in sentence


def test_production_starts_with_a_key_of_its_own(environment):
    assert environment(ENV="production", SECRET_KEY=KEY).key() == KEY.encode()


def test_in_development_a_key_is_made_once_and_kept_for_its_owner_alone(environment, tmp_path):
    settings = environment()
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: settings.key(), range(8)))
    assert len(keys) == 1
    file = tmp_path / "var/secret_key"
    assert keys == {file.read_bytes()}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret_key"]


def test_a_key_that_is_not_whole_is_refused(environment, tmp_path):
    settings = environment()
    settings.key()
    (tmp_path / "var/secret_key").write_text("short")
    with pytest.raises(WrongSetting, match="secret_key"):
        settings.key()


def test_the_secret_key_does_not_show_when_settings_are_printed(environment):
    assert KEY not in repr(environment(SECRET_KEY=KEY))


def test_the_target_of_the_tiers_is_three_percentages_unless_told_otherwise(environment):
    assert environment().tier_target == (Decimal("0.60"), Decimal("0.30"), Decimal("0.10"))
    assert environment(TIER_TARGET="70, 20, 7.5, 2.5").tier_target == tuple(
        map(Decimal, ("0.7", "0.2", "0.075", "0.025"))
    )


@pytest.mark.parametrize("target", ["60,30", "60,30,20", "110,-10", "a,b", "60;40"])
def test_a_target_that_does_not_add_up_stops_the_start(environment, target):
    with pytest.raises(WrongSetting, match="JIFEN_TIER_TARGET"):
        environment(TIER_TARGET=target)

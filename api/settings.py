"""Settings, all from the environment. A wrong one stops the start with a sentence that names it."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from kernel.clock import within_calendar
from kernel.tokens import LEAST_KEY_BYTES
from media.storage import BUCKET
from members.sms import BLANK, TEMPLATES
from members.wechat import API_BASE

PREFIX = "JIFEN_"
SECRET_KEY_FILE = Path("var/secret_key")

_DATABASES = ("sqlite", "sqlite+pysqlite", "postgresql", "postgres", "postgresql+psycopg")
_BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class WrongSetting(Exception):
    """The shop cannot start like this. Says which setting is wrong, and how, in a sentence."""


class Settings(BaseSettings):
    """See the README for what each setting means."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, hide_input_in_errors=True)

    env: Literal["development", "production"] = "development"
    database_url: str = "sqlite:///var/jifen.db"
    pgbouncer: bool = False
    media_root: str = "var/media"
    """A folder, or s3://bucket/prefix."""
    avif: bool = False
    public_url: str | None = None
    secret_key: SecretStr | None = None
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    tier_target: Annotated[tuple[Decimal, ...], NoDecode] = (Decimal("0.60"), Decimal("0.30"), Decimal("0.10"))
    """The shares of members that the shop aims at, entry tier first, for the console's start page."""
    test_clock: datetime | None = None
    sms_sender: Literal["log"] | None = None
    """How sign-in codes are sent. Unset: by `sms_url` where it is set; else to the log in development, not at all in
    production."""
    sms_url: str | None = None
    sms_key: SecretStr | None = None
    sms_template_zh: str = TEMPLATES["zh-CN"]
    sms_template_en: str = TEMPLATES["en"]
    stripe_api_key: SecretStr | None = None
    stripe_webhook_secret: SecretStr | None = None
    stripe_api_base: str | None = None
    """Where a double of Stripe's is found; unset: Stripe itself."""
    wechat_app_id: str | None = None
    wechat_app_secret: SecretStr | None = None
    wechat_api_base: str = API_BASE

    @field_validator("database_url")
    @classmethod
    def _check_database(cls, url: str | None) -> str | None:
        if url is None:
            return None
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise _wrong("is not the address of a database") from None
        if parsed.drivername not in _DATABASES:
            raise _wrong("must begin with sqlite:/// or postgresql://")
        if parsed.get_backend_name() == "sqlite" and (parsed.database or ":memory:") == ":memory:":
            raise _wrong("must name a file: several connections share the database")
        return url

    @field_validator("media_root")
    @classmethod
    def _check_media_root(cls, root: str) -> str:
        if not root.startswith(BUCKET):
            if "://" in root:
                raise _wrong("must be a folder, or a bucket like s3://bucket/prefix")
            return root
        bucket, _, prefix = root.removeprefix(BUCKET).partition("/")
        if not _BUCKET_NAME.fullmatch(bucket) or "//" in prefix or ".." in prefix:
            raise _wrong("must be a folder, or a bucket like s3://bucket/prefix")
        return root.rstrip("/")

    @field_validator("public_url", "wechat_api_base", "stripe_api_base")
    @classmethod
    def _check_public_url(cls, url: str | None) -> str | None:
        return None if url is None else _web_address(url)

    @field_validator("sms_url")
    @classmethod
    def _check_sms_url(cls, url: str | None) -> str | None:
        return None if url is None else _web_address(url, query=True)

    @field_validator("sms_key", "wechat_app_secret", "stripe_api_key", "stripe_webhook_secret")
    @classmethod
    def _check_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        # They go into headers and addresses.
        if secret is not None and not (secret.get_secret_value().isascii() and secret.get_secret_value().isprintable()):
            raise _wrong("must consist of plain letters, digits and signs")
        return secret

    @field_validator("sms_template_zh", "sms_template_en")
    @classmethod
    def _check_template(cls, template: str) -> str:
        if template.count(BLANK) != 1:
            raise _wrong(f"must contain {BLANK} once")
        return template

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_origins(cls, origins: object) -> object:
        if isinstance(origins, str):
            return tuple(origin.strip() for origin in origins.split(",") if origin.strip())
        return origins

    @field_validator("tier_target", mode="before")
    @classmethod
    def _split_target(cls, target: object) -> object:
        if isinstance(target, str):
            try:
                return tuple(Decimal(part.strip()) / 100 for part in target.split(",") if part.strip())
            except ArithmeticError:
                raise _wrong("must be percentages like 60,30,10") from None
        return target

    @field_validator("tier_target")
    @classmethod
    def _check_target(cls, target: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
        if any(not 0 <= share <= 1 for share in target) or (target and sum(target) != 1):
            raise _wrong("must be percentages that add up to 100, like 60,30,10")
        return target

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(origin if origin == "*" else _web_address(origin, path=False) for origin in origins)

    @field_validator("secret_key")
    @classmethod
    def _check_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and len(key.get_secret_value().encode()) < LEAST_KEY_BYTES:
            raise _wrong(f"must have at least {LEAST_KEY_BYTES} bytes")
        return key

    @field_validator("test_clock", mode="before")
    @classmethod
    def _check_clock(cls, instant: object) -> object:
        if isinstance(instant, str):
            try:
                instant = datetime.fromisoformat(instant)
            except ValueError:
                raise _wrong("must be an instant like 2026-01-01T09:00:00+08:00") from None
        if isinstance(instant, datetime) and instant.tzinfo is None:
            raise _wrong("needs an offset from UTC, as in 2026-01-01T09:00:00+08:00")
        if isinstance(instant, datetime) and not within_calendar(instant):
            raise _wrong("must lie in the years 1000 to 8999")
        return instant

    @model_validator(mode="after")
    def _check_pairs(self) -> Settings:
        for first, second in (
            ("sms_url", "sms_key"),
            ("wechat_app_id", "wechat_app_secret"),
            ("stripe_api_key", "stripe_webhook_secret"),
        ):
            for there, missing in ((first, second), (second, first)):
                if getattr(self, there) is not None and getattr(self, missing) is None:
                    raise _wrong(f"{PREFIX}{missing.upper()} must be set where {PREFIX}{there.upper()} is.")
        if self.stripe_api_base is not None and self.stripe_api_key is None:
            raise _wrong(f"{PREFIX}STRIPE_API_KEY must be set where {PREFIX}STRIPE_API_BASE is.")
        return self

    @model_validator(mode="after")
    def _check_together(self) -> Settings:
        if self.production:
            if self.test_clock is not None:
                raise _wrong("JIFEN_TEST_CLOCK is not for production: anybody could sign in.")
            if self.sms_sender == "log":
                raise _wrong("JIFEN_SMS_SENDER cannot be log in production: whoever reads it could sign in.")
            if self.secret_key is None:
                raise _wrong(f"JIFEN_SECRET_KEY must be set in production, to at least {LEAST_KEY_BYTES} bytes.")
        return self

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def test_mode(self) -> bool:
        """Time stands still until it is moved, 000000 opens every member's door, nothing expires by itself."""
        return self.test_clock is not None

    def key(self) -> bytes:
        """What the shop signs with. In development it is made once and kept, readable by its owner alone."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        return _kept_key(SECRET_KEY_FILE)


def read_settings() -> Settings:
    """The settings as the environment gives them.

    Raises:
        WrongSetting: one of them is wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise WrongSetting(" ".join(_sentence(e["loc"], e["msg"]) for e in error.errors())) from None


def _sentence(location: tuple[int | str, ...], message: str) -> str:
    if not location:
        return message
    return f"{PREFIX}{str(location[0]).upper()}: {message[:1].lower()}{message[1:]}."


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{message}", {"message": message})


def _web_address(text: str, *, path: bool = True, query: bool = False) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise _wrong("is not a web address") from None
    if not text.isprintable() or " " in text:
        raise _wrong("is not a web address")
    if parts.scheme not in ("http", "https") or not parts.hostname or (parts.query and not query) or parts.fragment:
        raise _wrong("must be a web address like https://shop.example.com")
    if not path and parts.path.strip("/"):
        raise _wrong("takes origins without a path, like https://shop.example.com")
    return text.rstrip("/")


def _kept_key(path: Path) -> bytes:
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _keep_key(path)
        key = path.read_bytes().strip()
    except OSError as error:
        raise WrongSetting(f"JIFEN_SECRET_KEY is not set, and {path} cannot be used: {error.strerror}.") from None
    if len(key) < LEAST_KEY_BYTES:
        raise WrongSetting(f"{path} must hold at least {LEAST_KEY_BYTES} bytes; remove it, and a new key is made.")
    return key


def _keep_key(path: Path) -> None:
    # Complete before it has its name: of several processes that start together, all read one key.
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()

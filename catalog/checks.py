"""Checks that the catalogue's verbs share. What is wrong is noted, so that all of it is told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kernel.money import Money, NotAnAmount
from kernel.refusals import NotFound, Path, Refusals, invalid
from kernel.texts import MAX_TEXT, read_text
from program.config import Program

MAX_UNITS = 10**9
"""The most units of one variant that stock, quotas and limits count."""

MAX_TRANSLATIONS = 50
_MOST_RATE = 1000
_RATE_PLACES = 6
_SLUG = re.compile(r"[\w.-]+")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Translation:
    """Name and description in one language; without a description, the subject's own is shown."""

    locale: str
    name: str
    description: str | None = None


def read_amount(refusals: Refusals, path: Path, value: Decimal, program: Program) -> int | None:
    """The amount in minor units, 0 or more; None where it is none."""
    try:
        amount = Money.parse(value, program.currency).minor
    except NotAnAmount:
        refusals.add(invalid(path, "not_an_amount", currency=program.currency))
        return None
    if amount < 0:
        refusals.add(invalid(path, "negative"))
        return None
    return amount


def read_slug(refusals: Refusals, path: Path, slug: str) -> str:
    """Letters of any script that have no capital form, digits, hyphens, dots, underscores."""
    text = read_text(refusals, path, slug, needed=True)
    if text and (not _SLUG.fullmatch(text) or text != text.lower() or text in (".", "..")):
        refusals.add(invalid(path, "not_a_slug"))
    return text


def read_rate(refusals: Refusals, path: Path, rate: Decimal) -> Decimal | None:
    """Points for one unit of the currency: 0 to 1,000, with six places at most."""
    if not rate.is_finite() or not 0 <= rate <= _MOST_RATE:
        refusals.add(invalid(path, "not_between", least=0, most=_MOST_RATE))
        return None
    if rate != round(rate, _RATE_PLACES):
        refusals.add(invalid(path, "too_many_places", places=_RATE_PLACES))
        return None
    return rate


def check_between(refusals: Refusals, path: Path, value: int | None, least: int, most: int) -> None:
    if value is not None and not least <= value <= most:
        refusals.add(invalid(path, "not_between", least=least, most=most))


def check_tier(refusals: Refusals, path: Path, code: str | None, program: Program) -> None:
    if code is not None and not program.has_tier(code):
        refusals.add(NotFound(path=path, what="tier"))


def read_translations(refusals: Refusals, translations: Sequence[Translation]) -> Mapping[str, Translation]:
    """The translations by locale, in its usual spelling ("zh-CN")."""
    read: dict[str, Translation] = {}
    if len(translations) > MAX_TRANSLATIONS:
        refusals.add(invalid(("translations",), "too_many", most=MAX_TRANSLATIONS))
        return read
    for i, translation in enumerate(translations):
        path = ("translations", str(i))
        locale = read_locale(refusals, (*path, "locale"), translation.locale)
        if locale in read:
            refusals.add(invalid((*path, "locale"), "repeated"))
        read[locale] = Translation(
            locale,
            read_text(refusals, (*path, "name"), translation.name, needed=True),
            read_text(refusals, (*path, "description"), translation.description or "", most=MAX_TEXT),
        )
    return read


def read_locale(refusals: Refusals, path: Path, locale: str) -> str:
    """A language in its usual spelling ("zh-CN")."""
    if not _LOCALE.fullmatch(locale):
        refusals.add(invalid(path, "not_a_locale", value=locale[:20]))
    return _usual_spelling(locale)


def _usual_spelling(locale: str) -> str:
    language, *rest = locale.split("-")
    spelling = {2: str.upper, 4: str.title}
    return "-".join([language.lower(), *(spelling.get(len(part), str.lower)(part) for part in rest)])

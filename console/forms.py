"""Forms: what was wrong with one, by field, and reading numbers and times as people type them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from console.numbers import plain_number
from kernel.money import Money, NotAnAmount
from kernel.refusals import Path, Refusals, invalid
from schema.errors import UserError

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Times outside are slips of the hand; near the ends of what a computer counts, the next day is none."""


@dataclass
class Errors:
    """What stood in the way: sentences by the name of a field, and those that belong to none (`general`)."""

    by_field: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    general: list[str] = field(default_factory=list[str])

    def __bool__(self) -> bool:
        return bool(self.by_field or self.general)

    def of(self, name: str) -> list[str]:
        return self.by_field.get(name, [])

    def add(self, name: str, sentence: str) -> None:
        self.by_field.setdefault(name, []).append(sentence)

    @classmethod
    def of_refusals(cls, told: Sequence[UserError], fields: Collection[str]) -> Errors:
        """A refusal's path names a field as a whole (`lines.0.quantity`), or by its beginning."""
        errors = cls()
        for error in told:
            name = next((name for name in _names(error.path) if name in fields), None)
            if name is None:
                errors.general.append(error.message)
            else:
                errors.add(name, error.message)
        return errors


def _names(path: Sequence[str]) -> list[str]:
    return [".".join(path[:length]) for length in range(len(path), 0, -1)]


class Given(dict[str, str]):
    """What a form was sent with, to be shown again; "" for every field that it was not sent with."""

    def __missing__(self, name: str) -> str:
        return ""

    @classmethod
    def of(cls, form: FormData) -> Given:
        return cls({name: value.strip() for name, value in form.items() if isinstance(value, str)})


def text_of(form: FormData, name: str) -> str:
    """What a field says; "" where the form does not have it."""
    value = form.get(name)
    # Browsers end the lines of a form with two characters, whatever they began with.
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def whole_of(form: FormData, name: str, refusals: Refusals, path: Path | None = None) -> int:
    """A whole number. Nothing counts as 0; what is no number is noted, and counts as 0."""
    text = text_of(form, name)
    if not text:
        return 0
    try:
        number = int(plain_number(text) or "")
    except ValueError:
        refusals.add(invalid(path or (name,), "not_a_whole_number"))
        return 0
    if abs(number) >= 2**53:
        refusals.add(invalid(path or (name,), "out_of_range"))
        return 0
    return number


def optional_whole_of(form: FormData, name: str, refusals: Refusals, path: Path | None = None) -> int | None:
    return whole_of(form, name, refusals, path) if text_of(form, name) else None


def decimal_of(form: FormData, name: str, refusals: Refusals, path: Path | None = None) -> Decimal | None:
    """A decimal number; None where nothing is given. What is no number is noted, and is None."""
    text = text_of(form, name)
    if not text:
        return None
    plain = plain_number(text)
    if plain is None:
        refusals.add(invalid(path or (name,), "not_a_number"))
        return None
    return Decimal(plain)


def amount_asked(text: str, currency: str) -> int | None:
    """An amount that an address's question names, in minor units; None where it is none."""
    try:
        return Money.parse(plain_number(text) or "", currency).minor
    except NotAnAmount:
        return None


def local_time_of(
    form: FormData, name: str, zone: ZoneInfo, refusals: Refusals, path: Path | None = None
) -> datetime | None:
    """An instant as a browser's date-and-time field says it, by the program's local time; None where it is empty.

    What is no time, or of a year that nobody plans for, is noted, and is None.
    """
    text = text_of(form, name)
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        refusals.add(invalid(path or (name,), "not_a_time"))
        return None
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        refusals.add(invalid(path or (name,), "year_not_between", least=str(FIRST_YEAR), most=str(LAST_YEAR)))
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def day_of(text: str) -> date | None:
    """A day of an address's question; None where it is none, or one of a year that no shop has seen."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None

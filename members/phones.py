"""Phone numbers: read as people write them, kept as E.164 ("+8613800138000")."""

from __future__ import annotations

import re

import phonenumbers

from kernel.refusals import Path, Refused, invalid

HOME_REGION = "CN"
"""Where a number without a country code belongs."""


# No country gives out numbers of fewer digits than seven with its code; none may have more than fifteen.
_SHAPE = re.compile(r"\+[1-9][0-9]{6,14}")


def e164(text: str, *, made_up: bool = False) -> str | None:
    """The number in E.164; None where the text is no phone number.

    `made_up`: one that nobody can have is taken as well, where it has the form of one.
    """
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        return _in_shape(text) if made_up else None
    if number.extension:
        return None
    if phonenumbers.is_valid_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not made_up:
        return None
    if phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return _in_shape(text)


def _in_shape(text: str) -> str | None:
    """A number written with its country code, whether there is such a country or not."""
    plain = re.sub(r"[ ()-]", "", text)
    return plain if _SHAPE.fullmatch(plain) else None


def last_digits(text: str) -> str | None:
    """How a number ends, where a text is four digits or more and nothing else: what people remember of it."""
    digits = "".join(c for c in text if c.isdigit())
    return digits if len(digits) >= 4 and not text.strip("+-() 0123456789") else None


def read_phone(text: str, path: Path = ("phone",), *, made_up: bool = False) -> str:
    """The number in E.164. `made_up`: see `e164`.

    Raises:
        Refused: the text is no phone number.
    """
    number = e164(text, made_up=made_up)
    if number is None:
        raise Refused(invalid(path, "not_a_phone"))
    return number


def masked(phone: str) -> str:
    """The number with its middle hidden, for lists: "+86138****8000"."""
    hidden = max(4, len(phone) - 10)
    start = len(phone) - 4 - hidden
    return phone[:start] + "*" * hidden + phone[-4:]

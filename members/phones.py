"""Phone numbers: read as people write them, kept as E.164 ("+8613800138000")."""

from __future__ import annotations

import phonenumbers

from kernel.refusals import Path, Refused, invalid

HOME_REGION = "CN"
"""Where a number without a country code belongs."""


def e164(text: str) -> str | None:
    """The number in E.164; None where the text is no phone number."""
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def last_digits(text: str) -> str | None:
    """How a number ends, where a text is four digits or more and nothing else: what people remember of it."""
    digits = "".join(c for c in text if c.isdigit())
    return digits if len(digits) >= 4 and not text.strip("+-() 0123456789") else None


def read_phone(text: str, path: Path = ("phone",)) -> str:
    """The number in E.164.

    Raises:
        Refused: the text is no phone number.
    """
    number = e164(text)
    if number is None:
        raise Refused(invalid(path, "not_a_phone"))
    return number


def masked(phone: str) -> str:
    """The number with its middle hidden, for lists: "+86138****8000"."""
    hidden = max(4, len(phone) - 10)
    start = len(phone) - 4 - hidden
    return phone[:start] + "*" * hidden + phone[-4:]

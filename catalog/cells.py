"""How a value stands in a cell of a sheet, and how it is read back: exactly, and never as a formula. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from kernel.clock import utc

# What a spreadsheet takes for the beginning of a formula, in full width too; with the marks that make a text of it.
_RISKY = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,18}(\.0+)?", re.ASCII)
_DAY = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?", re.ASCII
)
_YES = frozenset({"yes", "y", "true", "1", "是", "真"})
_NO = frozenset({"no", "n", "false", "0", "否", "假"})


def guarded(text: str) -> str:
    """The text as it may stand in a cell: one that looks like a formula begins with an apostrophe."""
    return f"'{text}" if _RISKY.match(text) else text


def unguarded(cell: str) -> str:
    """Takes off what `guarded` put on."""
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell) else cell


def joined(parts: Iterable[str], sign: str) -> str:
    """Several texts in one cell: "red | L". Signs inside of them stand behind a backslash."""
    between = f"{sign} " if sign in ":," else f" {sign} "
    return between.join(part.replace("\\", "\\\\").replace(sign, f"\\{sign}") for part in parts).strip()


def apart(cell: str, sign: str) -> list[str]:
    """The texts that `joined` put together; none of a blank cell."""
    if not cell:
        return []
    found, part, at = [], [], 0
    while at < len(cell):
        character = cell[at]
        if character == "\\" and cell[at + 1 : at + 2] in ("\\", sign):
            part.append(cell[at + 1])
            at += 1
        elif character == sign:
            found.append("".join(part).strip())
            part = []
        else:
            part.append(character)
        at += 1
    return [*found, "".join(part).strip()]


def yes_or_no(value: bool) -> str:
    return "yes" if value else "no"


def read_yes_or_no(cell: str) -> bool | None:
    """None where it is neither."""
    word = cell.casefold()
    return True if word in _YES else False if word in _NO else None


def read_number(cell: str) -> Decimal | None:
    """An exact number; None where it is none. "1E5" is one: a spreadsheet writes large numbers so."""
    if not _NUMBER.fullmatch(cell):
        return None
    try:
        return Decimal(cell)
    except InvalidOperation:
        return None


def read_whole(cell: str) -> int | None:
    return int(cell.partition(".")[0]) if _WHOLE.fullmatch(cell) else None


def written_number(value: Decimal | int | None) -> str:
    """As short as it is exact."""
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def written_instant(value: datetime | None, zone: ZoneInfo) -> str:
    """Local time with its offset, so that it is the same instant wherever it is read; in UTC where the calendar ends
    before that.
    """
    if value is None:
        return ""
    try:
        return value.astimezone(zone).isoformat()
    except OverflowError:
        return value.isoformat()


def read_instant(cell: str, zone: ZoneInfo) -> datetime | None:
    """The instant, in UTC; without an offset it is local time, and a day alone its first instant. None: no time."""
    try:
        day = _DAY.fullmatch(cell)
        if day is None:
            instant = datetime.fromisoformat(cell)
        else:
            year, month, date, hour, minute, second = (int(part or 0) for part in day.groups()[:6])
            instant = datetime(year, month, date, hour, minute, second, int((day[7] or "").ljust(6, "0")), zone)
        return utc(instant if instant.tzinfo is not None else instant.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        return None

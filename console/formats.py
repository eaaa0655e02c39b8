"""Amounts, points, shares and times as people of each language write them. Times are the program's local time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent

from kernel.money import Money
from schema.locale import Locale

# zh-CN as in a ledger, en as in a letter; both of constant width enough for tables.
_WHEN = {"zh-CN": "yyyy-MM-dd HH:mm", "en": "d MMM yyyy, HH:mm"}
_DAY = {"zh-CN": "yyyy-MM-dd", "en": "d MMM yyyy"}
_SHORT_DAY = {"zh-CN": "M月d日", "en": "d MMM"}

_JUST_BEFORE = timedelta(microseconds=1)


class Formats:
    def __init__(self, locale: Locale, zone: ZoneInfo) -> None:
        self.locale: Locale = locale
        self.zone = zone
        self._babel = "zh_CN" if locale == "zh-CN" else "en"

    def money(self, amount: Money | None) -> str:
        if amount is None:
            return "–"
        return format_currency(amount.amount, amount.currency, locale=self._babel).replace("-", "−")

    def minor(self, minor: int | None, currency: str) -> str:
        return "–" if minor is None else self.money(Money(minor, currency))

    def points(self, points: int | None) -> str:
        return self.number(points)

    def signed(self, number: int) -> str:
        """With its sign: what was added, what was taken."""
        return f"+{self.number(number)}" if number > 0 else self.number(number)

    def number(self, number: int | Decimal | None) -> str:
        return "–" if number is None else format_decimal(number, locale=self._babel).replace("-", "−")

    def share(self, share: Decimal | None) -> str:
        return "–" if share is None else format_percent(share, format="#,##0.0%", locale=self._babel)

    def exact(self, number: Decimal) -> str:
        """With all its places, and no more."""
        return format_decimal(number.normalize(), locale=self._babel, decimal_quantization=False)

    def rate(self, rate: Decimal) -> str:
        """A rate as a share, with all its places: 0.985 is 98.5%."""
        return format_percent(rate, locale=self._babel, decimal_quantization=False)

    def when(self, instant: datetime | None) -> str:
        if instant is None:
            return "–"
        return format_datetime(self.local(instant), _WHEN[self.locale], tzinfo=self.zone, locale=self._babel)

    def day(self, day: date | datetime | None) -> str:
        if day is None:
            return "–"
        if isinstance(day, datetime):
            day = self.local(day).date()
        return format_date(day, _DAY[self.locale], locale=self._babel)

    def short_day(self, instant: datetime) -> str:
        """Where the year goes without saying."""
        return format_date(self.local(instant).date(), _SHORT_DAY[self.locale], locale=self._babel)

    def last_day(self, end: datetime | None) -> str:
        """The last day of what is gone from an instant on: of 2 March 00:00, 1 March."""
        return "–" if end is None else self.day(end - _JUST_BEFORE)

    def field(self, instant: datetime | None) -> str:
        """As a browser's date-and-time field wants it."""
        return "" if instant is None else f"{self.local(instant):%Y-%m-%dT%H:%M}"

    def local(self, instant: datetime) -> datetime:
        """In the shop's zone; where the calendar ends before that, at its end: "for ever" is often its last second."""
        try:
            return instant.astimezone(self.zone)
        except OverflowError:
            return (
                datetime.max.replace(tzinfo=self.zone) if instant.year > 1 else datetime.min.replace(tzinfo=self.zone)
            )

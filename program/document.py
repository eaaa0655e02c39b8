"""Reads a program document. Tells everything that is wrong with it, each by its path; refuses what is not built yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import list_currencies

from kernel.money import Money, NotAnAmount
from kernel.refusals import Path, Refusals, invalid
from kernel.texts import MAX_NAME, MAX_TEXT, read_text
from program.benefits import KNOWN_BENEFITS
from program.config import Benefit, Program, Text, Tier

PRICE_CLASSES = ("REGULAR", "SALE", "GROUP_BUY", "EXCHANGE")
DOCUMENT_CLASSES = ("SALE", "GROUP_BUY", "EXCHANGE")
REFRESHING = ("partial_return", "swap")
LOCALES = ("zh-CN", "en")

# Each policy is one rule file. Those that are named here but not built are refused, not ignored.
EXPIRY_POLICIES = {"sliding_account": True, "fifo_lots": False, "calendar_year_end": False}
TIER_POLICIES = {"validity_window": True, "rolling_window": False}
SPECIAL_RULES = {"best_of": True, "stack": False}
SHORTFALLS = {"withhold": True, "debt": False, "waive": False}
SHIPPING_REFUNDS = {"full_return": True, "never": True}

MAX_LEVELS = 20
MAX_DAYS = 3650
_MISSING = object()

# Babel lists all that ISO 4217 has a code for: of those that begin with X, only these are money. The others are metals,
# units of account, the code for tests and the one for "no currency", which has no amounts at all.
_MONEY_WITH_X = frozenset({"XAF", "XCD", "XCG", "XOF", "XPF"})
# Funds codes: what bonds and contracts are reckoned in. Nobody pays with them.
_FUNDS = frozenset({"BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "USS", "UYI", "UYW", "ZAL"})

# Decimal itself would take "1_000", "1e2" and digits of other scripts.
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")


@cache
def _currencies() -> frozenset[str]:
    """What a shop can be paid in."""
    return frozenset(
        code for code in list_currencies() if code not in _FUNDS and (code[0] != "X" or code in _MONEY_WITH_X)
    )


@cache
def _zones() -> frozenset[str]:
    """IANA's names, of the release that is installed with us.

    Not the machine's own list: `localtime` there is wherever the machine stands, and changes as it moves.
    """
    listed = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return frozenset(listed) - {"Factory"}


def read_document(document: object) -> Program:
    """The program that a document states.

    Raises:
        Refused: with an InvalidInput for every key that is missing, unknown, of the wrong form or contradictory.
    """
    reader = _Reader(Refusals())
    program = reader.program(document)
    reader.refusals.raise_any()
    return program


class _Reader:
    """Walks the document once. A wrong part is noted and stands in as something harmless until the end."""

    def __init__(self, refusals: Refusals) -> None:
        self.refusals = refusals
        # Unknown until it has been read: amounts cannot be read without it.
        self.currency: str | None = None

    def wrong(self, path: Path, reason: str, **facts: object) -> None:
        self.refusals.add(invalid(path, reason, **facts))

    def program(self, document: object) -> Program:
        keys = ("name", "currency", "timezone", "points", "tier_discount", "settlement", "returns", "exchange",
                "orders", "tiers")  # fmt: skip
        top = self.section(document, (), keys)
        self.currency = self.currency_code(top["currency"], ("currency",))
        zone = self.zone(top["timezone"], ("timezone",))
        points = self.section(
            top["points"], ("points",), ("rates", "third_party_rate", "gift_card_rate", "value_of_100", "expiry")
        )
        discount = self.section(top["tier_discount"], ("tier_discount",), ("excluded_classes", "special_rule"))
        settlement = self.section(top["settlement"], ("settlement",), ("days",))
        returns = self.section(
            top["returns"], ("returns",), ("window_days", "refresh_expiry_on", "shortfall", "refund_shipping")
        )
        exchange = self.section(top["exchange"], ("exchange",), ("discount_share_guidance",))
        orders = self.section(top["orders"], ("orders",), ("pay_within_minutes", "shipping_fee", "free_shipping_from"))
        name = self.text(top["name"], ("name",), MAX_NAME)
        tier_policy, tiers = self.tiers(top["tiers"])
        rates = self.section(points["rates"], ("points", "rates"), PRICE_CLASSES)
        expiry = self.section(points["expiry"], ("points", "expiry"), ("policy",))
        return Program(
            name=name,
            currency=self.currency or "",
            zone=zone,
            rates={c: self.rate(rates[c], ("points", "rates", c)) for c in PRICE_CLASSES},
            third_party_rate=self.rate(points["third_party_rate"], ("points", "third_party_rate")),
            gift_card_rate=self.rate(points["gift_card_rate"], ("points", "gift_card_rate")),
            value_of_100=self.money(points["value_of_100"], ("points", "value_of_100")),
            expiry_policy=self.choice(expiry["policy"], ("points", "expiry", "policy"), EXPIRY_POLICIES),
            excluded_classes=self.choices(
                discount["excluded_classes"], ("tier_discount", "excluded_classes"), DOCUMENT_CLASSES
            ),
            special_rule=self.choice(discount["special_rule"], ("tier_discount", "special_rule"), SPECIAL_RULES),
            settlement_days=self.whole(settlement["days"], ("settlement", "days"), 0, MAX_DAYS),
            return_window_days=self.whole(returns["window_days"], ("returns", "window_days"), 0, MAX_DAYS),
            refresh_expiry_on=self.choices(returns["refresh_expiry_on"], ("returns", "refresh_expiry_on"), REFRESHING),
            shortfall=self.choice(returns["shortfall"], ("returns", "shortfall"), SHORTFALLS),
            refund_shipping=self.choice(returns["refund_shipping"], ("returns", "refund_shipping"), SHIPPING_REFUNDS),
            discount_share_guidance=self.guidance(
                exchange["discount_share_guidance"], ("exchange", "discount_share_guidance")
            ),
            pay_within_minutes=self.whole(
                orders["pay_within_minutes"], ("orders", "pay_within_minutes"), 1, 60 * 24 * 30
            ),
            shipping_fee=self.money(orders["shipping_fee"], ("orders", "shipping_fee")),
            free_shipping_from=self.money(orders["free_shipping_from"], ("orders", "free_shipping_from")),
            tier_policy=tier_policy,
            tiers=tiers,
        )

    def section(
        self, value: object, path: Path, keys: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> Mapping[str, Any]:
        """An object with exactly these keys. What is missing is noted once, and is missing further down."""
        nothing = dict.fromkeys((*keys, *optional), _MISSING)
        if value is _MISSING:
            return nothing
        if not isinstance(value, dict):
            self.wrong(path, "not_an_object")
            return nothing
        for key in value:
            if key not in keys and key not in optional:
                self.wrong((*path, str(key)), "unknown_key")
        for key in keys:
            if key not in value:
                self.wrong((*path, key), "missing")
        return {key: value.get(key, _MISSING) for key in (*keys, *optional)}

    def decimal(self, value: object, path: Path) -> Decimal | None:
        """A number written as text or as a whole number; a JSON fraction has been a float already."""
        if value is _MISSING:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.wrong(path, "not_a_decimal_string")
            return None
        if isinstance(value, str) and not _NUMBER.fullmatch(value):
            self.wrong(path, "not_a_number")
            return None
        number = Decimal(value)
        if abs(number) >= 10**12:
            self.wrong(path, "out_of_range")
            return None
        return number

    def rate(self, value: object, path: Path, *, above_zero: bool = False, most: int = 1000) -> Decimal:
        number = self.decimal(value, path)
        if number is None:
            return Decimal(0)
        if number < 0 or number > most or (above_zero and number == 0):
            self.wrong(path, "out_of_range")
            return Decimal(0)
        if number != round(number, 6):
            self.wrong(path, "too_many_places", places=6)
            return Decimal(0)
        return number

    def money(self, value: object, path: Path) -> Money:
        number = self.decimal(value, path)
        if number is None or self.currency is None:
            return Money.zero(self.currency or "")
        try:
            amount = Money.parse(number, self.currency)
        except NotAnAmount:
            self.wrong(path, "not_an_amount", currency=self.currency)
            return Money.zero(self.currency)
        if amount.minor < 0:
            self.wrong(path, "negative")
        return amount

    def whole(self, value: object, path: Path, least: int, most: int) -> int:
        if value is _MISSING:
            return least
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(path, "not_a_whole_number")
            return least
        if not least <= value <= most:
            self.wrong(path, "not_between", least=least, most=most)
            return least
        return value

    def choice(self, value: object, path: Path, known: Mapping[str, bool]) -> str:
        if value is _MISSING:
            return ""
        if not isinstance(value, str) or value not in known:
            self.wrong(path, "not_one_of", choices=", ".join(known))
            return ""
        if not known[value]:
            self.wrong(path, "policy_not_available", policy=value)
        return value

    def choices(self, value: object, path: Path, known: tuple[str, ...]) -> frozenset[str]:
        if value is _MISSING:
            return frozenset()
        if not isinstance(value, list):
            self.wrong(path, "not_a_list")
            return frozenset()
        for i, item in enumerate(value):
            if not isinstance(item, str) or item not in known:
                self.wrong((*path, str(i)), "not_one_of", choices=", ".join(known))
        return frozenset(item for item in value if isinstance(item, str))

    def guidance(self, value: object, path: Path) -> tuple[Decimal, Decimal]:
        if value is _MISSING:
            return Decimal(0), Decimal(1)
        if not isinstance(value, list) or len(value) != 2:
            self.wrong(path, "not_a_pair")
            return Decimal(0), Decimal(1)
        low = self.rate(value[0], (*path, "0"), most=1)
        high = self.rate(value[1], (*path, "1"), most=1)
        if low > high:
            self.wrong(path, "not_rising")
        return low, high

    def currency_code(self, value: object, path: Path) -> str | None:
        if value is _MISSING:
            return None
        if not isinstance(value, str) or value not in _currencies():
            self.wrong(path, "unknown_currency")
            return None
        return value

    def zone(self, value: object, path: Path) -> ZoneInfo:
        if value is _MISSING:
            return ZoneInfo("UTC")
        if not isinstance(value, str) or value not in _zones():
            self.wrong(path, "unknown_timezone")
            return ZoneInfo("UTC")
        return ZoneInfo(value)

    def text(self, value: object, path: Path, most: int) -> Text:
        """A text for all languages, or one for each of ours."""
        if value is _MISSING:
            return ""
        if isinstance(value, str):
            self.one_text(value, path, most)
            return value
        if not isinstance(value, dict):
            self.wrong(path, "not_a_text")
            return ""
        for locale in value:
            if locale not in LOCALES:
                self.wrong((*path, str(locale)), "unknown_key")
        for locale in LOCALES:
            if locale not in value:
                self.wrong((*path, locale), "missing")
            elif not isinstance(value[locale], str):
                self.wrong((*path, locale), "not_a_text")
            else:
                self.one_text(value[locale], (*path, locale), most)
        return {str(k): str(v) for k, v in value.items()}

    def one_text(self, value: str, path: Path, most: int) -> None:
        read_text(self.refusals, path, value, most=most, needed=True)

    def code(self, value: object, path: Path) -> str:
        """A name that data refers to, letter for letter."""
        if value is _MISSING:
            return ""
        if not isinstance(value, str):
            self.wrong(path, "not_a_text")
            return ""
        self.one_text(value, path, MAX_NAME)
        return value

    def tiers(self, value: object) -> tuple[str, tuple[Tier, ...]]:
        path = ("tiers",)
        rolling = isinstance(value, dict) and value.get("policy") == "rolling_window"
        keys = ("policy", "window_months", "levels") if rolling else ("policy", "levels")
        section = self.section(value, path, keys)
        policy = self.choice(section["policy"], (*path, "policy"), TIER_POLICIES)
        if rolling:
            self.whole(section["window_months"], (*path, "window_months"), 1, 120)
        levels = section["levels"]
        if levels is _MISSING:
            return policy, ()
        if not isinstance(levels, list) or not levels:
            self.wrong((*path, "levels"), "not_a_list" if not isinstance(levels, list) else "empty")
            return policy, ()
        if len(levels) > MAX_LEVELS:
            self.wrong((*path, "levels"), "too_many", most=MAX_LEVELS)
            return policy, ()
        tiers: list[Tier] = []
        for rank, level in enumerate(levels):
            tier = self.level(level, (*path, "levels", str(rank)), rank, rolling)
            if any(other.code == tier.code for other in tiers):
                self.wrong((*path, "levels", str(rank), "code"), "repeated")
            below = tiers[-1].acquire if tiers else None
            if rolling and below and tier.acquire and tier.acquire <= below:
                self.wrong((*path, "levels", str(rank), "acquire"), "not_rising")
            tiers.append(tier)
        return policy, tuple(tiers)

    def level(self, value: object, path: Path, rank: int, rolling: bool) -> Tier:
        thresholds = () if rank == 0 else ("acquire",) if rolling else ("acquire", "keep")
        keys = ("code", "name", *thresholds, "price_rate", "points_multiplier", "benefits")
        section = self.section(value, path, keys)
        amounts = {key: self.money(section[key], (*path, key)) for key in thresholds}
        return Tier(
            code=self.code(section["code"], (*path, "code")),
            name=self.text(section["name"], (*path, "name"), MAX_NAME),
            rank=rank,
            price_rate=self.rate(section["price_rate"], (*path, "price_rate"), above_zero=True, most=1),
            points_multiplier=self.rate(section["points_multiplier"], (*path, "points_multiplier")),
            acquire=amounts.get("acquire"),
            keep=amounts.get("keep"),
            benefits=self.benefits(section["benefits"], (*path, "benefits")),
        )

    def benefits(self, value: object, path: Path) -> tuple[Benefit, ...]:
        if value is _MISSING:
            return ()
        if not isinstance(value, list) or len(value) > 50:
            self.wrong(path, "not_a_list")
            return ()
        return tuple(self.benefit(item, (*path, str(i))) for i, item in enumerate(value))

    def benefit(self, value: object, path: Path) -> Benefit:
        """A code of ours, a name of the shop's own, or an object with code, name and description."""
        if isinstance(value, str):
            known = KNOWN_BENEFITS.get(value)
            self.one_text(value, path, MAX_NAME)
            return known or Benefit(code=value, title=value, description="")
        if isinstance(value, dict) and value and set(value) <= set(LOCALES):
            title = self.text(value, path, MAX_NAME)
            return Benefit(code=str(value.get("en", "")), title=title, description="")
        section = self.section(value, path, ("code", "name"), ("description",))
        return Benefit(
            code=self.code(section["code"], (*path, "code")),
            title=self.text(section["name"], (*path, "name"), MAX_NAME),
            description=self.text(section["description"], (*path, "description"), MAX_TEXT),
        )

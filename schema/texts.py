"""What clients look for, as they send it, before anything is done with it."""

from __future__ import annotations

from decimal import Decimal

from kernel.money import MONEY_LIMIT, Money, NotAnAmount
from kernel.texts import MAX_NAME, MAX_TEXT
from schema.codes import bad_input


def sought(text: str | None, *, most: int = MAX_NAME) -> str | None:
    """What a query looks for. Raises BAD_USER_INPUT for what nobody would type."""
    if text is None:
        return None
    if len(text) > most or any(character < " " or "\ud800" <= character <= "\udfff" for character in text):
        raise bad_input("This cannot be looked for.")
    return text.strip()


def searched(text: str | None) -> str | None:
    """What somebody types or pastes into a search box, whatever it is: what cannot be looked for counts as space."""
    if text is None:
        return None
    return "".join(" " if each < " " or "\ud800" <= each <= "\udfff" else each for each in text[:MAX_TEXT])


def sought_price(amount: Decimal | None, currency: str) -> int | None:
    """A bound of a list's prices, in minor units. Raises BAD_USER_INPUT for parts of a minor unit.

    Beyond what anything can cost, the limit does as well, and a database can compare it.
    """
    if amount is None:
        return None
    limit = Money(MONEY_LIMIT, currency)
    if abs(amount) >= limit.amount:
        return limit.minor if amount > 0 else -limit.minor
    try:
        return Money.parse(amount, currency).minor
    except NotAnAmount:
        raise bad_input("minPrice and maxPrice are amounts of the shop's currency.") from None

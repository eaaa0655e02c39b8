"""Program documents for tests: the reference program, with what a test is about changed in it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from program.config import Program
from program.document import read_document
from program.versions import reference_document

REMOVED = object()
"""Takes a key away."""


def changed(document: dict[str, Any], changes: dict[str, object]) -> dict[str, Any]:
    """A copy of a document with values set by dotted path: `{"settlement.days": 7, "tiers.levels.1.keep": REMOVED}`."""
    copy = deepcopy(document)
    for path, value in changes.items():
        *way, last = path.split(".")
        place: Any = copy
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        key: Any = int(last) if isinstance(place, list) else last
        if value is REMOVED:
            del place[key]
        else:
            place[key] = value
    return copy


def vancl(**changes: object) -> dict[str, Any]:
    """The reference program. Paths with dots: `vancl(**{"settlement.days": 7})`."""
    return changed(reference_document(), changes)


def retail(**changes: object) -> dict[str, Any]:
    """The same rules in London, in pounds, with a fee for small orders."""
    document = vancl(
        **{
            "name": "Retail",
            "currency": "GBP",
            "timezone": "Europe/London",
            "points.value_of_100": "1.00",
            "orders.shipping_fee": "3.95",
            "orders.free_shipping_from": "50.00",
            "tiers.levels.1.acquire": "500.00",
            "tiers.levels.1.keep": "250.00",
            "tiers.levels.2.acquire": "1000.00",
            "tiers.levels.2.keep": "1000.00",
        }
    )
    return changed(document, changes)


def program(**changes: object) -> Program:
    """The reference program, read, with changes by dotted path."""
    return read_document(vancl(**changes))

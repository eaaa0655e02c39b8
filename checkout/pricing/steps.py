"""The steps of an explanation: from the regular price to the price charged (R2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kernel.money import Money


class PriceRule(StrEnum):
    SALE_PRICE = "SALE_PRICE"
    GROUP_BUY_PRICE = "GROUP_BUY_PRICE"
    EXCHANGE_OFFER = "EXCHANGE_OFFER"
    TIER_DISCOUNT = "TIER_DISCOUNT"
    TIER_DISCOUNT_EXCLUDED = "TIER_DISCOUNT_EXCLUDED"


@dataclass(frozen=True, slots=True)
class PriceStep:
    """One change of the unit price, and the facts that its sentence names."""

    rule: PriceRule
    change: Money
    facts: Mapping[str, str]


def step_to_json(step: PriceStep) -> dict[str, Any]:
    return {"rule": step.rule.value, "change": step.change.minor, "facts": dict(step.facts)}


def step_from_json(stored: Mapping[str, Any], currency: str) -> PriceStep:
    return PriceStep(PriceRule(stored["rule"]), Money(stored["change"], currency), stored["facts"])

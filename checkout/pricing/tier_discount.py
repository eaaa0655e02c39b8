"""What a tier takes off a price, and off which prices it takes nothing (R2)."""

from __future__ import annotations

from decimal import Decimal

from checkout.pricing.steps import PriceRule, PriceStep
from kernel.money import Money
from program.config import Program, Tier

NO_DISCOUNT = Decimal(1)


def tier_discount(
    program: Program, tier: Tier, regular: Money, special: Money | None, price_class: str
) -> PriceStep | None:
    """The step that a tier's rate makes from the special price, or from the regular price where there is none.

    No step where the tier has nothing to give. A step of zero where the class is excluded, or where the
    special price is already lower than the tier's.
    """
    if tier.price_rate == NO_DISCOUNT:
        return None
    price = regular if special is None else special
    facts = {"tier": tier.code, "rate": f"{tier.price_rate:f}"}
    if price_class in program.excluded_classes:
        return PriceStep(
            PriceRule.TIER_DISCOUNT_EXCLUDED, Money.zero(price.currency), {**facts, "price_class": price_class}
        )
    tier_price = regular.times(tier.price_rate)
    if special is not None:
        tier_price = _SPECIAL_RULES[program.special_rule](special, tier_price)
    return PriceStep(PriceRule.TIER_DISCOUNT, tier_price - price, facts)


def best_of(special: Money, tier_price: Money) -> Money:
    """The lower of the special price and the tier's price."""
    return min(special, tier_price)


# How a tier's price meets a special price that is not excluded; `stack` will be one more function here.
_SPECIAL_RULES = {"best_of": best_of}

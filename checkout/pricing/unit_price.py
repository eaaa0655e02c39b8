"""What one unit costs in cash and points, under which price class, and why (R2)."""

from __future__ import annotations

from dataclasses import dataclass

from checkout.pricing.steps import PriceRule, PriceStep
from checkout.pricing.tier_discount import tier_discount
from checkout.tables import PriceClass
from kernel.money import Money
from program.config import Program, Tier


@dataclass(frozen=True, slots=True)
class SpecialPrice:
    """An active special price and its class, SALE or GROUP_BUY."""

    price: Money
    price_class: str


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """The price of one unit. The steps add up to `cash` less the regular price."""

    price_class: PriceClass
    cash: Money
    points: int
    steps: tuple[PriceStep, ...]


_SPECIAL_STEPS = {PriceClass.SALE: PriceRule.SALE_PRICE, PriceClass.GROUP_BUY: PriceRule.GROUP_BUY_PRICE}


def unit_price(program: Program, tier: Tier, regular: Money, special: SpecialPrice | None = None) -> UnitPrice:
    """The price of a variant for a tier. Whatever price wins, the class of a special price stays."""
    steps: list[PriceStep] = []
    price_class = PriceClass.REGULAR
    if special is not None:
        price_class = PriceClass(special.price_class)
        steps.append(PriceStep(_SPECIAL_STEPS[price_class], special.price - regular, {}))
    discount = tier_discount(program, tier, regular, special.price if special else None, price_class)
    if discount is not None:
        steps.append(discount)
    return UnitPrice(price_class, _charged(regular, steps), 0, tuple(steps))


def exchange_price(program: Program, tier: Tier, regular: Money, cash: Money, points: int) -> UnitPrice:
    """The price of an exchange offer: its cash and its points, never discounted."""
    steps = [PriceStep(PriceRule.EXCHANGE_OFFER, cash - regular, {"points": str(points)})]
    excluded = tier_discount(program, tier, regular, cash, PriceClass.EXCHANGE)
    if excluded is not None and excluded.rule is PriceRule.TIER_DISCOUNT_EXCLUDED:
        steps.append(excluded)
    return UnitPrice(PriceClass.EXCHANGE, _charged(regular, steps), points, tuple(steps))


def _charged(regular: Money, steps: list[PriceStep]) -> Money:
    price = regular
    for step in steps:
        price += step.change
    return price

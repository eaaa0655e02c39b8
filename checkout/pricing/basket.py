"""Prices a whole basket: the one place where quote and order get their figures (R1-R3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.queries import OfferRecord, Sellable
from checkout.pricing.earning import EarningRates, earning_rates, points_earned
from checkout.pricing.gift_card_shares import gift_card_shares
from checkout.pricing.shipping import shipping_fee
from checkout.pricing.steps import PriceRule, PriceStep
from checkout.pricing.unit_price import SpecialPrice, UnitPrice, exchange_price, unit_price
from checkout.tables import PriceClass
from kernel.money import Money, total
from program.config import Program, Tier


@dataclass(frozen=True, slots=True)
class BasketItem:
    """So many units of a variant, bought as it is or through an exchange offer."""

    sellable: Sellable
    offer: OfferRecord | None
    quantity: int


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A line as it would be charged. `gift_card` is its share of the gift-card payment."""

    sellable: Sellable
    offer: OfferRecord | None
    quantity: int
    price_class: PriceClass
    unit_regular: Money
    unit_cash: Money
    unit_points: int
    gift_card: Money
    rates: EarningRates
    points_to_earn: int
    explanation: tuple[PriceStep, ...]

    @property
    def total_cash(self) -> Money:
        return self.unit_cash * self.quantity

    @property
    def total_points(self) -> int:
        return self.unit_points * self.quantity


@dataclass(frozen=True, slots=True)
class Totals:
    """`regular` less both discounts is `goods`; `total` is goods and shipping; `due` what a gift card leaves."""

    regular: Money
    tier_discount: Money
    other_discount: Money
    goods: Money
    shipping: Money
    gift_card: Money
    points: int

    @property
    def total(self) -> Money:
        return self.goods + self.shipping

    @property
    def due(self) -> Money:
        return self.total - self.gift_card


@dataclass(frozen=True, slots=True)
class Quote:
    """What a basket costs and earns. Points are whole, money is in the program's currency."""

    lines: tuple[QuotedLine, ...]
    totals: Totals

    @property
    def points_to_earn(self) -> int:
        return sum(line.points_to_earn for line in self.lines)


def price_basket(program: Program, tier: Tier, items: Sequence[BasketItem], gift_card: Money) -> Quote:
    """Prices a basket for a tier. What a gift card pays beyond goods and shipping is left out of the shares."""
    prices = [_price(program, tier, item) for item in items]
    cash = [price.cash * item.quantity for price, item in zip(prices, items, strict=True)]
    goods = total(cash, program.currency)
    shipping = shipping_fee(program, goods) if items else program.zero
    paid_by_card = min(gift_card, goods + shipping)
    shares, _ = gift_card_shares(paid_by_card, cash)
    lines = tuple(
        _line(program, tier, item, price, share) for item, price, share in zip(items, prices, shares, strict=True)
    )
    regular = total([line.unit_regular * line.quantity for line in lines], program.currency)
    by_tier = -_taken_off(lines, program.currency, {PriceRule.TIER_DISCOUNT})
    totals = Totals(
        regular=regular,
        tier_discount=by_tier,
        other_discount=regular - goods - by_tier,
        goods=goods,
        shipping=shipping,
        gift_card=paid_by_card,
        points=sum(line.total_points for line in lines),
    )
    return Quote(lines, totals)


def _price(program: Program, tier: Tier, item: BasketItem) -> UnitPrice:
    regular = Money(item.sellable.regular_price, program.currency)
    if item.offer is not None:
        return exchange_price(program, tier, regular, Money(item.offer.cash, program.currency), item.offer.points)
    special = item.sellable.special
    return unit_price(
        program,
        tier,
        regular,
        SpecialPrice(Money(special.price, program.currency), special.price_class) if special else None,
    )


def _line(program: Program, tier: Tier, item: BasketItem, price: UnitPrice, share: Money) -> QuotedLine:
    rates = earning_rates(
        program,
        tier,
        price.price_class,
        points_rate=item.sellable.points_rate,
        third_party=item.sellable.third_party,
    )
    return QuotedLine(
        sellable=item.sellable,
        offer=item.offer,
        quantity=item.quantity,
        price_class=price.price_class,
        unit_regular=Money(item.sellable.regular_price, program.currency),
        unit_cash=price.cash,
        unit_points=price.points,
        gift_card=share,
        rates=rates,
        points_to_earn=points_earned(price.cash * item.quantity, share, rates),
        explanation=price.steps,
    )


def _taken_off(lines: Sequence[QuotedLine], currency: str, rules: set[PriceRule]) -> Money:
    return total(
        [step.change * line.quantity for line in lines for step in line.explanation if step.rule in rules], currency
    )

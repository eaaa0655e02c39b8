"""What a basket costs, and why: the types of quotes, and how they are made from what checkout says."""

from __future__ import annotations

from collections.abc import Iterable

import strawberry

from checkout.pricing import basket
from checkout.pricing.steps import PriceRule
from checkout.pricing.steps import PriceStep as Step
from checkout.quote import Quoted
from checkout.tables import PriceClass
from kernel.money import Points
from program.config import Program
from schema.errors import UserError
from schema.locale import in_language
from schema.messages import price_step_text
from schema.selection import Selection
from schema.shop.catalogue import ExchangeOffer, Variant
from schema.shop.catalogue_reads import offer_types, sellable_record, variant_types
from schema.shop.request import View
from schema.types import Money, amount_of


@strawberry.type
class PriceStep:
    rule: PriceRule
    change: Money = strawberry.field(
        description="The change of the unit price. All steps add up to unitCash - unitRegularPrice."
    )
    text: str = strawberry.field(description="For people, in the viewer's language.")


@strawberry.type
class Totals:
    regular: Money = strawberry.field(description="Goods at regular prices.")
    tier_discount: Money = strawberry.field(description="Taken off by tier discounts.")
    other_discount: Money = strawberry.field(
        description="Taken off by sale prices, group-buy prices and exchange offers."
    )
    goods: Money = strawberry.field(description="Goods, as charged.")
    shipping: Money
    total: Money = strawberry.field(description="goods + shipping")
    gift_card: Money
    due: Money = strawberry.field(description="total - giftCard: what remains to be paid in cash.")
    points: Points


@strawberry.type
class QuoteLine:
    variant: Variant
    exchange_offer: ExchangeOffer | None
    quantity: int
    price_class: PriceClass
    unit_regular_price: Money
    unit_cash: Money
    unit_points: Points
    total_cash: Money
    total_points: Points
    points_to_earn: Points
    explanation: list[PriceStep] = strawberry.field(description="Why this price: a step a row, in the order applied.")


@strawberry.type
class Quote:
    lines: list[QuoteLine]
    totals: Totals
    points_to_earn: Points = strawberry.field(
        description="What the order will earn once it settles, if nothing is returned."
    )


@strawberry.type
class QuotePayload:
    quote: Quote | None = strawberry.field(
        description="Null only where a line cannot be priced at all: unknown, not on sale, its offer over."
    )
    errors: list[UserError] = strawberry.field(description="All that would stop placeOrder now.")


def explanation(view: View, program: Program, steps: Iterable[Step]) -> list[PriceStep]:
    """Steps in the viewer's language; tiers by the names of the program that the price was made under."""
    return [
        PriceStep(
            rule=step.rule,
            change=amount_of(step.change),
            text=price_step_text(
                step.rule.value, step.facts, _tier_name(view, program, step.facts.get("tier")), view.locale
            ),
        )
        for step in steps
    ]


def _tier_name(view: View, program: Program, code: str | None) -> str:
    if code is None or not program.has_tier(code):
        return code or ""
    return in_language(program.tier(code).name, view.locale)


def quote_payload(view: View, quoted: Quoted, wanted: Selection) -> QuotePayload:
    return QuotePayload(
        quote=quote_type(view, quoted.quote, wanted["quote"]) if quoted.quote else None,
        errors=view.context.explain(quoted.refusals, wanted["errors"]),
    )


def quote_type(view: View, quote: basket.Quote, wanted: Selection) -> Quote:
    return Quote(
        lines=_lines(view, quote, wanted["lines"]) if "lines" in wanted else [],
        totals=_totals(quote.totals),
        points_to_earn=Points(quote.points_to_earn),
    )


def _lines(view: View, quote: basket.Quote, wanted: Selection) -> list[QuoteLine]:
    # One variant may stand in several lines: bought as it is, and through an offer.
    records = {line.sellable.variant_id: sellable_record(line.sellable) for line in quote.lines}
    variants = {str(v.id): v for v in variant_types(view, list(records.values()), wanted["variant"])}
    offered = [line.offer for line in quote.lines if line.offer is not None]
    offers = {str(o.id): o for o in offer_types(view, offered, wanted["exchangeOffer"], known=records)}
    return [
        QuoteLine(
            variant=variants[line.sellable.variant_id],
            exchange_offer=offers[line.offer.id] if line.offer else None,
            quantity=line.quantity,
            price_class=line.price_class,
            unit_regular_price=amount_of(line.unit_regular),
            unit_cash=amount_of(line.unit_cash),
            unit_points=Points(line.unit_points),
            total_cash=amount_of(line.total_cash),
            total_points=Points(line.total_points),
            points_to_earn=Points(line.points_to_earn),
            explanation=explanation(view, view.program, line.explanation),
        )
        for line in quote.lines
    ]


def _totals(totals: basket.Totals) -> Totals:
    return Totals(
        regular=amount_of(totals.regular),
        tier_discount=amount_of(totals.tier_discount),
        other_discount=amount_of(totals.other_discount),
        goods=amount_of(totals.goods),
        shipping=amount_of(totals.shipping),
        total=amount_of(totals.total),
        gift_card=amount_of(totals.gift_card),
        due=amount_of(totals.due),
        points=Points(totals.points),
    )

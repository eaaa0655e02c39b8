"""The membership program as the public may read it: tiers, benefits, what points are worth."""

from __future__ import annotations

from decimal import Decimal

import strawberry

from program import config
from schema.locale import Locale, in_language
from schema.shop.request import View
from schema.types import Money, amount_of


@strawberry.type
class TierBenefit:
    code: str
    title: str = strawberry.field(
        description="In the viewer's language, like every name, title, description and message."
    )
    description: str


@strawberry.type
class Tier:
    code: str
    name: str
    rank: int
    price_rate: Decimal = strawberry.field(description="Multiplier on the regular price: 0.95 means 5% off.")
    points_multiplier: Decimal
    benefits: list[TierBenefit]


@strawberry.type
class Program:
    name: str
    version: int
    tiers: list[Tier]
    value_of100_points: Money = strawberry.field(name="valueOf100Points", description="What 100 points are worth (R6).")
    return_window_days: int


def tier_type(tier: config.Tier, locale: Locale) -> Tier:
    return Tier(
        code=tier.code,
        name=in_language(tier.name, locale),
        rank=tier.rank,
        price_rate=tier.price_rate,
        points_multiplier=tier.points_multiplier,
        benefits=[
            TierBenefit(
                code=benefit.code,
                title=in_language(benefit.title, locale),
                description=in_language(benefit.description, locale),
            )
            for benefit in tier.benefits
        ],
    )


def tier_by_code(view: View, code: str | None, program: config.Program | None = None) -> Tier | None:
    """A tier of the program in force, or of another version; None for no code."""
    program = program or view.program
    if code is None or not program.has_tier(code):
        return None
    key = ("tier", id(program), code)
    if key not in view.kept:
        view.kept[key] = tier_type(program.tier(code), view.locale)
    return view.kept[key]


def program_type(view: View) -> Program:
    version = view.programs.at(view.now)
    program = version.program
    return Program(
        name=in_language(program.name, view.locale),
        version=version.version,
        tiers=[tier_type(tier, view.locale) for tier in program.tiers],
        value_of100_points=amount_of(program.value_of_100),
        return_window_days=program.return_window_days,
    )

"""Exchange offers as merchandisers look at them: what they give away, what they brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from catalog import offer_planner, queries
from catalog.offer_suggestions import Suggestion, suggest
from catalog.records import OfferRecord, ProductRecord, VariantRecord
from checkout.offer_report import OfferTally
from console.catalogue.goods import Thumb, first_thumbs, window_state
from console.visit import Visit
from kernel.money import minor_digits
from program.config import Program
from schema.context import Reading
from schema.locale import Locale, in_language
from schema.messages import WARNINGS, say


@dataclass(frozen=True)
class Figures:
    """What a pair of cash and points gives away (R6). `implied`: what 100 points buy, in minor units."""

    share: Decimal
    implied: int
    worth: int
    warnings: Sequence[str]


def figures(regular: int, cash: int, points: int, program: Program, locale: Locale) -> Figures:
    """`worth` is what the program says that 100 points are worth, in minor units. `points` are above 0."""
    share = offer_planner.discount_share(regular, cash)
    return Figures(
        offer_planner.shown_share(share),
        offer_planner.implied_value_of_100(regular, cash, points),
        program.value_of_100.minor,
        [
            say(WARNINGS, warning.reason, locale, **dict(warning.facts))
            for warning in offer_planner.warnings(share, program.discount_share_guidance)
        ],
    )


@dataclass(frozen=True)
class Suggested:
    """A pair of cash and points with its figures; `fill` is what it writes into the form."""

    suggestion: Suggestion
    figures: Figures
    fill: dict[str, str]


def suggested(regular: int, target: Decimal, program: Program, visit: Visit) -> list[Suggested]:
    digits = minor_digits(program.currency)
    found = suggest(regular, Fraction(target), program.value_of_100.minor, program.discount_share_guidance, 10**digits)
    return [
        Suggested(
            each,
            figures(regular, each.cash, each.points, program, visit.locale),
            {"cash": f"{Decimal(each.cash).scaleb(-digits):f}", "points": str(each.points)},
        )
        for each in found
    ]


@dataclass(frozen=True)
class OfferView:
    offer: OfferRecord
    variant: VariantRecord
    product: ProductRecord
    thumb: Thumb | None
    figures: Figures
    state: str
    tier: str | None

    @property
    def path(self) -> str:
        return f"/offers/{self.offer.id}"


def offer_views(reading: Reading, offers: Sequence[OfferRecord], locale: Locale) -> list[OfferView]:
    """With the figures of today: they follow from the regular price and the program in force."""
    variants = queries.variants_by_id(reading.conn, [offer.variant_id for offer in offers], reading.now)
    ids = list({variant.product_id for variant in variants.values()})
    products, thumbs = queries.products_by_id(reading.conn, ids, locale), first_thumbs(reading.conn, ids)
    views: list[OfferView] = []
    for offer in offers:
        variant = variants[offer.variant_id]
        views.append(
            OfferView(
                offer,
                variant,
                products[variant.product_id],
                thumbs.get(variant.product_id),
                figures(variant.regular_price, offer.cash, offer.points, reading.program, locale),
                window_state(offer.starts_at, offer.ends_at, reading.now),
                tier_name(reading.program, offer.required_tier_code, locale),
            )
        )
    return views


def tier_name(program: Program, code: str | None, locale: Locale) -> str | None:
    """In the viewer's words; the code where the program has no such tier any longer; None for all tiers."""
    if code is None:
        return None
    return in_language(program.tier(code).name, locale) if program.has_tier(code) else code


@dataclass(frozen=True)
class Brought:
    """What an offer has brought. Amounts in minor units; `tiers` are (name, units, members)."""

    tally: OfferTally
    given_away: int
    tiers: Sequence[tuple[str, int, int]]


def brought(tally: OfferTally, program: Program, locale: Locale) -> Brought:
    ranked = sorted(tally.tiers, key=lambda tier: (-tier.units, tier.tier_code))
    return Brought(
        tally,
        tally.given_away(program.value_of_100.minor),
        [(tier_name(program, tier.tier_code, locale) or "", tier.units, tier.members) for tier in ranked],
    )


@dataclass(frozen=True)
class OfferPage:
    view: OfferView
    brought: Brought | None
    currency: str
    now: datetime

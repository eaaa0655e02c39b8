"""For whoever plans exchange offers: what to offer, which goods to clear, what an offer has brought."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import strawberry
from strawberry import UNSET

from catalog import offer_planner, queries
from catalog.offer_suggestions import Suggestion, suggest
from checkout.offer_report import MOST_OFFERS, OfferTally, offer_tallies, offers_of_sku, redeemed_page
from checkout.slow_goods import MOST_DAYS, MOST_GOODS, slow_page
from kernel.clock import utc
from kernel.money import Points, minor_digits
from kernel.paging import Window
from program.config import Program
from schema.admin.catalogue import offers_shown
from schema.admin.context import Info
from schema.admin.types_catalogue import ExchangeOffer, Variant
from schema.codes import bad_input
from schema.connections import given
from schema.context import Reading
from schema.ids import checked_optional_id
from schema.texts import sought
from schema.types import Money, money_of

MOST_WEEKS = 520


@strawberry.type(description="Cash and points in round numbers, inside the program's guidance (R6).")
class OfferSuggestion:
    cash: Money
    points: Points
    discount_share: Decimal
    implied_value_of_100_points: Money = strawberry.field(name="impliedValueOf100Points")

    @classmethod
    def of(cls, suggestion: Suggestion, regular: int, program: Program) -> OfferSuggestion:
        share = offer_planner.discount_share(regular, suggestion.cash)
        implied = offer_planner.implied_value_of_100(regular, suggestion.cash, suggestion.points)
        return cls(
            cash=money_of(suggestion.cash, program.currency),
            points=Points(suggestion.points),
            discount_share=offer_planner.shown_share(share),
            implied_value_of_100_points=money_of(implied, program.currency),
        )


@strawberry.type(description="Goods that have been on sale for a while and hardly move.")
class SlowVariant:
    variant: Variant
    available: int
    sold: int = strawberry.field(description="In these days, less what was cancelled or returned.")
    weeks_of_cover: Decimal | None = strawberry.field(
        description="How long the stock lasts at this pace, to one place; null where nothing was sold."
    )
    stock_value: Money = strawberry.field(description="What is available, at its regular price.")


@strawberry.type
class TierRedemptions:
    tier_code: str = strawberry.field(description="The member's tier at the moment of the order.")
    units: int
    members: int


@strawberry.type(description="What an exchange offer has brought, of units that were neither cancelled nor returned.")
class OfferReport:
    offer: ExchangeOffer
    redeemed: int
    points_burnt: Points
    cash: Money
    regular: Money = strawberry.field(description="What these units would have cost outside any offer.")
    given_away: Money = strawberry.field(
        description="regular, less cash, less what the points are worth (R6). Below zero: the points bring more."
    )
    by_tier: list[TierRedemptions]

    @classmethod
    def of(cls, tally: OfferTally, offer: ExchangeOffer, program: Program) -> OfferReport:
        currency = program.currency
        return cls(
            offer=offer,
            redeemed=tally.units,
            points_burnt=Points(tally.points),
            cash=money_of(tally.cash, currency),
            regular=money_of(tally.regular, currency),
            given_away=money_of(tally.given_away(program.value_of_100.minor), currency),
            by_tier=[
                TierRedemptions(tier_code=tier.tier_code, units=tier.units, members=tier.members)
                for tier in sorted(tally.tiers, key=lambda tier: (-tier.units, tier.tier_code))
            ],
        )


@strawberry.type
class PlanningQuery:
    @strawberry.field(
        description="For a SKU, and the share of its price that points should stand for (0.2 unless told): the best "
        "first. A share outside the guidance is answered from inside. Empty where there is no such SKU."
    )
    async def suggest_exchange_offers(
        self, info: Info, sku: str, target_share: Decimal | None = UNSET
    ) -> list[OfferSuggestion]:
        share, sku = given(target_share), sought(sku) or ""
        if share is not None and (not share.is_finite() or not 0 <= share <= 1):
            raise bad_input("targetShare is between 0 and 1.")

        def read(reading: Reading) -> list[OfferSuggestion]:
            variant = queries.variant_by_sku(reading.conn, sku, reading.now)
            if variant is None:
                return []
            program = reading.program
            found = suggest(
                variant.regular_price,
                Fraction(Decimal("0.2") if share is None else share),
                program.value_of_100.minor,
                program.discount_share_guidance,
                10 ** minor_digits(program.currency),
            )
            return [OfferSuggestion.of(each, variant.regular_price, program) for each in found]

        return await info.context.read(read)

    @strawberry.field(
        description="What was sold before these days began and has stock for more than so many weeks at the pace of "
        "these days; the slowest first."
    )
    async def goods_to_clear(
        self,
        info: Info,
        days: int = 90,
        min_weeks_of_cover: int = 13,
        category_slug: str | None = UNSET,
        first: int = 20,
    ) -> list[SlowVariant]:
        for name, value, most in (
            ("days", days, MOST_DAYS),
            ("minWeeksOfCover", min_weeks_of_cover, MOST_WEEKS),
            ("first", first, MOST_GOODS),
        ):
            if not 1 <= value <= most:
                raise bad_input(f"{name} is between 1 and {most}.")
        slug = sought(given(category_slug))

        def read(reading: Reading) -> list[SlowVariant]:
            found = slow_page(
                reading.conn,
                Window(first),
                now=reading.now,
                days=days,
                weeks=min_weeks_of_cover,
                category_slug=slug,
            ).items
            variants = queries.variants_by_id(reading.conn, [goods.variant_id for goods in found], reading.now)
            currency = reading.program.currency
            return [
                SlowVariant(
                    variant=Variant.of(variants[goods.variant_id], currency),
                    available=goods.available,
                    sold=goods.sold,
                    weeks_of_cover=goods.weeks_of_cover,
                    stock_value=money_of(goods.available * variants[goods.variant_id].regular_price, currency),
                )
                for goods in found
            ]

        return await info.context.read_today(read)

    @strawberry.field(
        description="Of one offer, of all that a SKU has or had, or of those that were redeemed most in this time; a "
        "hundred at most. Orders count by when they were placed: from since, until just before until."
    )
    async def offer_report(
        self,
        info: Info,
        offer_id: strawberry.ID | None = UNSET,
        sku: str | None = UNSET,
        since: datetime | None = UNSET,
        until: datetime | None = UNSET,
    ) -> list[OfferReport]:
        id_, of_sku = checked_optional_id(given(offer_id)), sought(given(sku))
        starts_at, ends_at = (utc(at) if at is not None else None for at in (given(since), given(until)))
        if id_ is not None and of_sku is not None:
            raise bad_input("Give offerId or sku, not both.")
        locale = info.context.locale

        def read(reading: Reading) -> list[OfferReport]:
            if id_ is not None:
                ids = [id_]
            elif of_sku is not None:
                ids = offers_of_sku(reading.conn, of_sku)
            else:
                most = redeemed_page(reading.conn, Window(MOST_OFFERS), starts_at, ends_at)
                ids = [tally.offer_id for tally in most.items]
            by_id = queries.offers_by_id(reading.conn, ids)
            offers = [by_id[each] for each in ids if each in by_id]
            shown = offers_shown(reading, offers, locale)
            tallies = offer_tallies(reading.conn, [offer.id for offer in offers], starts_at, ends_at)
            return [OfferReport.of(tally, offer, reading.program) for tally, offer in zip(tallies, shown, strict=True)]

        return await info.context.read_today(read)

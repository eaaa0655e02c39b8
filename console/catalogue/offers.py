"""Exchange offers: the list of them, what they brought, and which goods could do with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

from catalog import queries
from catalog.queries import OfferFilter, OfferRecord, OfferState
from catalog.records import ProductRecord, VariantRecord
from checkout.offer_report import OfferTally, OfferTotals, redeemed_page, redeemed_totals
from checkout.slow_goods import MOST_DAYS, SlowGoods, slow_count, slow_page
from console.catalogue.goods import Thumb, branches, category_choices, first_thumbs
from console.catalogue.offer_deeds import OfferDeeds
from console.catalogue.offer_view import Brought, OfferView, brought, offer_views
from console.desk import Desk, page
from console.forms import day_of
from console.visit import Visit
from kernel.clock import start_of_day
from kernel.paging import Page
from program.config import Program
from schema.admin.lists import MOST_REDEEMED, NEWEST_OFFERS, SLOWEST
from schema.context import Reading

DAYS, WEEKS = 90, 13
MOST_WEEKS = 520


@dataclass(frozen=True)
class Slow:
    goods: SlowGoods
    variant: VariantRecord
    product: ProductRecord
    thumb: Thumb | None

    @property
    def value(self) -> int:
        """Of what is available, at its regular price."""
        return self.goods.available * self.variant.regular_price


@dataclass(frozen=True)
class Report:
    """A page of what offers brought, and what all pages add up to."""

    page: Page[OfferTally]
    rows: Sequence[tuple[OfferView, Brought]]
    totals: OfferTotals
    program: Program


@dataclass(frozen=True)
class Clearing:
    """A page of goods to clear. `categories`: slug and name."""

    page: Page[SlowGoods]
    count: int
    rows: Sequence[Slow]
    currency: str
    categories: Sequence[tuple[str, str]]


class OffersDesk(OfferDeeds, Desk):
    path = "/offers"
    label = "nav_offers"
    icon = "fa-coins"
    sees = "exchangeOffers"

    @page("", "exchangeOffers")
    async def show(self, visit: Visit) -> Response:
        asked = {name: visit.asked(name) for name in ("search", "state")}
        window = visit.window(NEWEST_OFFERS)
        state = OfferState(asked["state"]) if asked["state"] in OfferState.__members__ else None

        def look(reading: Reading) -> tuple[Page[OfferRecord], list[OfferView], int, str]:
            narrowed = OfferFilter(search=asked["search"], state=(state, reading.now) if state else None)
            found = queries.offer_page(reading.conn, window, at=None, filter=narrowed)
            count = queries.offer_count(reading.conn, at=None, filter=narrowed)
            return found, offer_views(reading, found.items, visit.locale), count, reading.program.currency

        found, views, count, currency = await visit.read(look)
        return visit.page(
            "offers.html",
            title=visit.t("nav_offers"),
            offers=views,
            count=count,
            currency=currency,
            asked=asked,
            states=list(OfferState),
            pages=visit.pager(found, NEWEST_OFFERS),
        )

    @page("/report", "offerReport")
    async def report(self, visit: Visit) -> Response:
        asked = {name: visit.asked(name) for name in ("from", "to")}
        first, last = day_of(asked["from"]), day_of(asked["to"])
        since = start_of_day(first, visit.zone) if first else None
        until = start_of_day(last + timedelta(days=1), visit.zone) if last else None

        window = visit.window(MOST_REDEEMED, 50)

        def look(reading: Reading) -> Report:
            conn, program = reading.conn, reading.program
            found = redeemed_page(conn, window, since, until)
            by_id = queries.offers_by_id(conn, [tally.offer_id for tally in found.items])
            views = offer_views(reading, [by_id[tally.offer_id] for tally in found.items], visit.locale)
            told = [brought(tally, program, visit.locale) for tally in found.items]
            totals = redeemed_totals(conn, program.value_of_100.minor, since, until)
            return Report(found, list(zip(views, told, strict=True)), totals, program)

        report = await visit.read(look)
        return visit.page(
            "offer_report.html",
            title=visit.t("offers_report"),
            rows=report.rows,
            totals=report.totals,
            currency=report.program.currency,
            worth=report.program.value_of_100.minor,
            asked=asked,
            pages=visit.pager(report.page, MOST_REDEEMED),
        )

    @page("/clear", "goodsToClear")
    async def clear(self, visit: Visit) -> Response:
        days, weeks = _whole(visit.asked("days"), DAYS, MOST_DAYS), _whole(visit.asked("weeks"), WEEKS, MOST_WEEKS)
        category = visit.asked("category") or None
        window = visit.window(SLOWEST, 50)

        def look(reading: Reading) -> Clearing:
            conn, now = reading.conn, reading.now
            found = slow_page(conn, window, now=now, days=days, weeks=weeks, category_slug=category)
            count = slow_count(conn, now=now, days=days, weeks=weeks, category_slug=category)
            variants = queries.variants_by_id(conn, [goods.variant_id for goods in found.items], now)
            ids = list({variant.product_id for variant in variants.values()})
            products, thumbs = queries.products_by_id(conn, ids, visit.locale), first_thumbs(conn, ids)
            tree = branches(queries.categories(conn, visit.locale))
            rows: list[Slow] = []
            for goods in found.items:
                variant = variants[goods.variant_id]
                rows.append(Slow(goods, variant, products[variant.product_id], thumbs.get(variant.product_id)))
            return Clearing(found, count, rows, reading.program.currency, category_choices(tree))

        clearing = await visit.read(look)
        return visit.page(
            "offers_clear.html",
            title=visit.t("offers_clear"),
            rows=clearing.rows,
            count=clearing.count,
            currency=clearing.currency,
            categories=clearing.categories,
            pages=visit.pager(clearing.page, SLOWEST),
            asked={"days": days, "weeks": weeks, "category": category or ""},
            changed=(days, weeks, category) != (DAYS, WEEKS, None),
        )


def _whole(text: str, usual: int, most: int) -> int:
    return min(max(int(text), 1), most) if text.isdecimal() and len(text) < 6 else usual

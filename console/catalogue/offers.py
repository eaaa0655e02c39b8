"""Exchange offers: the list of them, what they brought, and which goods could do with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

from catalog import queries
from catalog.queries import OfferFilter, OfferRecord, OfferState
from catalog.records import ProductRecord, VariantRecord
from checkout.offer_report import newest_offers, offer_tallies
from checkout.slow_goods import MOST_DAYS, SlowGoods, slow_goods
from console.catalogue.goods import Thumb, branches, category_choices, first_thumbs
from console.catalogue.offer_deeds import OfferDeeds
from console.catalogue.offer_view import Brought, OfferView, brought, offer_views
from console.desk import Desk, page
from console.forms import day_of
from console.visit import Visit
from kernel.clock import start_of_day
from kernel.paging import Page
from schema.admin.lists import NEWEST_OFFERS
from schema.context import Reading

DAYS, WEEKS = 90, 13
MOST_WEEKS = 520
FIRST = 50


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

        def look(reading: Reading) -> tuple[list[tuple[OfferView, Brought]], str, int]:
            ids = newest_offers(reading.conn)
            by_id = queries.offers_by_id(reading.conn, ids)
            views = offer_views(reading, [by_id[each] for each in ids if each in by_id], visit.locale)
            tallies = offer_tallies(reading.conn, [view.offer.id for view in views], since, until)
            told = [brought(tally, reading.program, visit.locale) for tally in tallies]
            rows = sorted(zip(views, told, strict=True), key=lambda row: -row[1].tally.units)
            return rows, reading.program.currency, reading.program.value_of_100.minor

        rows, currency, worth = await visit.read(look)
        return visit.page(
            "offer_report.html",
            title=visit.t("offers_report"),
            rows=[row for row in rows if row[1].tally.units],
            offers=len(rows),
            sums={
                "units": sum(row.tally.units for _, row in rows),
                "points": sum(row.tally.points for _, row in rows),
                "cash": sum(row.tally.cash for _, row in rows),
                "given_away": sum(row.given_away for _, row in rows),
            },
            currency=currency,
            worth=worth,
            asked=asked,
        )

    @page("/clear", "goodsToClear")
    async def clear(self, visit: Visit) -> Response:
        days, weeks = _whole(visit.asked("days"), DAYS, MOST_DAYS), _whole(visit.asked("weeks"), WEEKS, MOST_WEEKS)
        category = visit.asked("category") or None

        def look(reading: Reading) -> tuple[Sequence[Slow], str, list[tuple[str, str]]]:
            conn = reading.conn
            found = slow_goods(conn, now=reading.now, days=days, weeks=weeks, category_slug=category, first=FIRST)
            variants = queries.variants_by_id(conn, [goods.variant_id for goods in found], reading.now)
            ids = list({variant.product_id for variant in variants.values()})
            products, thumbs = queries.products_by_id(conn, ids, visit.locale), first_thumbs(conn, ids)
            tree = branches(queries.categories(conn, visit.locale))
            rows: list[Slow] = []
            for goods in found:
                variant = variants[goods.variant_id]
                rows.append(Slow(goods, variant, products[variant.product_id], thumbs.get(variant.product_id)))
            return rows, reading.program.currency, category_choices(tree)

        rows, currency, categories = await visit.read(look)
        return visit.page(
            "offers_clear.html",
            title=visit.t("offers_clear"),
            rows=rows,
            currency=currency,
            categories=categories,
            asked={"days": days, "weeks": weeks, "category": category or ""},
            changed=(days, weeks, category) != (DAYS, WEEKS, None),
        )


def _whole(text: str, usual: int, most: int) -> int:
    return min(max(int(text), 1), most) if text.isdecimal() and len(text) < 6 else usual

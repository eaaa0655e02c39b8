"""The sale planner's list: what is planned and in force, on a line of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from catalog import queries
from catalog.records import ProductRecord, SpecialRecord, VariantRecord
from catalog.sale_calendar import (
    SaleFilter,
    SaleState,
    WindowKey,
    sale_count,
    sale_page,
    window_counts,
    window_of,
)
from console.catalogue.goods import Thumb, first_thumbs, window_state
from console.catalogue.sale_deeds import SaleDeeds
from console.catalogue.timeline import Bar, TimeLine, time_line
from console.desk import Desk, page
from console.visit import Visit
from kernel.paging import Page
from schema.connections import Ordering
from schema.context import Reading
from schema.locale import Locale

INSTANT = (datetime, str)
COMING: Ordering[SpecialRecord] = Ordering("sales.coming", INSTANT, lambda each: (each.starts_at, each.id))
OVER: Ordering[SpecialRecord] = Ordering("sales.over", INSTANT, lambda each: (each.starts_at, each.id))


@dataclass(frozen=True)
class Sale:
    """A window of one product: all its SKUs that were planned alike, next to each other in the list."""

    product: ProductRecord
    thumb: Thumb | None
    specials: Sequence[SpecialRecord]
    variants: Sequence[VariantRecord]
    state: str

    @property
    def first(self) -> SpecialRecord:
        return self.specials[0]

    @property
    def price(self) -> tuple[int, int]:
        prices = [special.price for special in self.specials]
        return min(prices), max(prices)

    @property
    def regular(self) -> tuple[int, int]:
        prices = [variant.regular_price for variant in self.variants]
        return min(prices), max(prices)

    @property
    def ids(self) -> str:
        return ",".join(special.id for special in self.specials)

    @property
    def window(self) -> WindowKey:
        return window_of(self.first)


@dataclass(frozen=True)
class Calendar:
    """`counts`: how many special prices there are of each window, on this page and elsewhere."""

    page: Page[SpecialRecord]
    sales: Sequence[Sale]
    count: int
    counts: Mapping[WindowKey, int]
    currency: str
    now: datetime
    line: TimeLine

    def bar(self, sale: Sale) -> Bar:
        return self.line.bar(sale.first.starts_at, sale.first.ends_at)


class SalesDesk(SaleDeeds, Desk):
    path = "/sales"
    label = "nav_sales"
    icon = "fa-tags"
    sees = "products"

    @page("", "products")
    async def show(self, visit: Visit) -> Response:
        asked = {name: visit.asked(name) for name in ("state", "sku")}
        state = SaleState(asked["state"]) if asked["state"] in SaleState.__members__ else SaleState.COMING
        narrowed = SaleFilter(state, asked["sku"] or None)
        ordering = OVER if state is SaleState.OVER else COMING
        window = visit.window(ordering, 50)

        def look(reading: Reading) -> Calendar:
            found = sale_page(reading.conn, window, at=reading.now, filter=narrowed)
            count = sale_count(reading.conn, at=reading.now, filter=narrowed)
            line = time_line([(each.starts_at, each.ends_at) for each in found.items], reading.now)
            return Calendar(
                found,
                together(reading, found.items, visit.locale),
                count,
                window_counts(reading.conn, found.items),
                reading.program.currency,
                reading.now,
                line,
            )

        calendar = await visit.read(look)
        return visit.page(
            "sales.html",
            title=visit.t("nav_sales"),
            calendar=calendar,
            asked=asked,
            state=state,
            states=list(SaleState),
            drawn=state is not SaleState.OVER,
            pages=visit.pager(calendar.page, ordering),
        )


def together(reading: Reading, specials: Sequence[SpecialRecord], locale: Locale) -> list[Sale]:
    """Neighbours of one product with the same window and class are one sale."""
    variants = queries.variants_by_id(reading.conn, [each.variant_id for each in specials], reading.now)
    ids = list(dict.fromkeys(variant.product_id for variant in variants.values()))
    products = queries.products_by_id(reading.conn, ids, locale)
    thumbs = first_thumbs(reading.conn, ids)
    groups: list[list[SpecialRecord]] = []

    def alike(special: SpecialRecord) -> tuple[object, ...]:
        product_id = variants[special.variant_id].product_id
        return product_id, special.price_class, special.starts_at, special.ends_at

    for special in specials:
        if groups and alike(groups[-1][0]) == alike(special):
            groups[-1].append(special)
        else:
            groups.append([special])
    return [
        Sale(
            products[variants[group[0].variant_id].product_id],
            thumbs.get(variants[group[0].variant_id].product_id),
            group,
            [variants[each.variant_id] for each in group],
            window_state(group[0].starts_at, group[0].ends_at, reading.now),
        )
        for group in groups
    ]

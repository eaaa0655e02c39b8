"""Stock: what runs out, what there is, its movements, and changing it by hand with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response

from catalog import queries
from catalog.adjust_stock import AdjustStock
from catalog.low_stock import DEFAULT_THRESHOLD, low_stock_count, low_stock_page
from catalog.movements import MovementRecord, movement_count, movement_page
from catalog.queries import RELEVANCE, ProductFilter
from catalog.records import ProductRecord, VariantDetails, VariantRecord
from console.catalogue.goods import Thumb, first_thumbs, is_low
from console.catalogue.product_view import order_numbers, part_of
from console.desk import Desk, deed, page
from console.forms import Errors, text_of, whole_of
from console.visit import Pager, Visit
from kernel.paging import Page
from kernel.refusals import Refusals
from schema.admin.deeds import adjusting_stock
from schema.admin.histories import LOWEST, MOVEMENTS
from schema.admin.lists import BEST_PRODUCTS, NEWEST_PRODUCTS
from schema.context import Reading

FIELDS = ("change", "reason")


@dataclass(frozen=True)
class StockRow:
    variant: VariantRecord
    product: ProductRecord
    thumb: Thumb | None
    low: bool
    threshold: int


@dataclass(frozen=True)
class Shelf:
    """One variant: what it has, and what became of it, a page at a time. `orders`: numbers by id."""

    row: StockRow
    page: Page[MovementRecord]
    count: int
    orders: Mapping[str, str]


class StockDesk(Desk):
    path = "/stock"
    label = "nav_stock"
    icon = "fa-boxes-stacked"
    sees = "lowStock"

    @page("", "lowStock")
    async def show(self, visit: Visit) -> Response:
        search, everything = visit.asked("search"), visit.asked("all") == "yes"
        found = _all if search or everything else _low
        rows, low, pages = await found(visit, search)
        return visit.page(
            "stock.html",
            title=visit.t("nav_stock"),
            rows=rows,
            low=low,
            pages=pages,
            asked={"search": search, "all": "yes" if everything else ""},
            threshold=DEFAULT_THRESHOLD,
        )

    @page("/{id}", "stockMovements")
    async def variant(self, visit: Visit) -> Response:
        return await _shelf(visit, Errors(), {})

    @deed("/{id}", "adjustStock")
    async def adjust(self, visit: Visit) -> Response:
        row, form = await _find(visit), await visit.form()
        given = {name: text_of(form, name) for name in (*FIELDS, "direction", "key")}

        def do() -> str:
            refusals = Refusals()
            change = whole_of(form, "change", refusals)
            refusals.raise_any()
            change = -abs(change) if given["direction"] == "take" else change
            return adjusting_stock(visit.context, AdjustStock(row.variant.sku, change, given["reason"], given["key"]))()

        attempt = await visit.attempt(do, FIELDS)
        if attempt.refused:
            return await _shelf(visit, attempt.errors, given)
        visit.tell("stock_told_adjusted", sku=row.variant.sku)
        return visit.go(f"/stock/{row.variant.id}")


async def _low(visit: Visit, _search: str) -> tuple[Sequence[StockRow], int, Pager]:
    """A page's rows, and how many variants run low in all."""
    window = visit.window(LOWEST)

    def look(reading: Reading) -> tuple[Page[tuple[VariantRecord, tuple[int, str]]], list[StockRow], int]:
        found = low_stock_page(reading.conn, window, at=reading.now)
        rows = _rows(reading, [variant for variant, _ in found.items], visit)
        return found, rows, low_stock_count(reading.conn, at=reading.now)

    found, rows, low = await visit.read(look)
    return rows, low, visit.pager(found, LOWEST)


async def _all(visit: Visit, search: str) -> tuple[Sequence[StockRow], int, Pager]:
    """The same of everything: product by product, each with all that is sold of it."""
    ordering = BEST_PRODUCTS if search else NEWEST_PRODUCTS
    window, narrowed = visit.window(ordering), ProductFilter(search=search or None)

    def look(reading: Reading) -> tuple[Page[ProductRecord], list[StockRow], int]:
        conn, program = reading.conn, reading.program
        sort = RELEVANCE if search else "NEWEST"
        found = queries.product_page(
            conn,
            window,
            locale=visit.locale,
            at=reading.now,
            program=program,
            published_only=False,
            filter=narrowed,
            sort=sort,
        )
        ids = [product.id for product in found.items]
        variants = queries.variants_of_products(conn, ids, reading.now, active_only=True)
        rows = _rows(reading, [each for id_ in ids for each in variants[id_]], visit)
        return found, rows, low_stock_count(conn, at=reading.now)

    found, rows, low = await visit.read(look)
    return rows, low, visit.pager(found, ordering)


def _rows(reading: Reading, variants: Sequence[VariantRecord], visit: Visit) -> list[StockRow]:
    ids = list({variant.product_id for variant in variants})
    products = queries.products_by_id(reading.conn, ids, visit.locale)
    thumbs = first_thumbs(reading.conn, ids)
    details = queries.variant_details(reading.conn, [variant.id for variant in variants])
    return [
        StockRow(
            variant,
            products[variant.product_id],
            thumbs.get(variant.product_id),
            variant.active and is_low(variant, details[variant.id]),
            _threshold(details[variant.id]),
        )
        for variant in variants
    ]


def _threshold(details: VariantDetails) -> int:
    return DEFAULT_THRESHOLD if details.low_stock_at is None else details.low_stock_at


async def _find(visit: Visit) -> StockRow:
    variant_id = part_of(visit, "id")

    def look(reading: Reading) -> StockRow | None:
        variant = queries.variants_by_id(reading.conn, [variant_id], reading.now).get(variant_id)
        return None if variant is None else _rows(reading, [variant], visit)[0]

    row = await visit.read(look)
    if row is None:
        raise HTTPException(404)
    return row


async def _shelf(visit: Visit, errors: Errors, given: Mapping[str, str]) -> Response:
    row, window = await _find(visit), visit.window(MOVEMENTS)

    def look(reading: Reading) -> Shelf:
        found = movement_page(reading.conn, window, row.variant.sku)
        count = movement_count(reading.conn, row.variant.sku)
        return Shelf(row, found, count, order_numbers(reading, found.items))

    shelf = await visit.read(look)
    return visit.page(
        "stock_variant.html",
        422 if errors else 200,
        title=visit.t("stock_title", sku=row.variant.sku),
        shelf=shelf,
        row=row,
        errors=errors,
        given={"change": "", "reason": "", "direction": "add", "key": "", **given},
        pages=visit.pager(shelf.page, MOVEMENTS),
    )

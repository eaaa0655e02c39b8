"""Which goods to clear: stock that has been on sale for a while and hardly moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, case, cast, func, select

from catalog.category_tree import below
from catalog.columns import is_published, products_t, variants_t
from checkout.tables import OrderLineRow, OrderRow, OrderStatus
from kernel.database import table_of
from kernel.paging import Key, Page, Sort, Window, keyset, take_page

orders_t = table_of(OrderRow)
lines_t = table_of(OrderLineRow)

_o, _line, _v = orders_t.c, lines_t.c, variants_t.c

MOST_DAYS = 366
MOST_GOODS = 100
_FINE = 1_000_000  # so that whole numbers tell paces apart


@dataclass(frozen=True, slots=True)
class SlowGoods:
    """A variant, how many of it are left and how many were sold in so many days. `key` places it in its page."""

    variant_id: str
    available: int
    sold: int
    days: int
    key: Key = ()

    @property
    def weeks_of_cover(self) -> Decimal | None:
        """How long the stock lasts at the pace of these days, to one place; None where nothing was sold."""
        if self.sold <= 0:
            return None
        weeks = Decimal(self.available * self.days) / (7 * self.sold)
        return weeks.quantize(Decimal("0.1"), ROUND_HALF_UP)


def slow_page(
    conn: Connection,
    window: Window,
    *,
    now: datetime,
    days: int,
    weeks: int,
    category_slug: str | None = None,
) -> Page[SlowGoods]:
    """Goods that are sold, were so before these days began, and have stock for more than so many weeks.

    What sells slowest comes first, of equals what has most money in it. Units that were returned do not count.
    """
    pace = _Pace(now - timedelta(days=days))
    statement = select(_v.id, pace.available, pace.units, *pace.weights).select_from(pace.source)
    statement = statement.where(*pace.conditions(now, days, weeks, category_slug))
    moves, ratio, value = pace.weights
    sort: Sort = [(moves, False), (ratio, True), (value, True), (_v.id, False)]
    rows: Sequence[Any] = conn.execute(keyset(statement, window, sort)).all()
    return take_page(
        [SlowGoods(id_, int(left), int(sold), days, (*map(int, key), id_)) for id_, left, sold, *key in rows], window
    )


def slow_count(conn: Connection, *, now: datetime, days: int, weeks: int, category_slug: str | None = None) -> int:
    """How many the whole list has."""
    pace = _Pace(now - timedelta(days=days))
    statement = select(func.count(_v.id)).select_from(pace.source)
    return conn.execute(statement.where(*pace.conditions(now, days, weeks, category_slug))).scalar_one()


class _Pace:
    """Variants beside what was sold of them since an instant. `weights` decide the order, in whole numbers."""

    def __init__(self, since: datetime) -> None:
        self.since = since
        sold = (
            select(_line.variant_id, func.sum(_line.quantity - _line.returned_quantity).label("units"))
            .join(orders_t, _o.id == _line.order_id)
            # What came from elsewhere moved no stock of ours (R14).
            .where(_o.placed_at >= since, _o.status != OrderStatus.CANCELLED.value, ~_o.imported)
            .group_by(_line.variant_id)
            .subquery("sold")
        )
        self.source = variants_t.join(products_t, products_t.c.id == _v.product_id).outerjoin(
            sold, sold.c.variant_id == _v.id
        )
        self.available = cast(_v.on_hand - _v.reserved, BigInteger)
        self.units = cast(func.coalesce(sold.c.units, 0), BigInteger)
        self.weights = (
            case((self.units <= 0, 0), else_=1),
            self.available * _FINE // case((self.units <= 0, 1), else_=self.units),
            self.available * _v.regular_price,
        )

    def conditions(self, now: datetime, days: int, weeks: int, category_slug: str | None) -> list[ColumnElement[bool]]:
        conditions = [
            _v.active,
            is_published(now),
            products_t.c.created_at <= self.since,
            self.available > 0,
            # available / (units / (days / 7)) > weeks, in whole numbers.
            self.available * days > self.units * (7 * weeks),
        ]
        if category_slug is not None:
            conditions.append(products_t.c.category_id.in_(below(category_slug)))
        return conditions

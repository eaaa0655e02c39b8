"""Which goods to clear: stock that has been on sale for a while and hardly moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import BigInteger, Connection, case, cast, func, select

from catalog.category_tree import below
from catalog.columns import is_published, products_t, variants_t
from checkout.tables import OrderLineRow, OrderRow, OrderStatus
from kernel.database import table_of

orders_t = table_of(OrderRow)
lines_t = table_of(OrderLineRow)

MOST_DAYS = 366
MOST_GOODS = 100
_FINE = 1_000_000  # so that whole numbers tell paces apart


@dataclass(frozen=True, slots=True)
class SlowGoods:
    """A variant, how many of it are left and how many were sold in so many days."""

    variant_id: str
    available: int
    sold: int
    days: int

    @property
    def weeks_of_cover(self) -> Decimal | None:
        """How long the stock lasts at the pace of these days, to one place; None where nothing was sold."""
        if self.sold <= 0:
            return None
        weeks = Decimal(self.available * self.days) / (7 * self.sold)
        return weeks.quantize(Decimal("0.1"), ROUND_HALF_UP)


def slow_goods(
    conn: Connection, *, now: datetime, days: int, weeks: int, category_slug: str | None = None, first: int = 20
) -> list[SlowGoods]:
    """Goods that are sold, were so before these days began, and have stock for more than so many weeks.

    What sells slowest comes first, of equals what has most money in it. Units that were returned do not count.
    """
    since = now - timedelta(days=days)
    o, line, v, p = orders_t.c, lines_t.c, variants_t.c, products_t.c
    sold = (
        select(line.variant_id, func.sum(line.quantity - line.returned_quantity).label("units"))
        .join(orders_t, o.id == line.order_id)
        # What came from elsewhere moved no stock of ours (R14).
        .where(o.placed_at >= since, o.status != OrderStatus.CANCELLED.value, ~o.imported)
        .group_by(line.variant_id)
        .subquery("sold")
    )
    available = cast(v.on_hand - v.reserved, BigInteger)
    units = cast(func.coalesce(sold.c.units, 0), BigInteger)
    statement = (
        select(v.id, available, units)
        .join(products_t, p.id == v.product_id)
        .outerjoin(sold, sold.c.variant_id == v.id)
        .where(v.active, is_published(now), p.created_at <= since, available > 0)
        # available / (units / (days / 7)) > weeks, in whole numbers.
        .where(available * days > units * (7 * weeks))
        .order_by(
            case((units <= 0, 0), else_=1),
            (available * _FINE // case((units <= 0, 1), else_=units)).desc(),
            (available * v.regular_price).desc(),
            v.id,
        )
        .limit(first)
    )
    if category_slug is not None:
        statement = statement.where(p.category_id.in_(below(category_slug)))
    rows: Sequence[Any] = conn.execute(statement).all()
    return [SlowGoods(id_, int(left), int(count), days) for id_, left, count in rows]

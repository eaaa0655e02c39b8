"""How many units of an offer a member has: ordered, and neither cancelled nor returned (R13)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, case, func, literal_column, select

from catalog.queries import OfferRecord
from checkout.limits import Limits, Starts, Used
from checkout.tables import OrderLineRow, OrderRow, OrderStatus
from kernel.database import among, table_of

orders_t = table_of(OrderRow)
lines_t = table_of(OrderLineRow)


def units_redeemed(
    conn: Connection, member_id: str, starts: Starts, offer_ids: Sequence[str] | None = None
) -> dict[str, Used]:
    """A member's units of each offer, of some offers or of all; those without any are left out."""
    if offer_ids is not None and not offer_ids:
        return {}
    kept = lines_t.c.quantity - lines_t.c.returned_quantity
    since = (
        func.sum(case((orders_t.c.placed_at >= start, kept), else_=literal_column("0")))
        for start in (starts.day, starts.week, starts.month)
    )
    wanted = lines_t.c.exchange_offer_id.is_not(None)
    if offer_ids is not None:
        wanted = among(lines_t.c.exchange_offer_id, offer_ids)
    rows = conn.execute(
        select(lines_t.c.exchange_offer_id, func.sum(kept), *since)
        .join(orders_t, orders_t.c.id == lines_t.c.order_id)
        .where(wanted, orders_t.c.member_id == member_id, orders_t.c.status != OrderStatus.CANCELLED.value)
        .group_by(lines_t.c.exchange_offer_id)
    )
    return {offer_id: Used(*map(int, units)) for offer_id, *units in rows}


def limits_of(offer: OfferRecord) -> Limits:
    """What one member may have of an offer."""
    return offer.per_member_limit, offer.daily_limit, offer.weekly_limit, offer.monthly_limit

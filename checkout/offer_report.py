"""What exchange offers have brought, and which goods could do with one: reads for whoever plans offers (R6, R13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from catalog.columns import offers_t, variants_t
from checkout.tables import OrderLineRow, OrderRow, OrderStatus
from kernel.database import among, table_of

orders_t = table_of(OrderRow)
lines_t = table_of(OrderLineRow)

MOST_OFFERS = 100


@dataclass(frozen=True, slots=True)
class TierTally:
    """How many units members of one tier redeemed, and how many members they were, by their tier at that time."""

    tier_code: str
    units: int
    members: int


@dataclass(slots=True)
class OfferTally:
    """Of units ordered, and neither cancelled nor returned. `cash` and `regular` in minor units.

    `regular` is what they would have cost outside any offer, at the prices of those days.
    """

    offer_id: str
    units: int = 0
    points: int = 0
    cash: int = 0
    regular: int = 0
    tiers: list[TierTally] = field(default_factory=list[TierTally])

    def given_away(self, value_of_100: int) -> int:
        """Regular price less cash, less what the points are worth; rounded half up to the minor unit."""
        return self.regular - self.cash - (self.points * value_of_100 + 50) // 100


def offers_of_sku(conn: Connection, sku: str) -> list[str]:
    """The exchange offers that a SKU has or had, the newest first; a hundred at most."""
    of_sku = select(variants_t.c.id).where(variants_t.c.sku == sku.strip()).scalar_subquery()
    o = offers_t.c
    newest = select(o.id).where(o.variant_id == of_sku).order_by(o.created_at.desc(), o.id.desc()).limit(MOST_OFFERS)
    return list(conn.execute(newest).scalars())


def newest_offers(conn: Connection) -> list[str]:
    """The hundred exchange offers that were made last."""
    o = offers_t.c
    return list(conn.execute(select(o.id).order_by(o.created_at.desc(), o.id.desc()).limit(MOST_OFFERS)).scalars())


def offer_tallies(
    conn: Connection, offer_ids: Sequence[str], starts_at: datetime | None, ends_at: datetime | None
) -> list[OfferTally]:
    """One for each offer, in their order: of orders placed from one instant until just before the other."""
    o, line = orders_t.c, lines_t.c
    kept = line.quantity - line.returned_quantity
    statement = (
        select(
            line.exchange_offer_id,
            o.tier_code,
            func.sum(kept),
            func.count(o.member_id.distinct()),
            func.sum(kept * line.unit_points),
            func.sum(kept * line.unit_cash),
            func.sum(kept * line.unit_regular),
        )
        .join(orders_t, o.id == line.order_id)
        .where(among(line.exchange_offer_id, offer_ids), o.status != OrderStatus.CANCELLED.value, kept > 0)
        .group_by(line.exchange_offer_id, o.tier_code)
        .order_by(line.exchange_offer_id, o.tier_code)
    )
    if starts_at is not None:
        statement = statement.where(o.placed_at >= starts_at)
    if ends_at is not None:
        statement = statement.where(o.placed_at < ends_at)
    tallies = {offer_id: OfferTally(offer_id) for offer_id in offer_ids}
    rows: Sequence[Any] = conn.execute(statement).all()
    for offer_id, tier_code, units, members, points, cash, regular in rows:
        tally = tallies[offer_id]
        tally.units += int(units)
        tally.points += int(points)
        tally.cash += int(cash)
        tally.regular += int(regular)
        tally.tiers.append(TierTally(tier_code, int(units), int(members)))
    return list(tallies.values())

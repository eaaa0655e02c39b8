"""What exchange offers have brought, and which goods could do with one: reads for whoever plans offers (R6, R13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Subquery, cast, func, select

from catalog.columns import offers_t, variants_t
from checkout.tables import OrderLineRow, OrderRow, OrderStatus
from kernel.database import among, table_of
from kernel.paging import Key, Page, Window, keyset, take_page

orders_t = table_of(OrderRow)
lines_t = table_of(OrderLineRow)

_kept = lines_t.c.quantity - lines_t.c.returned_quantity

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

    `regular` is what they would have cost outside any offer, at the prices of those days. `key` places it in its page.
    """

    offer_id: str
    units: int = 0
    points: int = 0
    cash: int = 0
    regular: int = 0
    tiers: list[TierTally] = field(default_factory=list[TierTally])
    key: Key = ()

    def given_away(self, value_of_100: int) -> int:
        """Regular price less cash, less what the points are worth; rounded half up to the minor unit."""
        return self.regular - self.cash - (self.points * value_of_100 + 50) // 100


@dataclass(frozen=True, slots=True)
class OfferTotals:
    """How many offers were redeemed, and what they brought together. Amounts in minor units."""

    offers: int
    units: int
    points: int
    cash: int
    given_away: int


def offers_of_sku(conn: Connection, sku: str) -> list[str]:
    """The exchange offers that a SKU has or had, the newest first; a hundred at most."""
    of_sku = select(variants_t.c.id).where(variants_t.c.sku == sku.strip()).scalar_subquery()
    o = offers_t.c
    newest = select(o.id).where(o.variant_id == of_sku).order_by(o.created_at.desc(), o.id.desc()).limit(MOST_OFFERS)
    return list(conn.execute(newest).scalars())


def redeemed_page(
    conn: Connection, window: Window, starts_at: datetime | None, ends_at: datetime | None
) -> Page[OfferTally]:
    """The offers that were redeemed in this time, those redeemed most first; meanings: `offer_tallies`."""
    each = _by_offer(starts_at, ends_at)
    statement = select(each.c.offer_id, each.c.units)
    rows: Sequence[Any] = conn.execute(keyset(statement, window, [(each.c.units, True), (each.c.offer_id, True)])).all()
    found = take_page(rows, window)
    keys = {offer_id: (int(units), offer_id) for offer_id, units in found.items}
    tallies = offer_tallies(conn, list(keys), starts_at, ends_at)
    return Page([replace(tally, key=keys[tally.offer_id]) for tally in tallies], found.has_next, found.has_previous)


def redeemed_totals(
    conn: Connection, value_of_100: int, starts_at: datetime | None, ends_at: datetime | None
) -> OfferTotals:
    """What the rows of `redeemed_page` add up to, on all its pages."""
    c = _by_offer(starts_at, ends_at).c
    given_away = c.regular - c.cash - (c.points * value_of_100 + 50) // 100
    sums = (func.coalesce(func.sum(each), 0) for each in (c.units, c.points, c.cash, given_away))
    return OfferTotals(*map(int, conn.execute(select(func.count(c.offer_id), *sums)).one()))


def _by_offer(starts_at: datetime | None, ends_at: datetime | None) -> Subquery:
    line = lines_t.c
    sums = {"units": _kept, "points": _kept * line.unit_points, "cash": _kept * line.unit_cash}
    sums["regular"] = _kept * line.unit_regular
    return (
        select(
            line.exchange_offer_id.label("offer_id"),
            # PostgreSQL's sums are numerics, which it divides as such.
            *(cast(func.sum(each), BigInteger).label(name) for name, each in sums.items()),
        )
        .join(orders_t, orders_t.c.id == line.order_id)
        .where(line.exchange_offer_id.is_not(None), *_counted(starts_at, ends_at))
        .group_by(line.exchange_offer_id)
        .subquery("redeemed")
    )


def _counted(starts_at: datetime | None, ends_at: datetime | None) -> list[ColumnElement[bool]]:
    o = orders_t.c
    conditions = [o.status != OrderStatus.CANCELLED.value, _kept > 0]
    if starts_at is not None:
        conditions.append(o.placed_at >= starts_at)
    if ends_at is not None:
        conditions.append(o.placed_at < ends_at)
    return conditions


def offer_tallies(
    conn: Connection, offer_ids: Sequence[str], starts_at: datetime | None, ends_at: datetime | None
) -> list[OfferTally]:
    """One for each offer, in their order: of orders placed from one instant until just before the other."""
    o, line = orders_t.c, lines_t.c
    statement = (
        select(
            line.exchange_offer_id,
            o.tier_code,
            func.sum(_kept),
            func.count(o.member_id.distinct()),
            func.sum(_kept * line.unit_points),
            func.sum(_kept * line.unit_cash),
            func.sum(_kept * line.unit_regular),
        )
        .join(orders_t, o.id == line.order_id)
        .where(among(line.exchange_offer_id, offer_ids), *_counted(starts_at, ends_at))
        .group_by(line.exchange_offer_id, o.tier_code)
        .order_by(line.exchange_offer_id, o.tier_code)
    )
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

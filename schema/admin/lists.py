"""How the admin API's lists are ordered, and what is asked of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from catalog.records import OfferRecord, ProductRecord
from checkout.offer_report import OfferTally
from checkout.queries import OrderRecord, ReturnRecord
from checkout.slow_goods import SlowGoods
from kernel.outbox import OutboxRecord
from members.ledger.entries import Entry
from members.profile import MemberRecord
from schema.admin.context import Info
from schema.connections import Ordering
from schema.selection import selection_of
from staff.audit import AuditRecord

INSTANT = (datetime, str)

NEWEST_PRODUCTS: Ordering[ProductRecord] = Ordering("products.newest", INSTANT, lambda product: product.key)
BEST_PRODUCTS: Ordering[ProductRecord] = Ordering("products.relevance", (int, int), lambda product: product.key)
NEWEST_OFFERS: Ordering[OfferRecord] = Ordering("offers.newest", INSTANT, lambda offer: offer.key)
MOST_REDEEMED: Ordering[OfferTally] = Ordering("offers.redeemed", (int, str), lambda tally: tally.key)
SLOWEST: Ordering[SlowGoods] = Ordering("slow-goods", (int, int, int, str), lambda goods: goods.key)
BY_JOINED_AT: Ordering[MemberRecord] = Ordering("members", INSTANT, lambda member: (member.joined_at, member.id))
BY_PLACED_AT: Ordering[OrderRecord] = Ordering("orders", INSTANT, lambda order: (order.placed_at, order.id))
BY_REQUESTED_AT: Ordering[ReturnRecord] = Ordering("returns", INSTANT, lambda ret: (ret.requested_at, ret.id))
BY_SEQ: Ordering[Entry] = Ordering("entries", (int,), lambda entry: (entry.seq,))
OUTBOX: Ordering[OutboxRecord] = Ordering("outbox", INSTANT, lambda message: (message.created_at, message.id))
AUDIT: Ordering[AuditRecord] = Ordering("audit", INSTANT, lambda entry: (entry.at, entry.id))


def counted(info: Info, count: Callable[..., int]) -> Callable[..., int]:
    """Counts a whole list where the request asks how long it is, and only there."""
    return count if "totalCount" in selection_of(info) else lambda *_, **__: 0

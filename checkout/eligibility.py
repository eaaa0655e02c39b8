"""Who may order what: published goods, running offers, tier, limits, stock (R12, R13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from catalog.queries import OfferRecord, Sellable
from checkout.basket import MergedLine
from checkout.limits import Used, tightest
from checkout.pricing.basket import BasketItem
from checkout.redemptions import limits_of
from checkout.refusals import InsufficientStock, LimitExceeded, OfferUnavailable, TierRequired
from kernel.refusals import NotFound, Refusal
from program.config import Program, Tier


def find_item(
    merged: MergedLine, sellables: Mapping[str, Sellable], offers: Mapping[str, OfferRecord], now: datetime
) -> BasketItem | Refusal:
    """What a line buys; or why it cannot be priced: unknown, not on sale, its offer over or not begun."""
    line = merged.line
    if line.variant_id is not None:
        sellable = sellables.get(line.variant_id)
        if sellable is None or not sellable.on_sale:
            return NotFound(path=(*merged.path, "variantId"), what="variant")
        return BasketItem(sellable, None, line.quantity)
    offer = offers.get(line.exchange_offer_id or "")
    sellable = sellables.get(offer.variant_id) if offer else None
    if offer is None or sellable is None or not sellable.on_sale:
        return NotFound(path=(*merged.path, "exchangeOfferId"), what="exchange_offer")
    if not offer.holds_at(now):
        return OfferUnavailable(path=(*merged.path, "exchangeOfferId"))
    return BasketItem(sellable, offer, line.quantity)


def check_tier(program: Program, tier: Tier, merged: MergedLine, item: BasketItem) -> list[Refusal]:
    """Tier-only goods and offers need that tier or a higher one, at this moment (R13)."""
    required = [item.sellable.required_tier_code, item.offer.required_tier_code if item.offer else None]
    missing = [code for code in required if code is not None and not program.admits(tier.code, code)]
    if not missing:
        return []
    highest = max(missing, key=lambda code: program.tier(code).rank)
    return [TierRequired(path=merged.path, tier_code=highest)]


def check_offer(merged: MergedLine, item: BasketItem, used: Used) -> list[Refusal]:
    """The member's own limits on an offer, of which they have `used` some already; and the offer's quota (R13)."""
    offer = item.offer
    if offer is None:
        return []
    found: list[Refusal] = []
    path = (*merged.path, "quantity")
    limit = tightest(limits_of(offer), used)
    if limit is not None and item.quantity > limit.left:
        found.append(LimitExceeded(path=path, limit=limit.most, remaining=limit.left, period=limit.period))
    if offer.quota is not None and offer.redeemed + item.quantity > offer.quota:
        found.append(OfferUnavailable(path=path))
    return found


def check_stock(merged: Sequence[MergedLine], items: Sequence[BasketItem]) -> list[Refusal]:
    """Lines of one variant, bought as it is and through offers, share its stock. Told at the first of them."""
    wanted: defaultdict[str, int] = defaultdict(int)
    first: dict[str, tuple[MergedLine, Sellable]] = {}
    for line, item in zip(merged, items, strict=True):
        wanted[item.sellable.variant_id] += item.quantity
        first.setdefault(item.sellable.variant_id, (line, item.sellable))
    return [
        InsufficientStock(path=(*line.path, "quantity"), sku=sellable.sku, available=sellable.available)
        for variant_id, (line, sellable) in first.items()
        if wanted[variant_id] > sellable.available
    ]

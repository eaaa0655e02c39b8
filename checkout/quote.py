"""Prices a basket exactly as placing the order would, and tells all that would stop it (R2, R3, R12, R13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from catalog.queries import sellable
from checkout.basket import BasketLine, MergedLine, check_basket
from checkout.eligibility import check_offer, check_stock, check_tier, find_item
from checkout.limits import NONE_USED, starts_at
from checkout.pricing.basket import BasketItem, Quote, price_basket
from checkout.redemptions import limits_of, units_redeemed
from checkout.refusals import InsufficientGiftCard, InsufficientPoints
from kernel.money import MONEY_LIMIT, POINTS_LIMIT, Money, NotAnAmount
from kernel.refusals import Refusal, Refusals, invalid
from members.account import Account
from members.gift_cards import gift_card_balance
from program.config import Program


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote, unless a line cannot be priced at all; and everything that would stop the order."""

    quote: Quote | None
    refusals: tuple[Refusal, ...]


def quote_basket(
    conn: Connection,
    program: Program,
    *,
    account: Account | None,
    lines: Sequence[BasketLine],
    gift_card_amount: Decimal | None,
    now: datetime,
) -> Quoted:
    """Prices a basket at an instant for a member's account; signed out (None), for the entry tier.

    `gift_card_amount` is in major units of the program's currency. Where a line cannot be priced there is no quote, but
    of the others it is told all the same what they would lack.
    """
    merged, refusals = check_basket(lines)
    # An empty basket is refused as well, but it has a price: nothing.
    complete = not lines or not refusals
    items = _find_items(conn, merged, now, refusals)
    gift_card = _read_gift_card(program, gift_card_amount, refusals)
    tier = program.entry_tier if account is None else program.tier(account.tier_code)
    found = [(line, item) for line, item in zip(merged, items, strict=True) if item is not None]
    for line, item in found:
        refusals.extend(check_tier(program, tier, line, item))
    complete = complete and len(found) == len(items)
    counted = [(line, item) for line, item in found if line.counted]
    _check_units(conn, program, account, counted, now, refusals)
    quote = price_basket(program, tier, [item for _, item in counted], gift_card)
    totals = quote.totals
    if max(totals.regular, totals.goods, totals.total).minor >= MONEY_LIMIT:
        refusals.add(invalid(("lines",), "too_much"))
    if max(totals.points, quote.points_to_earn) > POINTS_LIMIT:
        # More than anybody can have, and more than can be written down for a client.
        refusals.add(invalid(("lines",), "too_many_points"))
        complete = False
    else:
        _check_points(account, quote, refusals)
    if complete and gift_card > totals.total:
        refusals.add(invalid(("giftCardAmount",), "more_than_total", total=totals.total))
    _check_gift_card(conn, account, gift_card, refusals)
    return Quoted(quote if complete else None, tuple(refusals.found))


def _find_items(
    conn: Connection, merged: Sequence[MergedLine], now: datetime, refusals: Refusals
) -> list[BasketItem | None]:
    variant_ids = [m.line.variant_id for m in merged if m.line.variant_id is not None]
    offer_ids = [m.line.exchange_offer_id for m in merged if m.line.exchange_offer_id is not None]
    if not merged:
        return []
    sellables, offers = sellable(conn, variant_ids, offer_ids, now)
    items: list[BasketItem | None] = []
    for line in merged:
        item = find_item(line, sellables, offers, now)
        if isinstance(item, Refusal):
            refusals.add(item)
            items.append(None)
        else:
            items.append(item)
    return items


def _check_units(
    conn: Connection,
    program: Program,
    account: Account | None,
    counted: Sequence[tuple[MergedLine, BasketItem]],
    now: datetime,
    refusals: Refusals,
) -> None:
    """So many units need room in the limits and quotas of offers, and stock."""
    limited = [item.offer.id for _, item in counted if item.offer and any(limits_of(item.offer))]
    redeemed = units_redeemed(conn, account.member_id, starts_at(now, program.zone), limited) if account else {}
    for line, item in counted:
        refusals.extend(check_offer(line, item, redeemed.get(item.offer.id, NONE_USED) if item.offer else NONE_USED))
    refusals.extend(check_stock([line for line, _ in counted], [item for _, item in counted]))


def _read_gift_card(program: Program, amount: Decimal | None, refusals: Refusals) -> Money:
    path = ("giftCardAmount",)
    if amount is None:
        return program.zero
    try:
        gift_card = Money.parse(amount, program.currency)
    except NotAnAmount:
        refusals.add(invalid(path, "not_an_amount", currency=program.currency))
        return program.zero
    if gift_card.minor < 0:
        refusals.add(invalid(path, "negative"))
        return program.zero
    return gift_card


def _check_points(account: Account | None, quote: Quote, refusals: Refusals) -> None:
    available = account.balance if account else 0
    required = quote.totals.points
    if required > max(available, 0):
        refusals.add(InsufficientPoints(path=("lines",), required=required, available=available))


def _check_gift_card(conn: Connection, account: Account | None, gift_card: Money, refusals: Refusals) -> None:
    """A payment of more than the cards hold is refused (R3)."""
    if not gift_card:
        return
    path = ("giftCardAmount",)
    currency = gift_card.currency
    held = gift_card_balance(conn, account.member_id, currency) if account else Money.zero(currency)
    if gift_card > held:
        refusals.add(InsufficientGiftCard(path=path, available=held))

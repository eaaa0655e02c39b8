"""Fills a member's types: only the rows that the request wants."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import strawberry

from catalog.queries import offers_by_id
from checkout.basket import BasketLine
from checkout.cart import CartLine as StoredLine
from checkout.cart import cart_lines
from checkout.points import PendingRecord, pending_of
from checkout.quote import quote_basket
from checkout.tables import OrderStatus
from kernel.money import Points
from members.account import Account, accounts_by_id
from members.addresses import addresses_of
from members.avatars import avatars_of
from members.gift_cards import gift_cards_of
from members.ledger.entries import Entry
from members.ledger.queries import entry_count, entry_page
from members.profile import MemberRecord, members_by_id
from members.tables import EntryKind
from members.tiers.progress import tier_progress
from program.config import Program
from schema.connections import Ordering, PageArguments, connect, window_of
from schema.messages import entry_text
from schema.selection import Selection
from schema.shop.belongings import address_type, gift_card_type
from schema.shop.catalogue import Image
from schema.shop.catalogue_reads import offer_types, unwanted, variants_of
from schema.shop.members import (
    Cart,
    CartLine,
    Member,
    PointsAccount,
    PointsEntry,
    PointsEntryConnection,
    PointsEntryEdge,
    TierProgress,
)
from schema.shop.order_reads import order_connection, orders_of
from schema.shop.orders import OrderConnection
from schema.shop.program import tier_by_code
from schema.shop.quotes import quote_payload
from schema.shop.request import View
from schema.types import Money, amount_of, money_of

ENTRIES: Ordering[Entry] = Ordering("entries", (int,), lambda entry: (entry.seq,))


def member_of(view: View, member_id: str, wanted: Selection) -> Member | None:
    """A member as they see themselves. Whose request it is has been seen to."""
    record = members_by_id(view.conn, [member_id]).get(member_id)
    if record is None:
        return None
    account, pending = None, None
    progress, points = wanted["tierProgress"], wanted["points"]
    if wanted.any_of("tierProgress", "points", "cart", "tier"):
        account = _account(view, member_id, needed=_needs_account(wanted))
    if "pendingSpend" in progress or points.any_of("pending", "held", "expiryWaitsForOrders"):
        pending = pending_of(view.conn, [member_id])[member_id]
    return _member(view, record, account, pending, wanted)


def _avatar(view: View, record: MemberRecord) -> Image | None:
    avatar = avatars_of(view.conn, [record.id]).get(record.id)
    if avatar is None:
        return None
    return Image(
        key=avatar.image_key,
        alt=record.nickname,
        width=avatar.width,
        height=avatar.height,
        placeholder=avatar.placeholder,
    )


def _needs_account(wanted: Selection) -> bool:
    """Whether more is wanted than what came along with the session: the tier and the balance."""
    if wanted["points"].any_of("expiresAt"):
        return True
    return wanted["tierProgress"].any_of("reviewAt", "qualifyingSpend", "toKeep", "toUpgrade") or "cart" in wanted


def _account(view: View, member_id: str, *, needed: bool) -> Account | None:
    viewer = view.viewer
    if not needed and viewer is not None and viewer.member_id == member_id:
        return None
    return account_of(view, member_id)


def account_of(view: View, member_id: str) -> Account:
    """A member's account, read once for an answer."""
    key = ("account", member_id)
    if key not in view.kept:
        view.kept[key] = accounts_by_id(view.conn, [member_id])[member_id]
    return view.kept[key]


def _member(
    view: View,
    record: MemberRecord,
    account: Account | None,
    pending: PendingRecord | None,
    wanted: Selection,
) -> Member:
    def read_orders(view: View, page: PageArguments, status: OrderStatus | None, wanted: Selection) -> OrderConnection:
        return order_connection(view, record.id, status, page, wanted)

    viewer = view.viewer
    tier_code = account.tier_code if account else viewer.tier_code if viewer else None
    balance = account.balance if account else viewer.balance if viewer else 0
    return Member(
        id=strawberry.ID(record.id),
        number=record.number,
        phone=record.phone,
        nickname=record.nickname,
        avatar=_avatar(view, record) if "avatar" in wanted else None,
        gender=record.gender,  # type: ignore[arg-type]
        birthday=record.birthday,
        region=record.region,
        occupation=record.occupation,
        joined_at=record.joined_at,
        tier=tier_by_code(view, tier_code) or unwanted(),
        tier_progress=_progress(view, account, pending) if "tierProgress" in wanted else unwanted(),
        points=_points(view, record.id, balance, account, pending) if "points" in wanted else unwanted(),
        cart=cart_of(view, record.id, wanted["cart"]) if "cart" in wanted else unwanted(),
        addresses=[address_type(a) for a in addresses_of(view.conn, record.id)] if "addresses" in wanted else [],
        gift_cards=[gift_card_type(c) for c in gift_cards_of(view.conn, record.id)] if "giftCards" in wanted else [],
        read_orders=read_orders,
    )


def _progress(view: View, account: Account | None, pending: PendingRecord | None) -> TierProgress:
    program = view.program
    currency = program.currency
    if account is None:
        viewer = view.viewer
        next_tier = program.next_tier(program.tier(viewer.tier_code)) if viewer else None
        nothing: Money = unwanted()
        return TierProgress(
            review_at=None,
            qualifying_spend=nothing,
            pending_spend=money_of(pending.pending_spend, currency) if pending else nothing,
            to_keep=None,
            next_tier=tier_by_code(view, next_tier.code if next_tier else None),
            to_upgrade=None,
        )
    progress = tier_progress(program, account)
    return TierProgress(
        review_at=account.tier_review_at,
        qualifying_spend=money_of(account.qualifying_spend, currency),
        pending_spend=money_of(pending.pending_spend if pending else 0, currency),
        to_keep=amount_of(progress.to_keep) if progress.to_keep is not None else None,
        next_tier=tier_by_code(view, progress.next_tier.code if progress.next_tier else None),
        to_upgrade=amount_of(progress.to_upgrade) if progress.to_upgrade is not None else None,
    )


def _points(
    view: View, member_id: str, balance: int, account: Account | None, pending: PendingRecord | None
) -> PointsAccount:
    def read_entries(view: View, page: PageArguments, wanted: Selection) -> PointsEntryConnection:
        return entry_connection(view, member_id, page, wanted)

    return PointsAccount(
        read_entries=read_entries,
        available=Points(balance),
        pending=Points(pending.pending_points if pending else 0),
        held=Points(pending.held_points if pending else 0),
        expires_at=account.expires_at if account else None,
        expiry_waits_for_orders=pending.waits if pending else False,
        value=worth(view.program, balance),
    )


def worth(program: Program, points: int) -> Money:
    """What points are worth, rounded half up to the minor unit (R6)."""
    return amount_of(program.value_of_100.times(Decimal(points) / 100))


# ---------------------------------------------------------------- points entries


def entry_connection(view: View, member_id: str, page: PageArguments, wanted: Selection) -> PointsEntryConnection:
    """A page of a member's ledger, newest first."""
    window = window_of(*page, ENTRIES)
    found = entry_page(view.conn, window, member_id)
    total = entry_count(view.conn, member_id) if "totalCount" in wanted else 0
    nodes = entry_types(view, found.items, wanted.at("edges", "node"))
    return connect(PointsEntryConnection, PointsEntryEdge, found, nodes, ENTRIES, total)


def entry_types(view: View, records: Sequence[Entry], wanted: Selection) -> list[PointsEntry]:
    orders = {}
    if "order" in wanted:
        orders = orders_of(view, (r.order_id for r in records if r.order_id is not None), wanted["order"])
    return [
        PointsEntry(
            id=strawberry.ID(record.id),
            kind=EntryKind(record.kind),
            points=Points(record.points),
            balance_after=Points(record.balance_after),
            occurred_at=record.occurred_at,
            expires_at_after=record.expires_at_after,
            order=orders.get(record.order_id) if record.order_id else None,
            description=entry_text(record.kind, record.note, view.locale),
        )
        for record in records
    ]


# ---------------------------------------------------------------- cart


def cart_of(view: View, member_id: str, wanted: Selection) -> Cart:
    """The cart as it is, and priced now."""
    lines = cart_lines(view.conn, member_id)
    quote = unwanted()
    if "quote" in wanted:
        basket = [BasketLine(line.variant_id, line.exchange_offer_id, line.quantity) for line in lines]
        quoted = quote_basket(
            view.conn,
            view.program,
            account=account_of(view, member_id),
            lines=basket,
            gift_card_amount=None,
            now=view.now,
        )
        quote = quote_payload(view, view.context.priced(quoted), wanted["quote"])
    return Cart(lines=_cart_lines(view, lines, wanted["lines"]) if "lines" in wanted else [], quote=quote)


def _cart_lines(view: View, lines: Sequence[StoredLine], wanted: Selection) -> list[CartLine]:
    records = {}
    if wanted.any_of("variant", "exchangeOffer"):
        offer_ids = sorted({line.exchange_offer_id for line in lines if line.exchange_offer_id})
        records = offers_by_id(view.conn, offer_ids) if offer_ids else {}
    variants = {}
    if "variant" in wanted:
        ids = [line.variant_id or records[line.exchange_offer_id or ""].variant_id for line in lines]
        variants = variants_of(view, ids, wanted["variant"])
    offers = {}
    if "exchangeOffer" in wanted:
        offers = {str(offer.id): offer for offer in offer_types(view, list(records.values()), wanted["exchangeOffer"])}
    types: list[CartLine] = []
    for line in lines:
        record = records.get(line.exchange_offer_id or "")
        variant_id = line.variant_id or (record.variant_id if record else "")
        types.append(
            CartLine(
                id=strawberry.ID(line.id),
                variant=variants.get(variant_id) or unwanted(),
                exchange_offer=offers.get(line.exchange_offer_id or ""),
                quantity=line.quantity,
            )
        )
    return types

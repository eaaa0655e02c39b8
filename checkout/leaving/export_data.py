"""All that the shop knows about a member, as one document: amounts with their currency, instants in UTC.

Accounts that were joined to the member's are told along: their ledgers and tiers are as much the person's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select

from checkout.cart import cart_lines
from checkout.queries import (
    OrderLineRecord,
    OrderRecord,
    PaymentRecord,
    ReturnLineRecord,
    ReturnRecord,
    lines_of_orders,
    order_count,
    order_page,
    orders_t,
    payments_of_orders,
    return_lines_of,
    returns_of_orders,
)
from kernel.database import Transaction, among
from kernel.money import Money
from kernel.paging import Window
from kernel.sessions import sessions_of
from members.account import accounts_by_id
from members.addresses import addresses_of
from members.erase import records_of
from members.gift_cards import gift_cards_of
from members.ledger.entries import Entry
from members.ledger.queries import entry_count, entry_page
from members.register import members_t
from members.tiers.periods import tier_periods_of

MOST_ORDERS = 2_000
MOST_ENTRIES = 10_000
"""More than anybody has. Beyond, the oldest are left out and counted: the lists of the API show them by pages."""
BATCH = 200

EVERY = timedelta(minutes=1)

Document = dict[str, Any]


def take_turn(tx: Transaction, member_id: str, now: datetime) -> bool:
    """Whether the member may have the document now: once a minute. Runs inside the caller's transaction."""
    c = members_t.c
    free = or_(c.exported_at.is_(None), c.exported_at <= now - EVERY)
    return tx.execute(members_t.update().where(c.id == member_id, free).values(exported_at=now)).rowcount == 1


Wording = Callable[[str | None], str | None]
"""Notes as they are kept, in words: those that no person wrote are keys."""


def export_data(conn: Connection, member_id: str, currency: str, now: datetime, wording: Wording) -> Document:
    """The document. `currency` is the program's."""
    account = accounts_by_id(conn, [member_id])[member_id]
    orders = list(_orders(conn, member_id))
    _, *joined = records_of(conn, member_id)
    books = {record: _book(conn, record, wording) for record in (member_id, *joined)}
    return {
        "exportedAt": _instant(now),
        "member": _profile(conn, member_id),
        "account": {
            "tierCode": account.tier_code,
            "tierReviewAt": _instant(account.tier_review_at),
            "qualifyingSpend": _money(account.qualifying_spend, currency),
            "pointsAvailable": account.balance,
            "pointsExpireAt": _instant(account.expires_at),
        },
        "addresses": [
            {
                "recipient": address.recipient,
                "phone": address.phone,
                "region": address.region,
                "line": address.line,
                "postalCode": address.postal_code,
                "isDefault": address.is_default,
            }
            for address in addresses_of(conn, member_id)
        ],
        **books[member_id],
        "joinedAccounts": [{**_record(conn, record), **books[record]} for record in joined],
        "orders": orders,
        "giftCards": [
            {"lastFour": card.last_four, "balance": _money(card.balance.minor, card.balance.currency)}
            for card in gift_cards_of(conn, member_id)
        ],
        "cart": [
            {"variantId": line.variant_id, "exchangeOfferId": line.exchange_offer_id, "quantity": line.quantity}
            for line in cart_lines(conn, member_id)
        ],
        "sessions": [
            {"startedAt": _instant(session.created_at), "endedAt": _instant(session.ended_at)}
            for session in sessions_of(conn, member_id)
        ],
        "leftOut": {
            "orders": order_count(conn, member_id=member_id) - len(orders),
            "pointsEntries": sum(
                entry_count(conn, record) - len(book["pointsEntries"]) for record, book in books.items()
            ),
        },
    }


def _book(conn: Connection, member_id: str, wording: Wording) -> Document:
    """What an account's tiers and ledger say."""
    return {
        "tierHistory": [
            {
                "tierCode": each.tier_code,
                "from": _instant(each.from_at),
                "reason": each.reason,
                "note": wording(each.note),
            }
            for each in tier_periods_of(conn, [member_id])[member_id]
        ],
        "pointsEntries": list(_entries(conn, member_id, wording)),
    }


def _record(conn: Connection, member_id: str) -> Document:
    """What is left of who an account was that has been joined to another."""
    c = members_t.c
    row = conn.execute(select(c.number, c.joined_at).where(c.id == member_id)).one()
    return {"number": row.number, "joinedAt": _instant(row.joined_at)}


def _profile(conn: Connection, member_id: str) -> Document:
    c = members_t.c
    row = conn.execute(
        select(
            c.number, c.phone, c.openid, c.nickname, c.gender, c.birthday, c.region, c.occupation, c.joined_at
        ).where(c.id == member_id)
    ).one()
    return {
        "number": row.number,
        "phone": row.phone,
        "wechatOpenid": row.openid,
        "nickname": row.nickname,
        "gender": row.gender,
        "birthday": _day(row.birthday),
        "region": row.region,
        "occupation": row.occupation,
        "joinedAt": _instant(row.joined_at),
    }


def _orders(conn: Connection, member_id: str) -> Iterator[Document]:
    """Orders with all that belongs to them, newest first."""
    window = Window(BATCH)
    for _ in range(MOST_ORDERS // BATCH):
        page = order_page(conn, window, member_id=member_id)
        ids = [order.id for order in page.items]
        lines, payments, returns = (
            lines_of_orders(conn, ids),
            payments_of_orders(conn, ids),
            returns_of_orders(conn, ids),
        )
        return_lines = return_lines_of(conn, [each.id for of_order in returns.values() for each in of_order])
        for order in page.items:
            yield _order(order, lines[order.id], payments.get(order.id), returns[order.id], return_lines)
        if not page.has_next:
            return
        window = Window(BATCH, after=(page.items[-1].placed_at, page.items[-1].id))


def _order(
    order: OrderRecord,
    lines: list[OrderLineRecord],
    payment: PaymentRecord | None,
    returns: list[ReturnRecord],
    return_lines: dict[str, list[ReturnLineRecord]],
) -> Document:
    currency, sku_of = order.currency, {line.id: line.sku for line in lines}
    return {
        "number": order.number,
        "status": order.status,
        "tierCode": order.tier_code,
        "placedAt": _instant(order.placed_at),
        "paidAt": _instant(order.paid_at),
        "shippedAt": _instant(order.shipped_at),
        "settledAt": _instant(order.settled_at),
        "cancelledAt": _instant(order.cancelled_at),
        "carrier": order.carrier,
        "trackingNumber": order.tracking_number,
        "address": order.address,
        "goods": _money(order.goods, currency),
        "shipping": _money(order.shipping, currency),
        "giftCard": _money(order.gift_card, currency),
        "due": _money(order.due, currency),
        "points": order.points,
        "lines": [
            {
                "sku": line.sku,
                "productName": line.product_name,
                "variantName": line.variant_name,
                "priceClass": line.price_class,
                "quantity": line.quantity,
                "returnedQuantity": line.returned_quantity,
                "unitPrice": _money(line.unit_cash, currency),
                "unitPoints": line.unit_points,
            }
            for line in lines
        ],
        "payment": None
        if payment is None
        else {
            "method": payment.method,
            "status": payment.status,
            "amount": _money(payment.amount, payment.currency),
            "refunded": _money(payment.refunded, payment.currency),
        },
        "returns": [_return(each, return_lines[each.id], sku_of, currency) for each in returns],
    }


def _return(found: ReturnRecord, lines: list[ReturnLineRecord], sku_of: dict[str, str], currency: str) -> Document:
    return {
        "number": found.number,
        "kind": found.kind,
        "status": found.status,
        "reason": found.reason,
        "rejectionReason": found.rejection_reason,
        "requestedAt": _instant(found.requested_at),
        "completedAt": _instant(found.completed_at),
        "lines": [{"sku": sku_of[line.order_line_id], "quantity": line.quantity} for line in lines],
        "refund": None if found.refund is None else _money(found.refund, currency),
        "giftCardRefund": None if found.gift_card_refund is None else _money(found.gift_card_refund, currency),
        "pointsReturned": found.points_returned,
    }


def _entries(conn: Connection, member_id: str, wording: Wording) -> Iterator[Document]:
    """The ledger, newest first."""
    window = Window(BATCH)
    for _ in range(MOST_ENTRIES // BATCH):
        page = entry_page(conn, window, member_id)
        numbers = _order_numbers(conn, page.items)
        for entry in page.items:
            yield {
                "kind": entry.kind,
                "points": entry.points,
                "balanceAfter": entry.balance_after,
                "occurredAt": _instant(entry.occurred_at),
                "expiresAtAfter": _instant(entry.expires_at_after),
                "order": numbers.get(entry.order_id or ""),
                "note": wording(entry.note),
            }
        if not page.has_next:
            return
        window = Window(BATCH, after=(page.items[-1].seq,))


def _order_numbers(conn: Connection, entries: list[Entry]) -> dict[str, str]:
    ids = sorted({entry.order_id for entry in entries if entry.order_id is not None})
    rows = conn.execute(select(orders_t.c.id, orders_t.c.number).where(among(orders_t.c.id, ids)))
    return {row.id: row.number for row in rows}


def _money(minor: int, currency: str) -> Document:
    return {"amount": str(Money(minor, currency)), "currencyCode": currency}


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

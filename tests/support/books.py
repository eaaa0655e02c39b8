"""Whether a shop's books agree: with themselves, and with what the payment provider has."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple
from datetime import UTC, datetime

import stripe
from sqlalchemy import Connection, func, select

from catalog.tables import ExchangeOfferRow, StockMovementRow, VariantRow
from checkout.payments.amounts import from_stripe
from checkout.payments.gateway import Gateway
from checkout.payments.reconcile import reconcile
from checkout.payments.tables import RefundRow, RefundStatus
from checkout.points import points_liability
from checkout.tables import (
    OrderLineRow,
    OrderRow,
    OrderStatus,
    PaymentMethod,
    PaymentRow,
    ReturnRow,
    ReturnStatus,
)
from kernel.database import table_of
from kernel.money import Money
from kernel.outbox import OutboxState, outbox_count
from members.account import accounts_t
from members.tables import GiftCardMovementRow, GiftCardRow, LedgerEntryRow

ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)

orders_t, lines_t, returns_t = table_of(OrderRow), table_of(OrderLineRow), table_of(ReturnRow)
payments_t, refunds_t = table_of(PaymentRow), table_of(RefundRow)
entries_t = table_of(LedgerEntryRow)
cards_t, drawn_t = table_of(GiftCardRow), table_of(GiftCardMovementRow)
variants_t, moved_t, offers_t = table_of(VariantRow), table_of(StockMovementRow), table_of(ExchangeOfferRow)

_RESERVING = (OrderStatus.AWAITING_PAYMENT, OrderStatus.PAID)


def check_books(conn: Connection) -> None:
    """Points, stock, offers and gift cards are what their histories say (R9, R12, R13)."""
    _check_points(conn)
    _check_goods(conn)
    _check_gift_cards(conn)


def check_money(conn: Connection, theirs: stripe.StripeClient) -> None:
    """What the provider has of each order is what we have; nobody paid twice, nobody was refunded twice."""
    intents = theirs.v1.payment_intents.list({"limit": 100}).data
    for payment in conn.execute(select(payments_t).where(payments_t.c.method == PaymentMethod.STRIPE.value)).all():
        status = conn.execute(select(orders_t.c.status).where(orders_t.c.id == payment.order_id)).scalar_one()
        asked = [i for i in intents if i.metadata and i.metadata.to_dict().get("order_id") == payment.order_id]
        paid = [intent for intent in asked if intent.status == "succeeded"]
        assert len(paid) <= 1, f"{payment.order_id} was paid {len(paid)} times"
        refunds = [r for i in paid for r in theirs.v1.refunds.list({"payment_intent": i.id, "limit": 100}).data]
        sent = [refund for refund in refunds if refund.status in ("succeeded", "pending")]
        ours = conn.execute(select(refunds_t).where(refunds_t.c.order_id == payment.order_id)).all()
        taken = {r.provider_reference: r.amount for r in ours if r.status in ("SUCCEEDED", "PENDING")}
        assert taken == {r.id: from_stripe(r.amount, r.currency)[0].minor for r in sent}
        refunded = sum(r.amount for r in ours if r.status in ("SUCCEEDED", "PAID_OUT"))
        assert payment.refunded == refunded
        kept = _kept(paid, sent, payment.currency)
        if status == OrderStatus.CANCELLED:
            assert kept.minor == 0, f"{payment.order_id} is cancelled and {kept} was kept"
        elif status != OrderStatus.AWAITING_PAYMENT:
            pending = sum(r.amount for r in ours if r.status == RefundStatus.PENDING)
            assert kept.minor == payment.amount - refunded - pending
        for returned in conn.execute(select(returns_t).where(returns_t.c.order_id == payment.order_id)):
            if returned.status == ReturnStatus.COMPLETED:
                done = [r for r in ours if r.return_id == returned.id and r.status in ("SUCCEEDED", "PAID_OUT")]
                assert sum(r.amount for r in done) == returned.refund


def differences(conn: Connection, gateway: Gateway) -> list[tuple[str, str, str]]:
    """What `jifen reconcile` finds."""
    return [(found.what, found.here, found.there) for found in reconcile(conn, gateway, ALWAYS)]


def set_aside(conn: Connection) -> int:
    """How many messages wait for somebody."""
    return outbox_count(conn, OutboxState.SET_ASIDE)


def _kept(paid: list[stripe.PaymentIntent], sent: list[stripe.Refund], currency: str) -> Money:
    units = sum(intent.amount_received for intent in paid) - sum(refund.amount for refund in sent)
    kept, exact = from_stripe(units, currency)
    assert exact
    return kept


def _check_points(conn: Connection) -> None:
    for member_id, balance in conn.execute(select(accounts_t.c.member_id, accounts_t.c.balance)).all():
        entries = conn.execute(
            select(entries_t.c.points, entries_t.c.balance_after)
            .where(entries_t.c.member_id == member_id)
            .order_by(entries_t.c.seq)
        ).all()
        assert balance == sum(points for points, _ in entries)
        assert balance == (entries[-1].balance_after if entries else 0)
    issued, *elsewhere, adjusted = astuple(points_liability(conn))
    assert issued + adjusted == sum(elsewhere)


def _check_goods(conn: Connection) -> None:
    reserved: Counter[str | None] = Counter()
    redeemed: Counter[str | None] = Counter()
    for line in conn.execute(select(lines_t, orders_t.c.status).join(orders_t, orders_t.c.id == lines_t.c.order_id)):
        if line.status in _RESERVING:
            reserved[line.variant_id] += line.quantity
        if line.status != OrderStatus.CANCELLED:
            redeemed[line.exchange_offer_id] += line.quantity - line.returned_quantity
    for variant in conn.execute(select(variants_t)).all():
        sums = select(func.sum(moved_t.c.on_hand), func.sum(moved_t.c.reserved))
        moved = conn.execute(sums.where(moved_t.c.variant_id == variant.id)).one()
        assert (variant.on_hand, variant.reserved) == (int(moved[0] or 0), int(moved[1] or 0))
        assert variant.reserved == reserved[variant.id]
    for offer in conn.execute(select(offers_t)):
        assert offer.redeemed == redeemed[offer.id]


def _check_gift_cards(conn: Connection) -> None:
    for card in conn.execute(select(cards_t)).all():
        drawn = conn.execute(select(func.sum(drawn_t.c.change)).where(drawn_t.c.gift_card_id == card.id)).scalar()
        assert card.balance == card.amount + int(drawn or 0)
    for order in conn.execute(select(orders_t.c.id, orders_t.c.status, orders_t.c.gift_card)).all():
        changes = conn.execute(select(func.sum(drawn_t.c.change)).where(drawn_t.c.order_id == order.id)).scalar()
        back = conn.execute(
            select(func.sum(returns_t.c.gift_card_refund)).where(returns_t.c.order_id == order.id)
        ).scalar()
        expected = 0 if order.status == OrderStatus.CANCELLED else int(back or 0) - order.gift_card
        assert int(changes or 0) == expected

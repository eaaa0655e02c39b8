"""Places an order: stock, points and gift cards are taken in the one transaction that writes it (R12)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select

from catalog import stock
from catalog.movements import Cause
from checkout.basket import BasketLine
from checkout.cart import cart_basket, empty_cart
from checkout.current import current_book
from checkout.payments.begin_payment import begin_payment
from checkout.payments.records import AskedPayment, new_payment
from checkout.payments.watch_payment import watch
from checkout.pricing.basket import Quote, QuotedLine
from checkout.pricing.steps import step_to_json
from checkout.quote import quote_basket
from checkout.refusals import QuoteChanged
from checkout.shop import Shop
from checkout.tables import (
    IntentState,
    OrderLineRow,
    OrderRow,
    OrderStatus,
    PaymentMethod,
    PaymentRow,
    PaymentStatus,
)
from checkout.timeline import gives_back, in_time
from kernel.database import Transaction, TryAgain, table_of
from kernel.idempotency import claim, read_key
from kernel.ids import new_id, readable_code
from kernel.money import MONEY_LIMIT, POINTS_LIMIT, Money
from kernel.prepared import Prepared
from kernel.refusals import NotFound, Refusal, Refusals, Refused, Unavailable, invalid
from members.account import Account
from members.book import Book, write_books
from members.gift_cards import draw
from members.ledger.posting import post
from members.tables import AddressRow, EntryKind
from program.config import ProgramVersion

orders_t = table_of(OrderRow)
lines_t = table_of(OrderLineRow)
payments_t = table_of(PaymentRow)
addresses_t = table_of(AddressRow)

MUTATION = "placeOrder"
"""What its idempotency keys are kept under."""

ADDRESS_FIELDS = ("recipient", "phone", "region", "line", "postal_code")

# The shop's busiest way: its statements are put together once.
_ADDRESS = Prepared(
    select(*(addresses_t.c[name] for name in ADDRESS_FIELDS)).where(
        addresses_t.c.id == bindparam("address_id"), addresses_t.c.member_id == bindparam("of")
    )
)
_ORDER, _LINES, _PAYMENT = (Prepared(table.insert()) for table in (orders_t, lines_t, payments_t))


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """What a member means to buy. No lines: the cart. Amounts are in major units of the program's currency."""

    member_id: str
    idempotency_key: str
    lines: tuple[BasketLine, ...] | None
    address_id: str
    payment_method: str
    gift_card_amount: Decimal | None = None
    expected_due: Decimal | None = None
    expected_points: int | None = None


@in_time
def place_order(shop: Shop, command: PlaceOrder) -> str:
    """Owns its transactions. Returns the order's id; the same key with the same input, the same order's.

    Raises:
        Refused: everything that stands in the way, at once. Nothing is taken then.
    """
    now = shop.clock.now()
    try:
        order_id, unpaid = shop.db.retrying(lambda: _place(shop, command, now))
    except Refused as refused:
        if not gives_back(shop, refused.refusals):
            raise
        order_id, unpaid = shop.db.retrying(lambda: _place(shop, command, now))
    if command.payment_method == PaymentMethod.STRIPE:
        begin_payment(shop, order_id, unpaid, mutation=MUTATION, from_cart=command.lines is None)
    return order_id


def _place(shop: Shop, command: PlaceOrder, now: datetime) -> tuple[str, AskedPayment | None]:
    """The order's id, and what is to be asked for where it is a new one that waits for its payment."""
    unpaid = None
    refusals = Refusals()
    with shop.db.write() as tx:
        book, programs = current_book(tx, shop.shelf, command.member_id, now)
        order_id = new_id("ord")
        # The key goes along when two accounts of a person become one: it is then another member's.
        asked = replace(command, member_id="", idempotency_key=command.idempotency_key.strip())
        version = programs.at(now)
        beyond = _beyond_limits(command, version.program.currency)
        refusals.extend(beyond)
        # Nothing will be done then; and a key remembers only numbers that can be written down.
        if beyond:
            read_key(refusals, command.idempotency_key)
        else:
            done = claim(tx, refusals, command.member_id, MUTATION, command.idempotency_key, asked, order_id, now)
            if done is not None:
                return done, None
        quote, address = _agree(tx, refusals, shop, command, version, book.account, now)
        status = _first_status(command, quote)
        order = _order_row(order_id, book, version, quote, address, status, now)
        _reserve_points(book, quote, order_id, order["pay_before"], now)
        _ORDER.run(tx, order)
        _LINES.run_all(tx, [_line_row(order_id, i, line) for i, line in enumerate(quote.lines)])
        if quote.totals.due:
            payment = _payment_row(order_id, command, quote)
            _PAYMENT.run(tx, payment)
            unpaid = new_payment(order, payment)
        if status is OrderStatus.AWAITING_PAYMENT:
            watch(tx, order_id, now)
        if quote.totals.gift_card:
            draw(tx, command.member_id, order_id, quote.totals.gift_card, now)
        if command.lines is None:
            empty_cart(tx, command.member_id)
        write_books(tx, [book])
        _reserve_goods(tx, quote, order_id, now)
    return order_id, unpaid


def _beyond_limits(command: PlaceOrder, currency: str) -> list[Refusal]:
    """What a client says it expects and no order can come to."""
    found: list[Refusal] = []
    if command.expected_due is not None and abs(command.expected_due) >= Money(MONEY_LIMIT, currency).amount:
        found.append(invalid(("expectedDue",), "out_of_range"))
    if command.expected_points is not None and abs(command.expected_points) > POINTS_LIMIT:
        found.append(invalid(("expectedPoints",), "out_of_range"))
    return found


def _agree(
    tx: Transaction,
    refusals: Refusals,
    shop: Shop,
    command: PlaceOrder,
    version: ProgramVersion,
    account: Account,
    now: datetime,
) -> tuple[Quote, dict[str, Any]]:
    """The quote and address that the order is made of; refuses with all that stands in the way."""
    if command.payment_method == PaymentMethod.STRIPE and shop.gateway is None:
        refusals.add(Unavailable(path=("paymentMethod",), what="stripe"))
    address = _ADDRESS.row(tx, {"address_id": command.address_id, "of": command.member_id})
    if address is None:
        refusals.add(NotFound(path=("addressId",), what="address"))
    lines = cart_basket(tx, command.member_id) if command.lines is None else command.lines
    quoted = quote_basket(
        tx, version.program, account=account, lines=lines, gift_card_amount=command.gift_card_amount, now=now
    )
    refusals.extend(quoted.refusals)
    if quoted.quote is not None:
        totals = quoted.quote.totals
        if command.expected_due is not None and command.expected_due != totals.due.amount:
            refusals.add(QuoteChanged(path=("expectedDue",), quote=quoted.quote))
        if command.expected_points is not None and command.expected_points != totals.points:
            refusals.add(QuoteChanged(path=("expectedPoints",), quote=quoted.quote))
    refusals.raise_any()
    assert quoted.quote is not None
    assert address is not None
    return quoted.quote, dict(zip(ADDRESS_FIELDS, address, strict=True))


def _first_status(command: PlaceOrder, quote: Quote) -> OrderStatus:
    """Nothing due is paid at once; cash on delivery counts as paid for fulfilment (R12)."""
    if not quote.totals.due or command.payment_method == PaymentMethod.CASH_ON_DELIVERY:
        return OrderStatus.PAID
    return OrderStatus.AWAITING_PAYMENT


def _order_row(
    order_id: str,
    book: Book,
    version: ProgramVersion,
    quote: Quote,
    address: dict[str, Any],
    status: OrderStatus,
    now: datetime,
) -> dict[str, Any]:
    account, totals, program = book.account, quote.totals, version.program
    account.orders += 1
    waits = status is OrderStatus.AWAITING_PAYMENT
    return {
        "id": order_id,
        "number": f"{now.astimezone(program.zone):%Y%m%d}-{readable_code(8)}",
        "member_id": account.member_id,
        "member_seq": account.orders,
        "status": status,
        "program_version": version.version,
        "tier_code": account.tier_code,
        "currency": program.currency,
        "placed_at": now,
        "pay_before": now + timedelta(minutes=program.pay_within_minutes) if waits else None,
        "intent": IntentState.OPEN.value if waits else None,
        "paid_at": None if waits else now,
        "address": address,
        "regular": totals.regular.minor,
        "tier_discount": totals.tier_discount.minor,
        "other_discount": totals.other_discount.minor,
        "goods": totals.goods.minor,
        "shipping": totals.shipping.minor,
        "gift_card": totals.gift_card.minor,
        "points": totals.points,
        "points_expired_at": account.expires_at if totals.points else None,
        "spend_kept": totals.goods.minor,
        "points_to_earn": quote.points_to_earn,
    }


def _line_row(order_id: str, position: int, line: QuotedLine) -> dict[str, Any]:
    goods = line.sellable
    return {
        "id": new_id("oln"),
        "order_id": order_id,
        "position": position,
        "variant_id": goods.variant_id,
        "exchange_offer_id": line.offer.id if line.offer else None,
        "sku": goods.sku,
        "product_id": goods.product_id,
        "product_name": goods.product_name,
        "product_names": dict(goods.product_names),
        "variant_name": goods.variant_name,
        "price_class": line.price_class,
        "quantity": line.quantity,
        "unit_regular": line.unit_regular.minor,
        "unit_cash": line.unit_cash.minor,
        "unit_points": line.unit_points,
        "gift_card": line.gift_card.minor,
        "rate": line.rates.cash,
        "gift_card_rate": line.rates.gift_card,
        "multiplier": line.rates.multiplier,
        "points_to_earn": line.points_to_earn,
        "explanation": [step_to_json(step) for step in line.explanation],
    }


def _payment_row(order_id: str, command: PlaceOrder, quote: Quote) -> dict[str, Any]:
    due = quote.totals.due
    return {
        "id": new_id("pay"),
        "order_id": order_id,
        "method": command.payment_method,
        "status": PaymentStatus.PENDING,
        "currency": due.currency,
        "amount": due.minor,
    }


def _reserve_points(book: Book, quote: Quote, order_id: str, pay_before: datetime | None, now: datetime) -> None:
    """Takes the points, and notes when an unpaid order would give them back."""
    post(book, EntryKind.HELD, -quote.totals.points, at=now, source=f"order:{order_id}:hold", order_id=order_id)
    account = book.account
    if pay_before is not None:
        account.next_due_at = min(pay_before, account.next_due_at or pay_before)


def _reserve_goods(tx: Transaction, quote: Quote, order_id: str, now: datetime) -> None:
    """Counts offers and takes stock, last of all: hot rows are held for the shortest time."""
    redeemed = {line.offer.id: line.quantity for line in quote.lines if line.offer is not None}
    wanted: dict[str, int] = {}
    for line in quote.lines:
        wanted[line.sellable.variant_id] = wanted.get(line.sellable.variant_id, 0) + line.quantity
    if stock.redeem(tx, redeemed, now) or stock.reserve(tx, wanted, Cause(now, order_id=order_id)):
        raise TryAgain("somebody else was faster")

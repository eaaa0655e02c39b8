"""The cart: what a member means to order, one line for each variant or offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from catalog.queries import sellable
from checkout.basket import MAX_LINES, BasketLine, MergedLine, check_line
from checkout.current import known, refuse_closed
from checkout.eligibility import find_item
from checkout.queries import OrderLineRecord
from checkout.shop import Shop
from checkout.tables import CartLineRow
from kernel.database import Transaction, insert_new, table_of
from kernel.ids import kind_of, new_id
from kernel.refusals import Refusal, Refusals, invalid
from members.book import open_book

cart_t = table_of(CartLineRow)


@dataclass(frozen=True, slots=True)
class CartLine:
    """Exactly one of `variant_id` and `exchange_offer_id`."""

    id: str
    variant_id: str | None
    exchange_offer_id: str | None
    quantity: int


def cart_lines(conn: Connection, member_id: str) -> list[CartLine]:
    """A member's cart, first put in first."""
    rows = conn.execute(
        select(cart_t.c.id, cart_t.c.item_id, cart_t.c.quantity)
        .where(cart_t.c.member_id == member_id)
        .order_by(cart_t.c.id)
    )
    lines: list[CartLine] = []
    for row in rows:
        is_offer = kind_of(row.item_id) == "off"
        lines.append(
            CartLine(row.id, None if is_offer else row.item_id, row.item_id if is_offer else None, row.quantity)
        )
    return lines


def cart_basket(conn: Connection, member_id: str) -> tuple[BasketLine, ...]:
    """A member's cart as a basket to be priced or ordered."""
    return tuple(
        BasketLine(line.variant_id, line.exchange_offer_id, line.quantity) for line in cart_lines(conn, member_id)
    )


def set_cart_line(shop: Shop, member_id: str, line: BasketLine) -> None:
    """Sets how many of a variant or offer are in the cart; 0 takes it out. Owns its transaction.

    Raises:
        Refused: both ids or none, a quantity out of range, goods that are not on sale, or a full cart.
    """
    refusals = Refusals()
    refusals.extend(check_line(line, (), least=0))
    if not line.names_one:
        refusals.raise_any()
    now = shop.clock.now()
    with refusals.told_too(), shop.db.write() as tx:
        mine = (cart_t.c.member_id == member_id) & (cart_t.c.item_id == line.item_id)
        if line.quantity == 0:
            tx.execute(cart_t.delete().where(mine))
            return
        # The account's lock keeps two devices from overfilling one cart.
        refuse_closed(known(open_book(tx, member_id)))
        sellables, offers = sellable(
            tx,
            [line.variant_id] if line.variant_id else [],
            [line.exchange_offer_id] if line.exchange_offer_id else [],
            now,
        )
        item = find_item(MergedLine(line, ()), sellables, offers, now)
        if isinstance(item, Refusal):
            refusals.add(item)
        in_cart = set(tx.execute(select(cart_t.c.item_id).where(cart_t.c.member_id == member_id)).scalars())
        if line.item_id not in in_cart and len(in_cart) >= MAX_LINES:
            refusals.add(invalid((), "too_many", most=MAX_LINES))
        refusals.raise_any()
        if line.item_id in in_cart:
            tx.execute(cart_t.update().where(mine).values(quantity=line.quantity))
            return
        row = {"id": new_id("crt"), "member_id": member_id, "item_id": line.item_id, "quantity": line.quantity}
        insert_new(tx, cart_t, row)


def clear_cart(shop: Shop, member_id: str) -> None:
    """Takes everything out. Owns its transaction."""
    with shop.db.write() as tx:
        empty_cart(tx, member_id)


def empty_cart(tx: Transaction, member_id: str) -> None:
    """Takes everything out. Runs inside the caller's transaction."""
    tx.execute(cart_t.delete().where(cart_t.c.member_id == member_id))


def put_back(tx: Transaction, member_id: str, lines: Sequence[OrderLineRecord]) -> None:
    """Puts lines of an undone order into the cart again; what has come in since stays as it is.

    Runs inside the caller's transaction, which has locked the account.
    """
    in_cart = set(tx.execute(select(cart_t.c.item_id).where(cart_t.c.member_id == member_id)).scalars())
    items = {line.exchange_offer_id or line.variant_id: line.quantity for line in lines}
    missing = [(item, quantity) for item, quantity in items.items() if item not in in_cart]
    for item, quantity in missing[: MAX_LINES - len(in_cart)]:
        tx.execute(cart_t.insert().values(id=new_id("crt"), member_id=member_id, item_id=item, quantity=quantity))

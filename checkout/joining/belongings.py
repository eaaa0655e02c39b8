"""What a member has besides points and orders goes to another account of the same person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, select

from checkout.basket import MAX_LINES
from checkout.cart import cart_t
from kernel.database import Transaction
from kernel.idempotency import keys_t
from kernel.sessions import sessions_t
from members.addresses import addresses_t
from members.avatars import hand_over_avatar
from members.gift_cards import cards_t
from members.register import members_t
from members.tables import Gender

_NOTHING: dict[str, Any] = {
    "nickname": "",
    "gender": Gender.UNDISCLOSED.value,
    "birthday": None,
    "region": None,
    "occupation": None,
}


def move_belongings(tx: Transaction, into: str, from_: str) -> None:
    """Members are given by their ids; both accounts are locked. Runs inside the caller's transaction.

    Nothing is dropped: cards and addresses may be more than a member can add. Sessions go along, so that the device
    stays signed in, and idempotency keys, so that an order sent again is not placed again.
    """
    # First who they are: it locks both, and whoever adds a card or an address meanwhile waits for that.
    _move_identity(tx, into, from_)
    tx.execute(cards_t.update().where(cards_t.c.member_id == from_).values(member_id=into))
    _move_addresses(tx, into, from_)
    _move_cart(tx, into, from_)
    hand_over_avatar(tx, from_, into)
    tx.execute(sessions_t.update().where(sessions_t.c.subject_id == from_).values(subject_id=into))
    _move_keys(tx, into, from_)


def _move_identity(tx: Transaction, into: str, from_: str) -> None:
    """What one account tells about the person and the other does not is kept; the closed record tells nothing."""
    columns = [members_t.c[name] for name in ("id", "openid", *_NOTHING)]
    locked = select(*columns).where(members_t.c.id.in_([into, from_])).order_by(members_t.c.id).with_for_update()
    rows = {row["id"]: row for row in tx.execute(locked).mappings()}
    mine, theirs = rows[into], rows[from_]
    told = {name: theirs[name] for name, nothing in _NOTHING.items() if mine[name] == nothing}
    closed = {**_NOTHING, "openid": None, "merged_into": into}
    tx.execute(members_t.update().where(members_t.c.id == from_).values(closed))
    told["openid"] = mine["openid"] or theirs["openid"]
    tx.execute(members_t.update().where(members_t.c.id == into).values(told))


def _move_addresses(tx: Transaction, into: str, from_: str) -> None:
    """The default stays what it was; where there was none, the other account's becomes it."""
    default = select(addresses_t.c.id).where(addresses_t.c.member_id == into, addresses_t.c.is_default)
    moved: dict[str, Any] = {"member_id": into}
    if tx.execute(default).first() is not None:
        moved["is_default"] = False
    tx.execute(addresses_t.update().where(addresses_t.c.member_id == from_).values(moved))


def _move_cart(tx: Transaction, into: str, from_: str) -> None:
    """Of what is in both carts, the larger quantity: adding them up would order twice what was meant once."""
    c = cart_t.c
    wanted = select(c.id, c.item_id, c.quantity)
    mine = {row.item_id: row for row in tx.execute(wanted.where(c.member_id == into))}
    room = MAX_LINES - len(mine)
    for line in tx.execute(wanted.where(c.member_id == from_).order_by(c.id)).all():
        twin = mine.get(line.item_id)
        if twin is not None:
            most = max(twin.quantity, line.quantity)
            tx.execute(cart_t.update().where(c.id == twin.id).values(quantity=most))
        elif room > 0:
            tx.execute(cart_t.update().where(c.id == line.id).values(member_id=into))
            room -= 1
    tx.execute(cart_t.delete().where(c.member_id == from_))


def _move_keys(tx: Transaction, into: str, from_: str) -> None:
    """A key that both used stays with the deed that it did in the account that lives on."""
    twin = keys_t.alias()
    used = select(twin.c.key).where(
        and_(twin.c.actor_id == into, twin.c.mutation == keys_t.c.mutation, twin.c.key == keys_t.c.key)
    )
    tx.execute(keys_t.update().where(keys_t.c.actor_id == from_, ~used.exists()).values(actor_id=into))

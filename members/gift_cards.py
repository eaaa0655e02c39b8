"""Gift cards: issued, added to a member, drawn by orders oldest first, given back to the last drawn first (R3)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, func, select

from kernel.database import Transaction, TryAgain, among, table_of
from kernel.idempotency import claim, read_key
from kernel.ids import new_id
from kernel.money import Money, NotAnAmount
from kernel.refusals import NotFound, Refusals, Refused, invalid
from members.tables import GiftCardMovementRow, GiftCardRow, MemberRow

MAX_CARDS = 50
MAX_CODE = 64
CODE_LENGTH = 16

cards_t = table_of(GiftCardRow)
movements_t = table_of(GiftCardMovementRow)
members_t = table_of(MemberRow)


@dataclass(frozen=True, slots=True)
class GiftCardRecord:
    """What is left on a card. Its code is known to whoever holds it, and to nobody here."""

    id: str
    last_four: str
    balance: Money


def issue_gift_card(
    tx: Transaction,
    *,
    secret: bytes,
    amount: Decimal,
    currency: str,
    member_id: str | None,
    staff_id: str,
    idempotency_key: str,
    now: datetime,
) -> tuple[str, str]:
    """Makes a gift card of an amount in major units; returns its id and code. The same key gives the same ones again.

    The code is derived from the card's id and the shop's secret, and never stored: only a replay can show it again.

    Raises:
        Refused: the amount is none or not above zero, the member is unknown or has 50 cards, or the key was used
            otherwise.
    """
    refusals = Refusals()
    read_key(refusals, idempotency_key)
    money = read_card_amount(refusals, amount, currency)
    value = {"amount": None if money is None else money.minor, "member": member_id}
    card_id = new_id("gft")
    done = claim(tx, refusals, staff_id, "issueGiftCard", idempotency_key, value, card_id, now)
    if done is not None:
        return done, _code(secret, done)
    if member_id is not None:
        if not _lock(tx, member_id):
            refusals.add(NotFound(path=("memberId",), what="member"))
        elif _count(tx, member_id) >= MAX_CARDS:
            refusals.add(invalid(("memberId",), "too_many", most=MAX_CARDS))
    refusals.raise_any()
    assert money is not None
    code = _code(secret, card_id)
    tx.execute(
        cards_t.insert().values(
            id=card_id,
            code_hash=_hash(code),
            last_four=code[-4:],
            member_id=member_id,
            currency=currency,
            amount=money.minor,
            balance=money.minor,
            issued_at=now,
        )
    )
    return card_id, code


def read_card_amount(refusals: Refusals, value: Decimal, currency: str) -> Money | None:
    """What a new card is to hold; None where that is no amount or not above zero, which is noted."""
    try:
        amount = Money.parse(value, currency)
    except NotAnAmount:
        refusals.add(invalid(("amount",), "not_an_amount", currency=currency))
        return None
    if amount.minor <= 0:
        refusals.add(invalid(("amount",), "not_positive"))
        return None
    return amount


def add_gift_card(tx: Transaction, member_id: str, code: str) -> str:
    """Adds a card to a member by its code, and returns its id. The member's own card again: nothing changes.

    Raises:
        Refused: no such code, a card of somebody else's, or the member has 50 cards.
    """
    unknown = NotFound(path=("code",), what="gift_card")
    # Written on the card in groups; typed in any case.
    plain = "".join(code.split()).replace("-", "").upper()
    if len(plain) > MAX_CODE:
        raise Refused(unknown)
    card = tx.execute(
        select(cards_t.c.id, cards_t.c.member_id).where(cards_t.c.code_hash == _hash(plain))
    ).one_or_none()
    if card is None or card.member_id not in (None, member_id):
        raise Refused(unknown)
    if card.member_id is None:
        if not _lock(tx, member_id):
            raise Refused(NotFound(what="member"))
        if _count(tx, member_id) >= MAX_CARDS:
            raise Refused(invalid(("code",), "too_many", most=MAX_CARDS))
        claimed = tx.execute(
            cards_t.update().where(cards_t.c.id == card.id, cards_t.c.member_id.is_(None)).values(member_id=member_id)
        )
        if claimed.rowcount != 1:
            raise Refused(unknown)
    return card.id


def gift_cards_of(conn: Connection, member_id: str) -> list[GiftCardRecord]:
    """A member's cards, oldest first: the order in which they are drawn."""
    rows = conn.execute(
        select(cards_t.c.id, cards_t.c.last_four, cards_t.c.balance, cards_t.c.currency)
        .where(cards_t.c.member_id == member_id)
        .order_by(cards_t.c.issued_at, cards_t.c.id)
    )
    return [GiftCardRecord(r.id, r.last_four, Money(r.balance, r.currency)) for r in rows]


def gift_cards_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """Of cards, the last four characters of the code, and whose they are."""
    c = cards_t.c
    rows = conn.execute(select(c.id, c.last_four, c.member_id).where(among(c.id, ids)))
    return {row.id: (row.last_four, row.member_id) for row in rows}


def gift_card_balance(conn: Connection, member_id: str, currency: str) -> Money:
    """All that a member's cards hold in a currency."""
    held = conn.execute(
        select(func.coalesce(func.sum(cards_t.c.balance), 0)).where(
            cards_t.c.member_id == member_id, cards_t.c.currency == currency
        )
    ).scalar_one()
    return Money(int(held), currency)


def draw(tx: Transaction, member_id: str, order_id: str, amount: Money, at: datetime) -> None:
    """Takes an amount from a member's cards for an order, oldest card first.

    The caller has checked that they hold it, under the lock of the member's account.
    """
    left = amount.minor
    for position, card in enumerate(gift_cards_of(tx, member_id)):
        part = min(left, card.balance.minor) if card.balance.currency == amount.currency else 0
        if part == 0:
            continue
        _move(tx, card.id, order_id, f"order:{order_id}:draw", position, -part, at)
        left -= part
        if left == 0:
            return
    if left:
        raise TryAgain("the cards hold less than they did")


def give_back(tx: Transaction, order_id: str, amount: Money, *, source: str, at: datetime) -> None:
    """Gives an amount back to the cards that an order drew from, the last drawn first."""
    left = amount.minor
    if not left:
        return
    drawn = tx.execute(
        select(
            movements_t.c.gift_card_id,
            func.sum(movements_t.c.change).label("change"),
            func.min(movements_t.c.position).label("position"),
        )
        .where(movements_t.c.order_id == order_id)
        .group_by(movements_t.c.gift_card_id)
        .order_by(func.min(movements_t.c.position).desc())
    ).all()
    for card in drawn:
        part = min(left, -int(card.change))
        if part > 0:
            _move(tx, card.gift_card_id, order_id, source, card.position, part, at)
            left -= part
    if left:
        raise ValueError(f"more goes back to the cards of order {order_id} than was drawn")


def _move(tx: Transaction, card_id: str, order_id: str, source: str, position: int, change: int, at: datetime) -> None:
    moved = tx.execute(
        cards_t.update()
        .where(cards_t.c.id == card_id, cards_t.c.balance + change >= 0)
        .values(balance=cards_t.c.balance + change)
    )
    if moved.rowcount != 1:
        raise TryAgain("the card holds less than it did")
    tx.execute(
        movements_t.insert().values(
            id=new_id("gcm"),
            gift_card_id=card_id,
            order_id=order_id,
            source=source,
            position=position,
            change=change,
            at=at,
        )
    )


def _lock(tx: Transaction, member_id: str) -> bool:
    """Whether there is such a member. Two cards that come at once would both find room for one more."""
    stays = (members_t.c.id == member_id) & members_t.c.left_at.is_(None) & members_t.c.merged_into.is_(None)
    held = select(members_t.c.id).where(stays).with_for_update(key_share=True)
    return tx.execute(held).scalar() is not None


def _count(conn: Connection, member_id: str) -> int:
    return conn.execute(select(func.count()).where(cards_t.c.member_id == member_id)).scalar_one()


def _code(secret: bytes, card_id: str) -> str:
    digest = hmac.new(secret, f"gift-card:{card_id}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:CODE_LENGTH]


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode(errors="surrogatepass")).hexdigest()

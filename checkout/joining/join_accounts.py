"""Two accounts of one person become one: the only transaction that touches two members.

The account that has the phone lives on; the other one stays as a closed record with its ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, select

from checkout.current import current_standing
from checkout.due import advance
from checkout.joining.belongings import move_belongings
from checkout.joining.orders import move_orders
from checkout.standing import Standing, orders_t, with_orders, write_standing
from checkout.tables import OrderStatus
from kernel.database import Transaction, TryAgain
from kernel.ids import new_id
from members.addresses import addresses_t
from members.book import write_books
from members.gift_cards import cards_t
from members.joining import HeldPoints, Joining, join_books
from members.openids import Identity
from program.config import Programs
from program.versions import ProgramShelf
from staff import audit

MEMBER = "member"
"""Who the audit log says it was: not a member of staff."""


def join_accounts(tx: Transaction, shelf: ProgramShelf, *, into: Identity, from_: Identity, now: datetime) -> None:
    """Moves all that `from_` has to `into`. Runs inside the caller's transaction, which holds phone and openid.

    Both accounts are locked, in the order of their ids, and all that was due for them happens first.

    Raises:
        Refused: together they are more points than anybody can have.
        PaymentMayHaveCome: see `checkout.timeline.in_time`.
    """
    mine, theirs, programs = _locked(tx, shelf, into.member_id, from_.member_id, now)
    before = {"into": _told(tx, mine, into), "from": _told(tx, theirs, from_)}
    program = programs.at(now).program
    joining = Joining(new_id("mrg"), into.number, from_.number, now)
    window = theirs.book.account.window
    join_books(mine.book, theirs.book, _held(theirs), program, joining)
    mine.book.account.orders = move_orders(tx, into=mine.book.account, from_id=from_.member_id, from_window=window)
    move_belongings(tx, into.member_id, from_.member_id)
    write_books(tx, [theirs.book])
    joined = with_orders(tx, mine.book)
    advance(joined, programs, now, since=now)
    write_standing(tx, joined)
    after = {"into": _told(tx, joined, into), "from": _told(tx, Standing(theirs.book), from_)}
    for member_id in (into.member_id, from_.member_id):
        _record(tx, member_id, {**before, "merge": joining.joining_id}, after, now)


def _locked(
    tx: Transaction, shelf: ProgramShelf, into: str, from_: str, now: datetime
) -> tuple[Standing, Standing, Programs]:
    # In the order of their ids: two that lock the same accounts never wait for each other.
    first, second = sorted((into, from_))
    found = {first: current_standing(tx, shelf, first, now), second: current_standing(tx, shelf, second, now)}
    if any(standing.book.account.closed_at is not None for standing, _ in found.values()):
        raise TryAgain("the account has been closed")
    (mine, programs), (theirs, _) = found[into], found[from_]
    return mine, theirs, programs


def _held(standing: Standing) -> list[HeldPoints]:
    """The points that unpaid orders hold."""
    unpaid = [order for order in standing.orders if order.status == OrderStatus.AWAITING_PAYMENT]
    return [HeldPoints(order.id, order.points) for order in unpaid if order.points]


def _told(tx: Transaction, standing: Standing, who: Identity) -> dict[str, Any]:
    """An account as the audit log tells it: figures, and nothing that says who somebody is."""
    account = standing.book.account

    def count(table: Table) -> int:
        return tx.execute(select(func.count()).where(table.c.member_id == account.member_id)).scalar_one()

    return {
        "memberId": account.member_id,
        "number": who.number,
        "available": account.balance,
        "expiresAt": _instant(account.expires_at),
        "tier": account.tier_code,
        "tierReviewAt": _instant(account.tier_review_at),
        "qualifyingSpend": account.qualifying_spend,
        "orders": count(orders_t),
        "giftCards": count(cards_t),
        "addresses": count(addresses_t),
        "closed": account.closed_at is not None,
    }


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _record(
    tx: Transaction, member_id: str, before: Mapping[str, Any], after: Mapping[str, Any], now: datetime
) -> None:
    """For each of the two, so that whoever looks at either finds it."""
    audit.record(tx, at=now, actor=MEMBER, action="bindPhone", subject_id=member_id, before=before, after=after)

"""A member leaves: who it was is erased, what the shop has to account for stays (docs/decisions/leaving.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import null, or_, select

from checkout.cart import empty_cart
from checkout.current import current_standing
from checkout.payments.tables import RefundRow, RefundStatus
from checkout.queries import orders_t, returns_t
from checkout.refusals import OrderStateRefused, ReturnStateRefused
from checkout.shop import Shop
from checkout.standing import IS_OPEN, write_standing
from checkout.tables import ReturnStatus
from checkout.timeline import in_time
from kernel.database import Transaction, TryAgain, among, table_of
from kernel.refusals import Refusal, Refused
from members.erase import erase_member, records_of
from members.ledger.posting import post
from members.openids import hold_openid
from members.register import hold_phone, members_t
from members.tables import EntryKind
from staff import audit

# Noted with the last entry of the ledger; `schema/messages.py` words it.
LEFT = "member_left"

MEMBER = "member"
"""Who the audit log says it was: not a member of staff."""

refunds_t = table_of(RefundRow)

_OPEN_RETURNS = (ReturnStatus.REQUESTED, ReturnStatus.REFUNDING, ReturnStatus.REFUND_FAILED)
_OPEN_REFUNDS = (RefundStatus.PENDING, RefundStatus.FAILED)


class _SignsInBy(NamedTuple):
    phone: str | None
    openid: str | None


@in_time
def delete_account(shop: Shop, member_id: str) -> datetime:
    """Owns its transaction. Says when the member left; who has left already stays so.

    Raises:
        Refused: orders, returns or refunds are open, each named.
    """
    return shop.db.retrying(lambda: _delete(shop, member_id, shop.clock.now()))


def _delete(shop: Shop, member_id: str, now: datetime) -> datetime:
    with shop.db.write() as tx:
        who, left_at = _who(tx, member_id)
        if left_at is not None:
            return left_at
        # Before the account, as whoever signs in does it: a sign-in under way is seen here, or finds nobody.
        if who.openid is not None:
            hold_openid(tx, who.openid)
        if who.phone is not None:
            hold_phone(tx, who.phone)
        standing, _ = current_standing(tx, shop.shelf, member_id, now)
        who_now, left_at = _who(tx, member_id)
        if left_at is not None:
            return left_at
        if who_now != who:
            raise TryAgain("the member signs in by something else now")
        if waits_for := _open_business(tx, member_id):
            raise Refused(*waits_for)
        account = standing.book.account
        account.expires_at = account.tier_review_at = account.next_due_at = None
        if account.balance > 0:
            post(standing.book, EntryKind.EXPIRED, -account.balance, at=now, source="left", note=LEFT)
        account.closed_at = now
        write_standing(tx, standing)
        records = records_of(tx, member_id)
        erase_member(tx, records, who.phone, now=now)
        for record in records:
            empty_cart(tx, record)
        _erase_traces(tx, records)
        audit.record(tx, at=now, actor=MEMBER, action="deleteMyAccount", subject_id=member_id)
    return now


def _who(tx: Transaction, member_id: str) -> tuple[_SignsInBy, datetime | None]:
    c = members_t.c
    row = tx.execute(select(c.phone, c.openid, c.left_at).where(c.id == member_id)).one()
    return _SignsInBy(row.phone, row.openid), row.left_at


def _open_business(tx: Transaction, member_id: str) -> list[Refusal]:
    """What has to come to its end first: the member's address, or their money, is still needed for it."""
    o, r, f = orders_t.c, returns_t.c, refunds_t.c
    waiting = among(f.status, [status.value for status in _OPEN_REFUNDS]) & f.return_id.is_(None)
    being_refunded = select(f.order_id).where(f.order_id == o.id, waiting).exists()
    orders = tx.execute(
        select(o.id, o.number, o.status)
        .where(o.member_id == member_id, or_(IS_OPEN, being_refunded))
        .order_by(o.member_seq)
    )
    returns = tx.execute(
        select(r.id, r.number, r.status)
        .join(orders_t, o.id == r.order_id)
        .where(o.member_id == member_id, among(r.status, [status.value for status in _OPEN_RETURNS]))
        .order_by(r.requested_at, r.id)
    )
    return [
        *(OrderStateRefused(path=("orders", row.id), status=row.status, number=row.number) for row in orders),
        *(ReturnStateRefused(path=("returns", row.id), status=row.status, number=row.number) for row in returns),
    ]


def _erase_traces(tx: Transaction, member_ids: Sequence[str]) -> None:
    """Addresses on orders, what was written about returns and refunds, and contact data in the audit log."""
    mine = among(orders_t.c.member_id, member_ids)
    orders = list(tx.execute(select(orders_t.c.id).where(mine)).scalars())
    returns = list(tx.execute(select(returns_t.c.id).where(among(returns_t.c.order_id, orders))).scalars())
    tx.execute(orders_t.update().where(mine).values(address=null()))
    tx.execute(returns_t.update().where(among(returns_t.c.id, returns)).values(reason="", note=None))
    tx.execute(refunds_t.update().where(among(refunds_t.c.order_id, orders)).values(note=None))
    audit.erase_contacts(tx, [*member_ids, *orders, *returns])

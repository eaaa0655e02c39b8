"""What falls due, at its own instant and in order (R11). Pure: a standing goes in, and comes out moved on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from checkout.cancelling import cancel
from checkout.settling import settle
from checkout.standing import Standing, StandingOrder
from checkout.tables import IntentState, OrderStatus
from members.ledger.posting import post
from members.tables import EntryKind
from members.tiers.policies import tier_policy
from program.config import Programs


class Rank(IntEnum):
    """What comes first of things due at one instant."""

    CANCELLATION = 0
    SETTLEMENT = 1
    TIER_REVIEW = 2
    EXPIRY = 3


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """Something due. Orders placed first come first."""

    at: datetime
    rank: Rank
    seq: int


def advance(
    standing: Standing,
    programs: Programs,
    until: datetime,
    *,
    since: datetime | None = None,
    last: Rank = Rank.EXPIRY,
) -> None:
    """Lets everything happen that is due up to and including an instant.

    `last`: of what is due at that instant itself, nothing that comes after it. `since`: nothing happens earlier
    than this, although it was due before; what an action at that instant sets free (a held settlement, an expiry that
    waited) happens then. Notes when the next thing is due.
    """
    moment = since
    while True:
        due = min(_all_due(standing, moment), default=None)
        if due is None or due.at > until or (due.at == until and due.rank > last):
            break
        moment = due.at
        _happen(standing, programs, due)
    account = standing.book.account
    account.next_due_at = min((due.at for due in _all_due(standing, None)), default=None)


def last_before_answers(standing: Standing, at: datetime) -> Rank:
    """What may happen at an instant as long as the provider is asked about orders whose time is up then: cancellations
    come first (R11), and one of them may be theirs.
    """
    asked = any(order.intent == IntentState.CLOSING and order.pay_before == at for order in standing.orders)
    return Rank.CANCELLATION if asked else Rank.EXPIRY


def expiry_waits(standing: Standing) -> bool:
    """Whether a purchase in time holds the account's expiry back: paid before it, pending, and going to earn (R5)."""
    expires_at = standing.book.account.expires_at
    return expires_at is not None and any(
        order.is_pending and order.points_to_earn > 0 and order.paid_at is not None and order.paid_at < expires_at
        for order in standing.orders
    )


def _all_due(standing: Standing, moment: datetime | None) -> Iterator[Due]:
    def not_before(at: datetime) -> datetime:
        return at if moment is None or at > moment else moment

    for order in standing.orders:
        if order.status == OrderStatus.AWAITING_PAYMENT and order.pay_before is not None:
            if order.intent == IntentState.CLOSING:
                # Money may have arrived: it waits for the provider's answer, and nothing is due until then.
                continue
            yield Due(not_before(order.pay_before), Rank.CANCELLATION, order.member_seq)
        elif order.status == OrderStatus.SHIPPED and order.settles_at is not None and not order.open_returns:
            yield Due(not_before(order.settles_at), Rank.SETTLEMENT, order.member_seq)
    account = standing.book.account
    if account.tier_review_at is not None:
        yield Due(not_before(account.tier_review_at), Rank.TIER_REVIEW, 0)
    if account.expires_at is not None and not expiry_waits(standing):
        yield Due(not_before(account.expires_at), Rank.EXPIRY, 0)


def _happen(standing: Standing, programs: Programs, due: Due) -> None:
    if due.rank is Rank.CANCELLATION:
        _time_is_up(standing, programs, _order(standing, due.seq), due.at)
    elif due.rank is Rank.SETTLEMENT:
        settle(standing, programs, _order(standing, due.seq), due.at)
    elif due.rank is Rank.TIER_REVIEW:
        program = programs.at(due.at).program
        tier_policy(program).review_is_due(standing.book, program, due.at)
    else:
        _expire(standing, due.at)


def _time_is_up(standing: Standing, programs: Programs, order: StandingOrder, at: datetime) -> None:
    """An order that the provider still asks money for is not cancelled before it is known that none has come."""
    if order.intent == IntentState.OPEN:
        order.intent = IntentState.CLOSING
        standing.to_close.append(order)
    else:
        cancel(standing, programs.at(at).program, order, at)


def _order(standing: Standing, seq: int) -> StandingOrder:
    return next(order for order in standing.orders if order.member_seq == seq)


def _expire(standing: Standing, at: datetime) -> None:
    """The whole available balance is gone. An empty account only loses its expiry."""
    account = standing.book.account
    source = f"expiry:{account.expires_at:%Y-%m-%dT%H:%M:%SZ}:{account.entries}"
    account.expires_at = None
    if account.balance > 0:
        post(standing.book, EntryKind.EXPIRED, -account.balance, at=at, source=source)

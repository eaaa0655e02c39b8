"""What a finished return does to its order and its member's account (R7, R8). Pure: it works on a standing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from checkout.due import advance
from checkout.returns.apportion import Figures, KeptLine, goes_back, is_full
from checkout.returns.shortfall import reverse_earned
from checkout.standing import Standing, StandingOrder
from checkout.states import moved
from checkout.tables import OrderStatus, ReturnKind
from kernel.money import Money, total
from members.ledger.expiry.policies import expiry_policy
from members.ledger.posting import post
from members.tables import EntryKind
from members.tiers.policies import tier_policy
from program.config import Program, Programs


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a return gives back and takes away, in the order's currency."""

    full: bool
    refund: Money
    gift_card_refund: Money
    points_returned: int
    pending_points_reversed: int
    available_points_reversed: int
    withheld: Money
    expires_at_after: datetime | None


@dataclass(frozen=True, slots=True)
class Charged:
    """What an order charged beside its goods: shipping, and the gift-card payment as a whole."""

    shipping: Money
    gift_card: Money


@dataclass(frozen=True, slots=True)
class Finishing:
    """A return whose goods have been received: units of lines by their ids."""

    return_id: str
    kind: str
    taken: Mapping[str, int]
    at: datetime


def finish_return(
    standing: Standing,
    programs: Programs,
    order: StandingOrder,
    charged: Charged,
    lines: Sequence[KeptLine],
    finishing: Finishing,
) -> Outcome:
    """Finishes a return at its instant: RETURNED, REVERSED, then what that sets free, EXPIRED last.

    `lines` are all lines of the order; their `returned` is moved on. The order's own version rules the
    return, the version in force rules the account (R15).
    """
    ruling = programs.number(order.program_version).program
    order.open_returns -= 1
    if finishing.kind == ReturnKind.SWAP:
        outcome = _swap(standing, programs, ruling, order, finishing.at)
    else:
        outcome = _refund(standing, programs, ruling, order, charged, lines, finishing)
        _take_back(order, lines, finishing.taken)
    advance(standing, programs, finishing.at, since=finishing.at)
    return replace(outcome, expires_at_after=standing.book.account.expires_at)


def _swap(standing: Standing, programs: Programs, ruling: Program, order: StandingOrder, at: datetime) -> Outcome:
    """The same goods again: no money, no points; but the points' validity may be refreshed."""
    if "swap" in ruling.refresh_expiry_on:
        program = programs.at(at).program
        expiry_policy(program).validity_is_refreshed(standing.book.account, program, at)
    zero = Money.zero(order.currency)
    return Outcome(False, zero, zero, 0, 0, 0, zero, None)


def _refund(
    standing: Standing,
    programs: Programs,
    ruling: Program,
    order: StandingOrder,
    charged: Charged,
    lines: Sequence[KeptLine],
    finishing: Finishing,
) -> Outcome:
    full = is_full(lines, finishing.taken)
    back = goes_back(lines, finishing.taken)
    _give_points_back(standing, programs, ruling, order, back.points, full, finishing)
    zero = Money.zero(order.currency)
    withheld, reversed_points = zero, 0
    if order.status == OrderStatus.SETTLED:
        reversal = reverse_earned(ruling, back.earned, standing.book.account.balance)
        withheld, reversed_points = reversal.withheld, reversal.points
        source = f"return:{finishing.return_id}:reverse"
        _post(standing, EntryKind.REVERSED, -reversed_points, order, finishing, source)
        assert order.settled_window is not None
        tier_policy(programs.at(finishing.at).program).spend_is_returned(standing.book, back.cash, order.settled_window)
    pending_reversed = back.earned if order.is_pending else 0
    order.points_to_earn -= back.earned
    order.spend_kept -= back.cash.minor
    refund, gift_card_refund = _money_back(ruling, charged, lines, back, full)
    withheld = min(withheld, refund + gift_card_refund)
    from_payment = min(withheld, refund)
    return Outcome(
        full=full,
        refund=refund - from_payment,
        gift_card_refund=gift_card_refund - (withheld - from_payment),
        points_returned=back.points,
        pending_points_reversed=pending_reversed,
        available_points_reversed=reversed_points,
        withheld=withheld,
        expires_at_after=None,
    )


def _give_points_back(
    standing: Standing,
    programs: Programs,
    ruling: Program,
    order: StandingOrder,
    points: int,
    full: bool,
    finishing: Finishing,
) -> None:
    """A partial return refreshes the validity, whether or not the line had points; a full one leaves it as it is."""
    account, program = standing.book.account, programs.at(finishing.at).program
    if not full and "partial_return" in ruling.refresh_expiry_on:
        expiry_policy(program).validity_is_refreshed(account, program, finishing.at)
    elif points:
        expiry_policy(program).points_come_back(account, order.points_expired_at)
    _post(standing, EntryKind.RETURNED, points, order, finishing, f"return:{finishing.return_id}:points")


def _money_back(
    ruling: Program, charged: Charged, lines: Sequence[KeptLine], back: Figures, full: bool
) -> tuple[Money, Money]:
    """To the payment and to the gift cards. Shipping goes back, by the cards first, with a full return only."""
    refund, gift_card_refund = back.cash - back.gift_card, back.gift_card
    if full and ruling.refund_shipping == "full_return":
        by_card = charged.gift_card - _gift_card_on_goods(lines)
        gift_card_refund += by_card
        refund += charged.shipping - by_card
    return refund, gift_card_refund


def _gift_card_on_goods(lines: Sequence[KeptLine]) -> Money:
    return total([line.gift_card for line in lines], lines[0].gift_card.currency)


def _post(
    standing: Standing, kind: EntryKind, points: int, order: StandingOrder, finishing: Finishing, source: str
) -> None:
    post(
        standing.book,
        kind,
        points,
        at=finishing.at,
        source=source,
        order_id=order.id,
        return_id=finishing.return_id,
    )


def _take_back(order: StandingOrder, lines: Sequence[KeptLine], taken: Mapping[str, int]) -> None:
    for line in lines:
        line.returned += taken.get(line.id, 0)
    if all(line.kept == 0 for line in lines):
        order.status = moved(order.status, OrderStatus.RETURNED)

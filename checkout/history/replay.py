"""Plays one member's documents through the rules, in memory: orders, what falls due between them, returns (R14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from checkout.due import advance
from checkout.history.match_returns import Purchase, PurchasedLine, match_return
from checkout.history.report import NoPurchase
from checkout.history.rows import Document
from checkout.pricing.earning import EarningRates, earning_rates, points_earned
from checkout.returns.apportion import KeptLine
from checkout.returns.eligibility import RETURNABLE
from checkout.returns.finish import Charged, Finishing, Outcome, finish_return
from checkout.standing import OPEN, Standing, StandingOrder
from checkout.tables import OrderStatus, PriceClass, ReturnKind
from kernel.ids import new_id
from kernel.money import total
from program.config import Program, Programs


@dataclass(slots=True)
class PastOrder:
    """An imported order: how it stands, and the columns that nothing changes later."""

    standing: StandingOrder
    number: str
    placed_at: datetime
    charged: Charged
    lines: list[PurchasedLine]
    row: dict[str, Any] = field(default_factory=dict[str, Any])
    line_rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def is_new(self) -> bool:
        return bool(self.row)

    @property
    def kept_lines(self) -> list[KeptLine]:
        return [line.kept for line in self.lines]


@dataclass(frozen=True, slots=True)
class PastReturn:
    """What one return document took from one order."""

    id: str
    number: str
    order_id: str
    at: datetime
    units: dict[str, int]
    outcome: Outcome


@dataclass(slots=True)
class Past:
    """A member's imported orders, first to last, and the returns that were new."""

    standing: Standing
    orders: list[PastOrder] = field(default_factory=list[PastOrder])
    returns: list[PastReturn] = field(default_factory=list[PastReturn])
    no_purchase: list[NoPurchase] = field(default_factory=list[NoPurchase])

    def order(self, order_id: str) -> PastOrder:
        return next(order for order in self.orders if order.standing.id == order_id)


def in_order(documents: Sequence[Document]) -> list[Document]:
    """By time; at one instant sales before returns, then by document number."""
    return sorted(documents, key=lambda document: (document.at, document.is_return, document.number))


def replay(past: Past, programs: Programs, document: Document) -> None:
    """Plays one document at its instant. What is due by then comes first (R11)."""
    advance(past.standing, programs, document.at)
    _keep_open(past.standing)
    if document.is_return:
        _return(past, programs, document)
    else:
        _place(past, programs, document)


def _place(past: Past, programs: Programs, document: Document) -> None:
    """Placed, paid and shipped at one instant, at the prices that were charged then; every line is REGULAR."""
    version = programs.at(document.at)
    program, account = version.program, past.standing.book.account
    tier = program.tier(account.tier_code)
    rates = earning_rates(program, tier, PriceClass.REGULAR, points_rate=None, third_party=False)
    account.orders += 1
    order_id = new_id("ord")
    lines, line_rows = _lines(program, document, order_id, rates)
    goods = total([line.kept.cash for line in lines], program.currency)
    standing = StandingOrder(
        id=order_id,
        member_seq=account.orders,
        status=OrderStatus.SHIPPED,
        program_version=version.version,
        currency=program.currency,
        paid_at=document.at,
        pay_before=None,
        settles_at=document.at + program.settlement_period,
        settled_at=None,
        settled_window=None,
        cancelled_at=None,
        open_returns=0,
        points=0,
        points_expired_at=None,
        spend_kept=goods.minor,
        points_to_earn=sum(row["points_to_earn"] for row in line_rows),
    )
    row = {
        "number": document.kept_as(),
        "member_id": account.member_id,
        "tier_code": tier.code,
        "imported": True,
        "placed_at": document.at,
        "shipped_at": document.at,
        "returnable_until": document.at + program.return_window,
        "regular": goods.minor,
        "tier_discount": 0,
        "other_discount": 0,
        "goods": goods.minor,
        "shipping": 0,
        "gift_card": 0,
    }
    charged = Charged(program.zero, program.zero)
    past.orders.append(PastOrder(standing, document.kept_as(), document.at, charged, lines, row, line_rows))
    past.standing.orders.append(standing)
    # Something is due once it settles, though nothing may have been before.
    advance(past.standing, programs, document.at, since=document.at)
    _keep_open(past.standing)


def _lines(
    program: Program, document: Document, order_id: str, rates: EarningRates
) -> tuple[list[PurchasedLine], list[dict[str, Any]]]:
    lines: list[PurchasedLine] = []
    rows: list[dict[str, Any]] = []
    for position, line in enumerate(document.lines.values()):
        cash = line.price * line.quantity
        line_id = new_id("oln")
        kept = KeptLine(line_id, None, None, line.quantity, 0, cash, program.zero, 0, rates)
        lines.append(PurchasedLine(line.sku, kept))
        rows.append(
            {
                "id": line_id,
                "order_id": order_id,
                "position": position,
                "sku": line.sku,
                "product_name": line.description or line.sku,
                "variant_name": "",
                "price_class": PriceClass.REGULAR.value,
                "quantity": line.quantity,
                "unit_regular": line.price.minor,
                "unit_cash": line.price.minor,
                "unit_points": 0,
                "gift_card": 0,
                "rate": rates.cash,
                "gift_card_rate": rates.gift_card,
                "multiplier": rates.multiplier,
                "points_to_earn": points_earned(cash, program.zero, rates),
                "explanation": [],
            }
        )
    return lines, rows


def find_purchases(past: Past, document: Document) -> tuple[list[tuple[str, dict[str, int]]], dict[str, int]]:
    """What a return takes from which orders, as `match_return`, and the units of SKUs that find no purchase."""
    wanted: Counter[str] = Counter()
    for line in document.lines.values():
        wanted[line.sku] += line.quantity
    purchases = [
        Purchase(order.standing.id, order.lines)
        for order in past.orders
        if order.placed_at <= document.at and order.standing.status in RETURNABLE
    ]
    return match_return(wanted, purchases)


def without_purchase(document: Document, left: Mapping[str, int]) -> list[NoPurchase]:
    return [NoPurchase(document.number, document.member, sku, quantity) for sku, quantity in left.items()]


def _return(past: Past, programs: Programs, document: Document) -> None:
    """All that the document takes from one order is one return, opened by staff and received at that instant."""
    taken, left = find_purchases(past, document)
    past.no_purchase.extend(without_purchase(document, left))
    for i, (order_id, units) in enumerate(taken):
        order = past.order(order_id)
        if order.standing not in past.standing.orders:
            past.standing.orders.append(order.standing)
        return_id = new_id("ret")
        order.standing.open_returns += 1
        finishing = Finishing(return_id, ReturnKind.REFUND, units, document.at)
        outcome = finish_return(past.standing, programs, order.standing, order.charged, order.kept_lines, finishing)
        number = document.kept_as(part=i + 1)
        past.returns.append(PastReturn(return_id, number, order_id, document.at, units, outcome))
        _keep_open(past.standing)


def _keep_open(standing: Standing) -> None:
    """Orders that nothing more falls due for need not be looked at again."""
    standing.orders = [order for order in standing.orders if order.status in OPEN]

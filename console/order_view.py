"""One order with everything that belongs to it, read in one go, and what may be done with it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checkout.payments.refunds import RefundRecord, refunds_of_orders
from checkout.pricing.steps import step_from_json
from checkout.queries import (
    OrderLineRecord,
    OrderRecord,
    PaymentRecord,
    ReturnRecord,
    lines_of_orders,
    order_by_number,
    payments_of_orders,
    returns_of_orders,
)
from checkout.returns.eligibility import RETURNABLE
from checkout.returns.records import returnable_order
from checkout.tables import OrderStatus, PaymentMethod, PaymentStatus
from console.who import Deeds, read_deeds
from kernel.money import Money
from members.profile import MemberRecord, members_by_id
from program.config import Program
from schema.context import Reading
from schema.locale import Locale, in_language
from schema.messages import price_step_text


@dataclass(frozen=True)
class Step:
    """One step of a price's explanation: a sentence, and by how much the unit price changed."""

    text: str
    change: Money


@dataclass(frozen=True)
class Line:
    """`left`: units that can still be asked back."""

    record: OrderLineRecord
    name: str
    steps: tuple[Step, ...]
    left: int

    @property
    def cash(self) -> int:
        return self.record.unit_cash * self.record.quantity

    @property
    def points(self) -> int:
        return self.record.unit_points * self.record.quantity


@dataclass(frozen=True)
class OrderView:
    order: OrderRecord
    member: MemberRecord
    lines: tuple[Line, ...]
    payment: PaymentRecord | None
    refunds: Sequence[RefundRecord]
    returns: Sequence[ReturnRecord]
    program: Program
    tier: str
    deeds: Deeds

    def money(self, minor: int) -> Money:
        return Money(minor, self.order.currency)

    # ------------------------------------------------------------ what may be done now

    @property
    def can_ship(self) -> bool:
        return self.order.status == OrderStatus.PAID

    @property
    def can_record_cash(self) -> bool:
        payment = self.payment
        return (
            payment is not None
            and payment.method == PaymentMethod.CASH_ON_DELIVERY
            and payment.status == PaymentStatus.PENDING
        )

    @property
    def can_return(self) -> bool:
        return self.order.status in RETURNABLE and any(line.left for line in self.lines)


def read_order(reading: Reading, number: str, locale: Locale) -> OrderView | None:
    """None where there is no such order."""
    order = order_by_number(reading.conn, number)
    if order is None:
        return None
    conn = reading.conn
    program = reading.programs.number(order.program_version).program
    asked_for = returnable_order(conn, order.id).asked_for
    tier = in_language(program.tier(order.tier_code).name, locale) if program.has_tier(order.tier_code) else ""
    returns = returns_of_orders(conn, [order.id])[order.id]
    return OrderView(
        order=order,
        member=members_by_id(conn, [order.member_id])[order.member_id],
        lines=tuple(
            _line(line, order, program, locale, asked_for.get(line.id, 0))
            for line in lines_of_orders(conn, [order.id])[order.id]
        ),
        payment=payments_of_orders(conn, [order.id]).get(order.id),
        refunds=refunds_of_orders(conn, [order.id])[order.id],
        returns=returns,
        program=program,
        tier=tier or order.tier_code,
        deeds=read_deeds(conn, [order.id, *(each.id for each in returns)]),
    )


def line_name(line: OrderLineRecord, locale: Locale) -> str:
    product = (line.product_names or {}).get(locale) or line.product_name
    return f"{product} {line.variant_name}".strip()


def _line(line: OrderLineRecord, order: OrderRecord, program: Program, locale: Locale, asked_for: int) -> Line:
    steps = []
    for stored in line.explanation:
        step = step_from_json(stored, order.currency)
        tier = step.facts.get("tier")
        name = in_language(program.tier(tier).name, locale) if tier and program.has_tier(tier) else tier or ""
        steps.append(Step(price_step_text(step.rule, step.facts, name, locale), step.change))
    left = line.quantity - line.returned_quantity - asked_for
    return Line(line, line_name(line, locale), tuple(steps), left)

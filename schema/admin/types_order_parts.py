"""What an order consists of: its lines and why they cost what they cost, its payment, where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import strawberry

from checkout.pricing.steps import PriceRule, step_from_json
from checkout.queries import OrderLineRecord, OrderRecord, PaymentRecord
from checkout.tables import PaymentMethod, PaymentStatus, PriceClass
from kernel.money import Points
from members.phones import masked
from program.config import Program
from schema.admin.context import Info
from schema.locale import Locale, in_language
from schema.messages import ADVICE, PROBLEMS, price_step_text, say
from schema.types import Money, Node, amount_of, money_of


@strawberry.type
class Address:
    recipient: str
    phone: str
    region: str
    line: str
    postal_code: str | None

    @classmethod
    def of(cls, address: Mapping[str, Any], *, listed: bool) -> Address:
        """`listed`: one of a list, where phones are masked."""
        return cls(
            recipient=address["recipient"],
            phone=masked(address["phone"]) if listed else address["phone"],
            region=address["region"],
            line=address["line"],
            postal_code=address.get("postal_code"),
        )


@strawberry.type
class Shipment:
    shipped_at: datetime
    carrier: str | None
    tracking_number: str | None


@strawberry.type
class PriceStep:
    rule: PriceRule
    change: Money
    text: str

    @classmethod
    def of(cls, stored: Mapping[str, Any], currency: str, program: Program, locale: Locale) -> PriceStep:
        step = step_from_json(stored, currency)
        tier = step.facts.get("tier")
        name = in_language(program.tier(tier).name, locale) if tier and program.has_tier(tier) else tier or ""
        return cls(
            rule=step.rule,
            change=amount_of(step.change),
            text=price_step_text(step.rule, step.facts, name, locale),
        )


@strawberry.type
class OrderLine(Node):
    sku: str
    name: str
    price_class: PriceClass
    quantity: int
    returned_quantity: int
    unit_regular_price: Money
    unit_cash: Money
    unit_points: Points
    total_cash: Money
    total_points: Points
    points_to_earn: Points
    steps: strawberry.Private[list[dict[str, Any]]]
    program_version: strawberry.Private[int]

    @strawberry.field
    async def explanation(self, info: Info) -> list[PriceStep]:
        programs = (await info.context.loaders.today()).programs
        program = programs.number(self.program_version).program
        currency = self.unit_cash.currency_code
        return [PriceStep.of(step, currency, program, info.context.locale) for step in self.steps]

    @classmethod
    def of(cls, line: OrderLineRecord, order: OrderRecord, locale: Locale) -> OrderLine:
        product = (line.product_names or {}).get(locale) or line.product_name
        return cls(
            id=strawberry.ID(line.id),
            sku=line.sku,
            name=f"{product} {line.variant_name}".strip(),
            price_class=PriceClass(line.price_class),
            quantity=line.quantity,
            returned_quantity=line.returned_quantity,
            unit_regular_price=money_of(line.unit_regular, order.currency),
            unit_cash=money_of(line.unit_cash, order.currency),
            unit_points=Points(line.unit_points),
            total_cash=money_of(line.unit_cash * line.quantity, order.currency),
            total_points=Points(line.unit_points * line.quantity),
            points_to_earn=Points(line.points_to_earn),
            steps=line.explanation,
            program_version=order.program_version,
        )


@strawberry.type
class Payment(Node):
    method: PaymentMethod
    status: PaymentStatus
    amount: Money
    refunded: Money
    provider_reference: str | None
    word: strawberry.Private[str | None]

    @strawberry.field(description="What is wrong with the money that came, in the viewer's language. Nothing ships.")
    def problem(self, info: Info) -> str | None:
        return None if self.word is None else say(PROBLEMS, self.word, info.context.locale)

    @strawberry.field(description="What to do about it.")
    def advice(self, info: Info) -> str | None:
        return None if self.word is None else say(ADVICE, self.word, info.context.locale)

    @classmethod
    def of(cls, payment: PaymentRecord) -> Payment:
        return cls(
            id=strawberry.ID(payment.id),
            method=PaymentMethod(payment.method),
            status=PaymentStatus(payment.status),
            amount=money_of(payment.amount, payment.currency),
            refunded=money_of(payment.refunded, payment.currency),
            provider_reference=payment.provider_reference,
            word=payment.problem,
        )

"""Money on its way back, and what staff are told about it."""

from __future__ import annotations

from datetime import datetime

import strawberry

from checkout.payments.refunds import RefundRecord
from checkout.payments.tables import RefundStatus
from schema.admin.context import Info
from schema.messages import ADVICE, PROBLEMS, say
from schema.types import Money, Node, money_of


@strawberry.type(description="Sent through the payment provider. Cash is paid out when the goods come in.")
class Refund(Node):
    status: RefundStatus
    amount: Money
    created_at: datetime
    completed_at: datetime | None
    provider_reference: str | None
    note: str | None = strawberry.field(description="How it was paid out by other means.")
    word: strawberry.Private[str | None]

    @strawberry.field(description="Why it failed, in the viewer's language.")
    def problem(self, info: Info) -> str | None:
        return None if self.word is None else say(PROBLEMS, self.word, info.context.locale)

    @strawberry.field(description="What to do about it.")
    def advice(self, info: Info) -> str | None:
        failed = self.status is RefundStatus.FAILED
        return say(ADVICE, self.word, info.context.locale) if failed and self.word is not None else None

    @classmethod
    def of(cls, refund: RefundRecord) -> Refund:
        return cls(
            id=strawberry.ID(refund.id),
            status=RefundStatus(refund.status),
            amount=money_of(refund.amount, refund.currency),
            created_at=refund.created_at,
            completed_at=refund.completed_at,
            provider_reference=refund.provider_reference,
            note=refund.note,
            word=refund.problem,
        )

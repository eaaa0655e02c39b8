"""What staff do about refunds that failed, and the list of all that waits for somebody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import strawberry

from checkout.payments.failed_refunds import record_refund_paid_out, retry_refund
from checkout.payments.refunds import refunds_by_id
from checkout.payments.troubles import Trouble as Found
from checkout.payments.troubles import TroubleKind, troubles
from schema.admin.context import Info
from schema.admin.types_refunds import Refund
from schema.context import Reading
from schema.errors import UserError
from schema.ids import checked_id
from schema.locale import Locale
from schema.messages import ADVICE, PROBLEMS, say


@strawberry.type(description="Something that staff have to look at.")
class Trouble:
    kind: TroubleKind
    id: strawberry.ID = strawberry.field(description="The payment's, the refund's or the message's.")
    subject_id: strawberry.ID = strawberry.field(description="What it is about: mostly an order.")
    since: datetime
    problem: str = strawberry.field(description="In the viewer's language.")
    advice: str = strawberry.field(description="What to do about it.")

    @classmethod
    def of(cls, found: Found, locale: Locale) -> Trouble:
        return cls(
            kind=found.kind,
            id=strawberry.ID(found.id),
            subject_id=strawberry.ID(found.about),
            since=found.since,
            problem=say(PROBLEMS, found.problem, locale),
            advice=say(ADVICE, found.problem, locale),
        )


@strawberry.type
class RefundsQuery:
    @strawberry.field(
        description="Wrong payments, refunds that failed, messages that were set aside: of each the newest hundred."
    )
    async def troubles(self, info: Info) -> list[Trouble]:
        locale = info.context.locale

        def read(reading: Reading) -> list[Trouble]:
            return [Trouble.of(found, locale) for found in troubles(reading.conn)]

        return await info.context.read_today(read)


@strawberry.input
class RetryRefundInput:
    refund_id: strawberry.ID


@strawberry.input
class RecordRefundPaidOutInput:
    refund_id: strawberry.ID
    note: str


@strawberry.type
class RefundPayload:
    refund: Refund | None = None
    errors: list[UserError]


@strawberry.type
class RefundsMutation:
    @strawberry.mutation(
        description="Sends a failed refund once more, as a new one. Sent again already, or not failed: the latest one."
    )
    async def retry_refund(self, info: Info, input: RetryRefundInput) -> RefundPayload:
        shop, actor = info.context.services.shop, info.context.actor
        refund_id = checked_id(input.refund_id)
        return await info.context.answer(
            RefundPayload, lambda: retry_refund(shop, refund_id, actor=actor), _refund(info)
        )

    @strawberry.mutation(description="A failed refund has been paid out by other means. Recorded already: no change.")
    async def record_refund_paid_out(self, info: Info, input: RecordRefundPaidOutInput) -> RefundPayload:
        shop, actor = info.context.services.shop, info.context.actor
        refund_id = checked_id(input.refund_id)
        return await info.context.answer(
            RefundPayload,
            lambda: record_refund_paid_out(shop, refund_id, note=input.note, actor=actor),
            _refund(info),
        )


def _refund(info: Info) -> Callable[[str], dict[str, Any]]:
    def show(refund_id: str) -> dict[str, Any]:
        with info.context.reading() as reading:
            return {"refund": Refund.of(refunds_by_id(reading.conn, [refund_id])[refund_id])}

    return show

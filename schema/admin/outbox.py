"""What waits to leave the house, what has left it, and what was set aside until somebody looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from kernel.outbox import OutboxRecord, OutboxState, outbox_by_id, outbox_count, outbox_page
from schema.admin.context import Info
from schema.admin.deeds import sending_again
from schema.admin.lists import OUTBOX, counted
from schema.connections import PageInfo, connect, given, window_of
from schema.context import Reading
from schema.errors import UserError
from schema.ids import checked_id
from schema.locale import Locale
from schema.messages import ADVICE, PROBLEMS, say
from schema.types import Node


@strawberry.type
class OutboxMessage(Node):
    kind: str = strawberry.field(description='For example "refund.send".')
    subject_id: strawberry.ID = strawberry.field(description="What it is about.")
    state: OutboxState
    created_at: datetime = strawberry.field(description="By the shop's clock.")
    due_at: datetime = strawberry.field(description="When it is tried next, by the machine's clock.")
    attempts: int
    problem: str | None = strawberry.field(description="What kept it back, in the viewer's language.")
    advice: str | None = strawberry.field(description="What to do about it.")
    done_at: datetime | None
    set_aside_at: datetime | None

    @classmethod
    def of(cls, record: OutboxRecord, locale: Locale) -> OutboxMessage:
        word = record.problem
        return cls(
            id=strawberry.ID(record.id),
            kind=record.kind,
            subject_id=strawberry.ID(record.subject_id),
            state=record.state,
            created_at=record.created_at,
            due_at=record.due_at,
            attempts=record.attempts,
            problem=None if word is None else say(PROBLEMS, word, locale),
            advice=None if word is None else say(ADVICE, word, locale),
            done_at=record.done_at,
            set_aside_at=record.set_aside_at,
        )


@strawberry.type
class OutboxMessageEdge:
    cursor: str
    node: OutboxMessage


@strawberry.type
class OutboxMessageConnection:
    edges: list[OutboxMessageEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class OutboxQuery:
    @strawberry.field(description="Newest first.")
    async def outbox(
        self,
        info: Info,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
        state: OutboxState | None = UNSET,
    ) -> OutboxMessageConnection:
        wanted = window_of(first, after, last, before, OUTBOX)
        of_state, locale = given(state), info.context.locale
        count = counted(info, outbox_count)

        def read(reading: Reading) -> OutboxMessageConnection:
            page = outbox_page(reading.conn, wanted, of_state)
            nodes = [OutboxMessage.of(record, locale) for record in page.items]
            total = count(reading.conn, of_state)
            return connect(OutboxMessageConnection, OutboxMessageEdge, page, nodes, OUTBOX, total)

        return await info.context.read(read)


@strawberry.input
class SendAgainInput:
    message_id: strawberry.ID


@strawberry.type
class MessagePayload:
    message: OutboxMessage | None = None
    errors: list[UserError]


@strawberry.type
class OutboxMutation:
    @strawberry.mutation(
        description="Takes up again what was set aside. What waits is tried at once; what is done stays done."
    )
    async def send_again(self, info: Info, input: SendAgainInput) -> MessagePayload:
        message_id = checked_id(input.message_id)
        return await info.context.answer(MessagePayload, sending_again(info.context, message_id), _message(info))


def _message(info: Info) -> Callable[[str], dict[str, Any]]:
    def show(message_id: str) -> dict[str, Any]:
        with info.context.reading() as reading:
            record = outbox_by_id(reading.conn, [message_id])[message_id]
            return {"message": OutboxMessage.of(record, info.context.locale)}

    return show

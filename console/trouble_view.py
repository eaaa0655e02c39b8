"""What waits for somebody, with the order that it is about and the words that explain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checkout.payments.refunds import RefundRecord, refunds_by_id
from checkout.payments.troubles import Trouble, TroubleKind, troubles
from checkout.queries import OrderRecord, orders_by_id
from console.texts import worded
from kernel.outbox import outbox_by_id
from schema.context import Reading
from schema.locale import Locale
from schema.messages import ADVICE, PROBLEMS, say


@dataclass(frozen=True)
class TroubleView:
    """`order` None: it is about something else. `what`: what the message was for that could not leave the house."""

    found: Trouble
    order: OrderRecord | None
    refund: RefundRecord | None
    what: str
    problem: str
    advice: str

    @property
    def is_refund(self) -> bool:
        return self.found.kind is TroubleKind.REFUND_FAILED

    @property
    def is_message(self) -> bool:
        return self.found.kind is TroubleKind.MESSAGE_SET_ASIDE


def read_troubles(reading: Reading, locale: Locale) -> list[TroubleView]:
    found = troubles(reading.conn)
    orders = orders_by_id(reading.conn, [each.about for each in found if each.about.startswith("ord_")])
    refunds = refunds_by_id(reading.conn, _ids(found, TroubleKind.REFUND_FAILED))
    messages = outbox_by_id(reading.conn, _ids(found, TroubleKind.MESSAGE_SET_ASIDE))
    return [
        TroubleView(
            each,
            orders.get(each.about),
            refunds.get(each.id),
            worded("message_", messages[each.id].kind, locale) if each.id in messages else "",
            say(PROBLEMS, each.problem, locale),
            say(ADVICE, each.problem, locale),
        )
        for each in found
    ]


def _ids(found: Sequence[Trouble], kind: TroubleKind) -> list[str]:
    return [each.id for each in found if each.kind is kind]

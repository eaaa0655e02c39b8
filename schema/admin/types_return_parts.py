"""What a return takes back, and what it did."""

from __future__ import annotations

from datetime import datetime

import strawberry

from checkout.queries import ReturnRecord
from checkout.returns.preview_return import Outcome
from kernel.money import Points
from schema.admin.types_order_parts import OrderLine
from schema.types import Money, amount_of, money_of


@strawberry.type
class ReturnLine:
    order_line: OrderLine
    quantity: int


@strawberry.type
class ReturnOutcome:
    full: bool
    refund: Money
    gift_card_refund: Money
    points_returned: Points
    pending_points_reversed: Points
    available_points_reversed: Points
    withheld: Money
    expires_at_after: datetime | None

    @classmethod
    def of(cls, outcome: Outcome) -> ReturnOutcome:
        return cls(
            full=outcome.full,
            refund=amount_of(outcome.refund),
            gift_card_refund=amount_of(outcome.gift_card_refund),
            points_returned=Points(outcome.points_returned),
            pending_points_reversed=Points(outcome.pending_points_reversed),
            available_points_reversed=Points(outcome.available_points_reversed),
            withheld=amount_of(outcome.withheld),
            expires_at_after=outcome.expires_at_after,
        )

    @classmethod
    def recorded(cls, record: ReturnRecord, currency: str) -> ReturnOutcome | None:
        """What receiving the goods did; None before."""
        if record.full is None:
            return None
        return cls(
            full=record.full,
            refund=money_of(record.refund or 0, currency),
            gift_card_refund=money_of(record.gift_card_refund or 0, currency),
            points_returned=Points(record.points_returned or 0),
            pending_points_reversed=Points(record.pending_points_reversed or 0),
            available_points_reversed=Points(record.available_points_reversed or 0),
            withheld=money_of(record.withheld or 0, currency),
            expires_at_after=record.expires_at_after,
        )

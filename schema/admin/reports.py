"""What the operators of the program ask for: what is owed in points, who is in which tier."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import strawberry

from checkout.points import Liability, points_liability
from kernel.money import Money as Amount
from kernel.money import Points, round_half_up
from members.tiers.queries import tier_distribution
from schema.admin.context import Info
from schema.context import Reading
from schema.types import Money, amount_of

_PLACES = Decimal("0.0001")


@strawberry.type
class PointsLiability:
    issued: Points
    pending: Points
    available: Points
    held: Points
    redeemed: Points
    expired: Points
    reversed: Points
    adjusted: Points
    value: Money = strawberry.field(description="What available, held and pending points are worth.")


@strawberry.type
class TierShare:
    tier_code: str
    members: int
    share: Decimal


def worth(points: int, value_of_100: Amount) -> Amount:
    """What points are worth, in all, rounded half up to the minor unit (R6)."""
    return Amount(round_half_up(Decimal(points * value_of_100.minor) / 100), value_of_100.currency)


def share_of(part: int, whole: int) -> Decimal:
    """A share to four places, half up; nothing of nothing is 0."""
    return (Decimal(part) / Decimal(whole or 1)).quantize(_PLACES, ROUND_HALF_UP)


@strawberry.type
class ReportsQuery:
    @strawberry.field(description="Every point ever issued, and where it is now (R9). The parts add up, always.")
    async def points_liability(self, info: Info) -> PointsLiability:
        def read(reading: Reading) -> PointsLiability:
            found: Liability = points_liability(reading.conn)
            owed = found.available + found.held + found.pending
            return PointsLiability(
                issued=Points(found.issued),
                pending=Points(found.pending),
                available=Points(found.available),
                held=Points(found.held),
                redeemed=Points(found.redeemed),
                expired=Points(found.expired),
                reversed=Points(found.reversed),
                adjusted=Points(found.adjusted),
                value=amount_of(worth(owed, reading.program.value_of_100)),
            )

        return await info.context.read_today(read)

    @strawberry.field
    async def tier_distribution(self, info: Info) -> list[TierShare]:
        def read(reading: Reading) -> list[TierShare]:
            members = tier_distribution(reading.conn)
            everybody = sum(members.values())
            return [
                TierShare(
                    tier_code=tier.code,
                    members=members.get(tier.code, 0),
                    share=share_of(members.get(tier.code, 0), everybody),
                )
                for tier in reading.program.tiers
            ]

        return await info.context.read_today(read)

"""Short names for the rules, for the examples in docs/rules.md: members of a shop in memory, and what they see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import count

from catalog.offer_planner import discount_share, implied_value_of_100, shown_share, warnings
from checkout.cancelling import cancel
from checkout.due import advance
from checkout.pricing.earning import EarningRates, earning_rates, points_earned
from checkout.pricing.unit_price import SpecialPrice, UnitPrice, unit_price
from checkout.returns.apportion import KeptLine, goes_back
from checkout.returns.shortfall import reverse_earned
from checkout.standing import StandingOrder
from kernel.clock import end_of_same_date_next_year
from kernel.money import Money, round_half_up, split
from members.ledger.posting import post
from members.tables import EntryKind
from members.tiers import validity_window
from program.config import Program
from tests.support.programs import program
from tests.support.standings import beijing, order, standing, versions

__all__ = [
    "a_year_from",
    "bought",
    "earned",
    "member",
    "offer",
    "order_of",
    "price",
    "rate",
    "reverse",
    "rounded",
    "settled",
    "show",
    "split",
    "take_back",
    "vancl",
    "year_ends",
    "yuan",
]

CNY = "CNY"


class Shown(str):
    """A text that shows itself without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class Yuan(Money):
    """Money that shows itself as an amount."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)

    def times(self, rate: Decimal) -> Yuan:
        return Yuan(super().times(rate).minor, CNY)

    def __mul__(self, count: int) -> Yuan:
        return Yuan(super().__mul__(count).minor, CNY)


def yuan(text: str) -> Yuan:
    return Yuan(Money.parse(text, CNY).minor, CNY)


def rate(text: str) -> Decimal:
    return Decimal(text)


def rounded(text: str) -> Yuan:
    return Yuan(round_half_up(Decimal(text).scaleb(2)), CNY)


def vancl(*, excluded: Sequence[str] | None = None, acquire: str | None = None) -> Program:
    changes: dict[str, object] = {}
    if excluded is not None:
        changes["tier_discount.excluded_classes"] = list(excluded)
    if acquire is not None:
        changes["tiers.levels.1.acquire"] = acquire
    return program(**changes)


def price(shop: Program, tier: str, regular: str, *, sale: str | None = None) -> UnitPrice:
    special = None if sale is None else SpecialPrice(yuan(sale), "SALE")
    return unit_price(shop, shop.tier(tier), yuan(regular), special)


def show(found: UnitPrice) -> Shown:
    return Shown("\n  ".join([f"{found.price_class} {found.cash}", *(f"{s.rule} {s.change}" for s in found.steps)]))


def earned(shop: Program, tier: str, cash: str, *, by_card: str = "0", points_rate: str | None = None) -> int:
    own = None if points_rate is None else Decimal(points_rate)
    rates = earning_rates(shop, shop.tier(tier), "REGULAR", points_rate=own, third_party=False)
    return points_earned(yuan(cash), yuan(by_card), rates)


def a_year_from(text: str) -> Shown:
    return _local(end_of_same_date_next_year(beijing(text), program().zone))


def offer(*, regular: str, cash: str, points: int) -> Shown:
    share = discount_share(yuan(regular).minor, yuan(cash).minor)
    worth = Yuan(implied_value_of_100(yuan(regular).minor, yuan(cash).minor, points), CNY)
    told = [f"gives away {shown_share(share)} of the price", f"100 points are worth {worth}"]
    return Shown("; ".join([*told, *(w.reason for w in warnings(share, program().discount_share_guidance))]))


def bought(quantity: int, cash: str, *, by_card: str = "0", points: int = 0) -> KeptLine:
    rates = EarningRates(Decimal(2), Decimal(1), Decimal(1))
    return KeptLine("line", None, None, quantity, 0, yuan(cash), yuan(by_card), points, rates)


def take_back(line: KeptLine, units: int) -> Shown:
    back = goes_back([line], {line.id: units})
    line.returned += units
    return Shown(
        f"cash {back.cash}, of which {back.gift_card} to the card; {back.points} points back, {back.earned} not earned"
    )


def reverse(shop: Program, *, earned: int, available: int) -> Shown:
    reversal = reverse_earned(shop, earned, available)
    return Shown(f"{reversal.points} points taken, {reversal.withheld} withheld")


def settled(shop: Program, tier: str, spend: str) -> Shown:
    found = standing(tier_code=tier)
    validity_window.spend_settles(found.book, shop, yuan(spend), beijing("2026-06-01 00:00"))
    return Shown(f"{found.book.account.tier_code} with {Yuan(found.book.account.qualifying_spend, CNY)}")


def year_ends(shop: Program, tier: str, spend: str) -> str:
    return validity_window.kept_tier(shop, shop.tier(tier), yuan(spend)).code


def order_of(cash: str, *, earns: int, points: int = 0) -> dict[str, int]:
    return {"spend_kept": yuan(cash).minor, "points_to_earn": earns, "points": points}


class Member:
    """A member of a shop in memory, whose orders are paid, shipped and cancelled without goods or money."""

    def __init__(self, shop: Program, points: int, until: str | None, then: tuple[str, Program] | None) -> None:
        self._programs = versions(("2026-01-01 00:00", shop), *([then] if then else []))
        self._standing = standing(balance=points, expires_at=None if until is None else beijing(until))
        self._numbers = count(1)

    def ships(self, figures: dict[str, int], *, at: str) -> StandingOrder:
        """Paid and shipped at one instant."""
        paid = self._places(figures, "SHIPPED", at)
        paid.settles_at = beijing(at) + self._programs.at(beijing(at)).program.settlement_period
        return paid

    def pays(self, figures: dict[str, int], *, at: str) -> StandingOrder:
        return self._places(figures, "PAID", at)

    def reserves(self, figures: dict[str, int], *, at: str) -> StandingOrder:
        """Placed, and to be paid within the program's minutes."""
        placed = self._places(figures, "AWAITING_PAYMENT", at)
        placed.paid_at = None
        minutes = self._programs.at(beijing(at)).program.pay_within_minutes
        placed.pay_before = datetime.fromtimestamp(beijing(at).timestamp() + 60 * minutes, beijing(at).tzinfo)
        return placed

    def cancels(self, cancelled: StandingOrder, *, at: str) -> Shown:
        now = self._advance(at)
        cancel(self._standing, self._programs.at(now).program, cancelled, now)
        advance(self._standing, self._programs, now, since=now)
        return self._view()

    def at(self, text: str) -> Shown:
        """What the member sees at a time; all that was due by then has happened."""
        self._advance(text)
        return self._view()

    def ledger(self) -> Shown:
        return Shown("\n".join(f"{_local(e.occurred_at)} {e.kind} {e.points}" for e in self._standing.book.entries))

    def _places(self, figures: dict[str, int], status: str, at: str) -> StandingOrder:
        now = self._advance(at)
        account = self._standing.book.account
        placed = order(next(self._numbers), status, paid_at=now, points_expired_at=account.expires_at, **figures)
        self._standing.orders.append(placed)
        post(self._standing.book, EntryKind.HELD, -placed.points, at=now, source=f"order:{placed.id}:hold")
        return placed

    def _advance(self, text: str) -> datetime:
        advance(self._standing, self._programs, beijing(text))
        return beijing(text)

    def _view(self) -> Shown:
        account = self._standing.book.account
        until = f" until {_local(account.expires_at)}" if account.expires_at else ""
        spend = Yuan(account.qualifying_spend, CNY)
        return Shown(f"{account.tier_code}, {account.balance} points{until}, spend {spend}")


def member(
    shop: Program, *, points: int = 0, until: str | None = None, then: tuple[str, Program] | None = None
) -> Member:
    """A member with some points; `then` is another version of the program, and its start."""
    return Member(shop, points, until, then)


def _local(instant: datetime) -> Shown:
    return Shown(f"{instant.astimezone(program().zone):%Y-%m-%d %H:%M}")

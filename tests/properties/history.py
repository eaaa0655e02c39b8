"""A history of a small shop as a list of steps, and how it is played: on time, late, twice, or never by any job.

Steps name what they are about by a number, taken from what there is at that moment; what does not apply is
refused, and the refusal is part of what is compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from checkout.points import points_liability
from checkout.queries import order_page, return_page
from checkout.timeline import bring_up_to_date
from kernel.database import Database
from kernel.paging import Window
from kernel.refusals import Refused
from members.account import accounts_by_id, accounts_t
from members.gift_cards import gift_cards_of
from members.ledger.queries import entry_page
from members.tiers.periods import tier_periods_of
from tests.support.programs import vancl
from tests.support.shop import PlayShop

MEMBERS = 3
EVERYTHING = Window(size=10_000)

Step = tuple[Any, ...]

# Lengths at whose end things fall due, and a little on either side.
WAITS = [
    timedelta(minutes=29), timedelta(minutes=30), timedelta(minutes=31), timedelta(hours=15), timedelta(days=1),
    timedelta(days=10), timedelta(days=29, hours=23), timedelta(days=30), timedelta(days=31), timedelta(days=200),
    timedelta(days=335), timedelta(days=366), timedelta(days=400),
]  # fmt: skip

BASKETS = [
    {"shirt": 1},
    {"shirt": 3},
    {"socks": 7},
    {"shirt": 2, "socks": 1, "shirt+": 1},
    {"shirt+": 2},
    {"lamp+": 1},
    {"gold": 1},
    {"gold": 2, "lamp": 1},
]
GIFTS = [None, None, "6.66", "50.00"]
TIERS = ["ORDINARY", "VIP", "SVIP"]
POINTS = [-1500, -100, 100, 1500, 4000]

PROGRAMS = [
    vancl(),
    vancl(**{"settlement.days": 7, "points.rates.REGULAR": "3", "returns.refresh_expiry_on": []}),
    vancl(
        **{
            "tiers.levels.1.acquire": "1000.00",
            "tiers.levels.2.keep": "1500.00",
            "orders.pay_within_minutes": 60,
            "returns.window_days": 400,
            "points.value_of_100": "7.50",
        }
    ),
]
EFFECTIVE = [timedelta(0), timedelta(minutes=30), timedelta(days=30), timedelta(days=100)]


def _step(chance: Random) -> Step:
    """One thing that may happen. Members buy more often than programs change."""
    who, member, back = chance.choice(["member", "staff", "staff"]), chance.randrange(MEMBERS), chance.randrange(3)
    basket, gift = chance.choice(BASKETS), chance.choice(GIFTS)
    kind = chance.choice(["REFUND", "REFUND", "REFUND", "SWAP"])
    possible: list[tuple[int, Step]] = [
        (10, ("wait", chance.choice(WAITS[:5]))),
        (12, ("wait", chance.choice(WAITS[4:9]))),
        (3, ("wait", chance.choice(WAITS[9:]))),
        (16, ("sell", member, basket, gift)),
        (6, ("buy", member, basket, gift)),
        (8, ("reserve", member, basket, gift)),
        (6, ("pay", chance.randrange(2))),
        (3, ("pays", chance.randrange(2))),
        (6, ("ship", back)),
        (3, ("cancel", back)),
        (3, ("cash", back)),
        (10, ("take_back", back, chance.randrange(3), who, kind)),
        (10, ("ask", back, chance.randrange(3), who, kind)),
        (12, ("receive", chance.randrange(2), chance.random() < 0.7)),
        (2, ("withdraw", back)),
        (2, ("reject", back)),
        (6, ("adjust", member, chance.choice(POINTS))),
        (2, ("set_tier", member, chance.choice(TIERS))),
        (3, ("publish", chance.randrange(len(PROGRAMS)), chance.choice(EFFECTIVE))),
    ]
    return chance.choices([step for _, step in possible], [weight for weight, _ in possible])[0]


def _history(seed: int, length: int) -> list[Step]:
    chance = Random(seed)
    return [_step(chance) for _ in range(length)]


# By a seed: left to draw each step, Hypothesis prefers histories in which hardly anything happens.
histories = st.builds(_history, st.integers(0, 2**32), st.integers(10, 45))


@dataclass
class Story:
    """A history being played in one shop."""

    db: Database
    told: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.shop = shop = PlayShop(self.db)
        shop.stock("shirt", "199.00", 9)
        shop.stock("socks", "9.90", 30)
        shop.special("socks", "6.60", "SALE", ends="2026-06-01T00:00")
        shop.stock("lamp", "129.00", 5, third_party=True)
        shop.stock("gold", "1000.00", 9)
        shop.offer("shirt+", "shirt", "169.00", 1500, per_member_limit=6, quota=9)
        shop.offer("lamp+", "lamp", "100.00", 700, ends="2027-01-01T00:00")
        self.members = [shop.enrol(str(i), points=6_000, gift_card="100.00") for i in range(MEMBERS)]
        self.orders: list[str] = []
        self.returns: list[str] = []

    def play(self, steps: list[Step], *, before: Callable[[], object], after: Callable[[], object], wait: bool) -> None:
        """`wait`: time stands still at each instant at which something is due, and the jobs run there."""
        for step in steps:
            before()
            if step[0] == "wait":
                self._wait(step[1], stopping=wait)
            else:
                self.told.append(self._do(*step))
            after()

    def _wait(self, by: timedelta, *, stopping: bool) -> None:
        until = self.shop.now + by
        while stopping:
            due = self._next_due()
            if due is None or due > until:
                break
            self.shop.move(max(due, self.shop.now))
            self.shop.run_jobs()
        self.shop.move(until)

    def _next_due(self) -> datetime | None:
        with self.db.read() as conn:
            return conn.execute(select(func.min(accounts_t.c.next_due_at))).scalar()

    def _do(self, verb: str, *about: Any) -> str:
        try:
            return getattr(self, f"_{verb}")(*about) or "done"
        except Refused as refused:
            return ", ".join(type(refusal).__name__ for refusal in refused.refusals)
        finally:
            # The outbox goes by the machine's time, whoever looks after what falls due by the shop's.
            self.shop.deliver()

    def _sell(self, member: int, basket: dict[str, int], gift: str | None) -> None:
        self.orders.append(self.shop.sell(self.members[member], basket, gift_card=gift))

    def _buy(self, member: int, basket: dict[str, int], gift: str | None) -> None:
        self.orders.append(self.shop.buy(self.members[member], basket, gift_card=gift))

    def _reserve(self, member: int, basket: dict[str, int], gift: str | None) -> None:
        self.orders.append(self.shop.reserve(self.members[member], basket, gift_card=gift))

    def _pay(self, back: int) -> str | None:
        return str(self.shop.pay(order)) if (order := self._order(back)) else None

    def _pays(self, back: int) -> str | None:
        """Money arrives, and nobody tells us: it is found when the order's time is up, or never."""
        return str(self.shop.gateway.pay(order)) if (order := self._order(back)) else None

    def _ship(self, back: int) -> None:
        if order := self._order(back):
            self.shop.ship(order)

    def _cancel(self, back: int) -> None:
        if order := self._order(back):
            self.shop.cancel(order)

    def _cash(self, back: int) -> None:
        if order := self._order(back):
            self.shop.cash(order)

    def _ask(self, back: int, how: int, by: str, kind: str) -> None:
        """0: everything; 1: one unit of the first line; 2: half of each line."""
        if order := self._order(back):
            lines = self.shop.lines(order)
            names = [self.shop.line_name(line) for line in lines]
            units = {name: line.quantity for name, line in zip(names, lines, strict=True)}
            if how == 1:
                units = {names[0]: 1}
            elif how == 2:
                units = {name: (count + 1) // 2 for name, count in units.items()}
            self.returns.append(self.shop.return_units(order, units, by=by, kind=kind))

    def _take_back(self, back: int, how: int, by: str, kind: str) -> None:
        if back < len(self.orders):
            self._ask(back, how, by, kind)
            self._receive(0, True)

    def _receive(self, back: int, restock: bool) -> None:
        if found := self._return(back):
            self.shop.receive(found, restock=restock)

    def _withdraw(self, back: int) -> None:
        if found := self._return(back):
            self.shop.withdraw(found)

    def _reject(self, back: int) -> None:
        if found := self._return(back):
            self.shop.reject(found)

    def _adjust(self, member: int, points: int) -> None:
        self.shop.adjust(self.members[member], points)

    def _set_tier(self, member: int, tier: str) -> None:
        self.shop.set_tier(self.members[member], tier)

    def _publish(self, which: int, delay: timedelta) -> None:
        effective = None if not delay else (self.shop.now + delay).astimezone(self.shop.program.zone)
        self.shop.publish(
            PROGRAMS[which], effective=None if effective is None else effective.replace(tzinfo=None).isoformat()
        )

    def _order(self, back: int) -> str | None:
        """The latest but so many."""
        return self.orders[-1 - back] if back < len(self.orders) else None

    def _return(self, back: int) -> str | None:
        return self.returns[-1 - back] if back < len(self.returns) else None

    # --------------------------------------------------------------- afterwards

    def each_member_up_to_date(self) -> None:
        for member in self.members:
            bring_up_to_date(self.shop.shop, member)

    def look_at_everybody(self) -> None:
        """Brings members up to date who would not have been thought of: nobody's account may have been forgotten."""
        with self.db.write() as tx:
            tx.execute(accounts_t.update().values(next_due_at=self.shop.clock.now() - timedelta(days=9_999)))
        self.shop.run_jobs()

    def result(self) -> dict[str, Any]:
        """All that must not depend on when somebody looked. Members, orders and returns by number, not by id."""
        shop = self.shop
        with self.db.read() as conn:
            return {
                "told": self.told,
                "members": [self._member(conn, member) for member in self.members],
                "orders": self._orders(conn),
                "returns": self._returns(conn),
                "stock": [shop.shelf(sku) for sku in shop.variants],
                "offers": [shop.redeemed(key) for key in shop.offers],
                "liability": points_liability(conn),
            }

    def _member(self, conn: Connection, member: str) -> dict[str, Any]:
        account = accounts_by_id(conn, [member])[member]
        return {
            # `next_due_at` only promises not to be too late.
            "account": [
                getattr(account, name) for name in account.__slots__ if name not in ("member_id", "next_due_at")
            ],
            "ledger": [
                (e.seq, e.kind, e.points, e.balance_after, e.occurred_at, e.expires_at_after)
                for e in entry_page(conn, EVERYTHING, member).items
            ],
            "tiers": [(p.tier_code, p.from_at, p.reason) for p in tier_periods_of(conn, [member])[member]],
            "cards": [card.balance for card in gift_cards_of(conn, member)],
        }

    def _orders(self, conn: Connection) -> list[Any]:
        found = {order.id: order for order in order_page(conn, EVERYTHING).items}
        payments = [self.shop.payment(order) for order in self.orders]
        return [
            (o.status, o.program_version, o.tier_code, o.settles_at, o.settled_at, o.cancelled_at, o.points_to_earn)
            + ((p.status, p.amount, p.refunded) if p else ())
            for o, p in zip([found[order] for order in self.orders], payments, strict=True)
        ]

    def _returns(self, conn: Connection) -> list[Any]:
        found = {r.id: r for r in return_page(conn, EVERYTHING).items}
        skipped = ("id", "number", "order_id", "member_id")
        return [
            {name: getattr(found[r], name) for name in found[r].__slots__ if name not in skipped} for r in self.returns
        ]


def replayed(story: Story) -> None:
    """The entries alone say what the balance is, and where each point is (R9)."""
    with story.db.read() as conn:
        whole = astuple(points_liability(conn))
        _adds_up(whole)
        parts = [_liability_of(story, conn, member) for member in story.members]
    assert [sum(column) for column in zip(*parts, strict=True)] == list(whole)


def _liability_of(story: Story, conn: Connection, member: str) -> tuple[int, ...]:
    entries = entry_page(conn, EVERYTHING, member).items[::-1]
    balance = 0
    for number, entry in enumerate(entries, 1):
        balance += entry.points
        assert (entry.seq, entry.balance_after) == (number, balance)
        assert balance >= 0
        assert entry.points != 0
    account = accounts_by_id(conn, [member])[member]
    assert (account.balance, account.entries) == (balance, len(entries))
    assert len({entry.source for entry in entries}) == len(entries)
    orders = order_page(conn, EVERYTHING, member_id=member).items
    pending = sum(order.points_to_earn for order in orders if order.status in ("PAID", "SHIPPED"))
    unpaid = {order.id: order.points for order in orders if order.status == "AWAITING_PAYMENT"}

    def of(*kinds: str) -> int:
        return sum(entry.points for entry in entries if entry.kind in kinds)

    redeemed = -sum(
        entry.points
        for entry in entries
        if entry.kind in ("HELD", "RELEASED", "RETURNED") and entry.order_id not in unpaid
    )
    parts = (
        of("EARNED", "GRANTED") + pending,
        pending,
        balance,
        sum(unpaid.values()),
        redeemed,
        -of("EXPIRED"),
        -of("REVERSED"),
        of("ADJUSTED"),
    )
    _adds_up(parts)
    return parts


def _adds_up(parts: tuple[int, ...]) -> None:
    issued, pending, available, held, redeemed, expired, reversed_, adjusted = parts
    assert issued + adjusted == pending + available + held + redeemed + expired + reversed_

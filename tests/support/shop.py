"""A shop to play in: verbs of the product under short names, a clock that stands until it is moved.

Members, orders and returns are their ids. Goods are named by SKU, exchange offers by a key of the test's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

import pytest

from catalog.held import variant_of_sku
from catalog.plan_special_price import PlanSpecialPrice, plan_special_price
from catalog.queries import offers_by_id, variants_by_id
from catalog.records import VariantRecord
from catalog.save_exchange_offer import SaveExchangeOffer, save_exchange_offer
from catalog.save_product import SaveProduct, SaveVariant, save_product
from checkout.adjust_points import adjust_points
from checkout.basket import BasketLine
from checkout.cancel_order import cancel_order
from checkout.payments.handlers import payment_handlers
from checkout.payments.look_at_payment import look_at_payment
from checkout.payments.refunds import RefundRecord, refunds_of_orders
from checkout.payments.verdict import Verdict
from checkout.place_order import PlaceOrder, place_order
from checkout.points import Liability, PendingRecord, pending_of, points_liability
from checkout.publish_program import publish_program
from checkout.queries import (
    OrderLineRecord,
    OrderRecord,
    PaymentRecord,
    ReturnRecord,
    lines_of_orders,
    orders_by_id,
    payments_of_orders,
    returns_by_id,
)
from checkout.quote import Quoted, quote_basket
from checkout.record_cash import record_cash_payment
from checkout.returns.close_return import cancel_return, reject_return
from checkout.returns.eligibility import ReturnLine
from checkout.returns.finish import Outcome
from checkout.returns.preview_return import preview_return
from checkout.returns.receive_return import receive_return
from checkout.returns.request_return import RequestReturn, request_return
from checkout.set_tier import set_tier
from checkout.ship_order import ship_order
from checkout.shop import Shop
from checkout.timeline import bring_everyone_up_to_date, bring_up_to_date
from kernel.clock import FixedClock, SystemClock
from kernel.database import Database
from kernel.money import Money
from kernel.outbox import deliver
from kernel.paging import Window
from kernel.refusals import Refusal, Refused
from members.account import Account, accounts_by_id
from members.addresses import SaveAddress, save_address
from members.gift_cards import gift_cards_of, issue_gift_card
from members.ledger.entries import Entry
from members.ledger.queries import entry_page
from members.register import register
from members.tiers.periods import TierPeriod, tier_periods_of
from program.config import Program
from program.document import read_document
from program.versions import ProgramShelf, add_version, reference_document
from tests.support.fake_gateway import FakeGateway

STAFF = "staff@example.com"
STAFF_ID = "stf_00000000000000000000000000000001"

AnyRefusal = TypeVar("AnyRefusal", bound=Refusal)


@dataclass
class Refusing:
    """What stood in the way, once the block is over."""

    refusals: tuple[Refusal, ...] = ()

    def the(self, kind: type[AnyRefusal]) -> AnyRefusal:
        found = [refusal for refusal in self.refusals if isinstance(refusal, kind)]
        assert len(found) == 1, self.refusals
        return found[0]


@contextmanager
def refused(*kinds: type[Refusal]) -> Iterator[Refusing]:
    """The block is refused, for exactly these reasons."""
    told = Refusing()
    with pytest.raises(Refused) as caught:
        yield told
    told.refusals = caught.value.refusals
    assert [type(refusal) for refusal in told.refusals] == list(kinds), told.refusals


@dataclass
class PlayShop:
    """`at` is local time of the program. Amounts are texts in major units, points whole numbers."""

    db: Database
    opens: str = "2026-01-01T09:00"
    document: dict[str, Any] = field(default_factory=reference_document)

    def __post_init__(self) -> None:
        self.program: Program = read_document(self.document)
        self.gateway = FakeGateway()
        self.clock = FixedClock(self.local(self.opens))
        self.shop = Shop(self.db, self.clock, ProgramShelf(), self.gateway)
        self._numbers = count(1)
        self.variants: dict[str, str] = {}
        self.offers: dict[str, str] = {}
        self.addresses: dict[str, str] = {}
        with self.db.write() as tx:
            add_version(tx, self.document, self.program, self.now, self.now, "jifen")

    # ------------------------------------------------------------------ time
    @property
    def now(self) -> datetime:
        return self.clock.now()

    def local(self, text: str) -> datetime:
        """An instant by the program's local time."""
        return datetime.fromisoformat(text).replace(tzinfo=self.program.zone)

    def at(self, text: str) -> None:
        """Moves the clock to a local time."""
        self.move(self.local(text))

    def move(self, to: datetime) -> None:
        assert to >= self.now, "the clock does not go back"
        self.clock = FixedClock(to)
        self.shop = Shop(self.db, self.clock, self.shop.shelf, self.gateway)

    def later(self, **by: float) -> None:
        self.move(self.now + timedelta(**by))

    def days_later(self, days: int) -> None:
        self.later(days=days)

    def run_jobs(self) -> int:
        return bring_everyone_up_to_date(self.shop)

    # ----------------------------------------------------------------- set-up
    def enrol(self, name: str, *, points: int = 0, tier: str | None = None, gift_card: str | None = None) -> str:
        """A new member with an address."""
        with self.db.write() as tx:
            member = register(tx, None, name, program=self._in_force(), now=self.now)
            address = SaveAddress(recipient=name, phone="+8613800138000", region="上海", line="1", is_default=True)
            self.addresses[member] = save_address(tx, member, address)
        if points:
            self.adjust(member, points)
        if tier:
            self.set_tier(member, tier)
        if gift_card:
            self.gift_card(member, gift_card)
        return member

    def stock(
        self,
        sku: str,
        price: str,
        on_hand: int = 1_000,
        *,
        third_party: bool = False,
        points_rate: str | None = None,
        tier: str | None = None,
        published: tuple[str | None, str | None] = (None, None),
    ) -> str:
        """Goods for sale, one variant; `published` from one local time until another."""
        starts_at, ends_at = (None if text is None else self.local(text) for text in published)
        command = SaveProduct(
            slug=sku.lower(),
            name=sku,
            variants=(SaveVariant(sku, Decimal(price), on_hand=on_hand),),
            third_party=third_party,
            points_rate=None if points_rate is None else Decimal(points_rate),
            required_tier_code=tier,
            published_from=starts_at,
            published_until=ends_at,
        )
        with self.db.write() as tx:
            save_product(tx, command, now=self.now, program=self._in_force())
            saved = variant_of_sku(tx, sku)
        assert saved is not None
        self.variants[sku] = saved.id
        return sku

    def special(
        self, sku: str, price: str, price_class: str = "SALE", *, starts: str | None = None, ends: str | None = None
    ) -> None:
        starts_at, ends_at = (None if text is None else self.local(text) for text in (starts, ends))
        command = PlanSpecialPrice(sku, Decimal(price), price_class, starts_at, ends_at)
        with self.db.write() as tx:
            plan_special_price(tx, command, now=self.now, program=self._in_force())

    def offer(
        self,
        key: str,
        sku: str,
        cash: str,
        points: int,
        *,
        per_member_limit: int | None = None,
        daily: int | None = None,
        weekly: int | None = None,
        monthly: int | None = None,
        quota: int | None = None,
        starts: str | None = None,
        ends: str | None = None,
        tier: str | None = None,
    ) -> str:
        starts_at, ends_at = (None if text is None else self.local(text) for text in (starts, ends))
        command = SaveExchangeOffer(
            sku,
            Decimal(cash),
            points,
            starts_at=starts_at,
            ends_at=ends_at,
            quota=quota,
            per_member_limit=per_member_limit,
            daily_limit=daily,
            weekly_limit=weekly,
            monthly_limit=monthly,
            required_tier_code=tier,
        )
        with self.db.write() as tx:
            self.offers[key] = save_exchange_offer(tx, command, now=self.now, program=self._in_force())
        return key

    def gift_card(self, member: str, amount: str) -> str:
        with self.db.write() as tx:
            card, _ = issue_gift_card(
                tx,
                secret=b"test",
                amount=Decimal(amount),
                currency=self.program.currency,
                member_id=member,
                staff_id=STAFF_ID,
                idempotency_key=self._key(),
                now=self.now,
            )
        return card

    def publish(self, document: dict[str, Any], *, effective: str | None = None) -> int:
        """Publishes another version of the program, in force from now on or from a local time."""
        return publish_program(self.shop, document, None if effective is None else self.local(effective), STAFF)

    # ----------------------------------------------------------------- verbs
    def basket(self, goods: Mapping[str, int]) -> tuple[BasketLine, ...]:
        """Lines by SKU or by the key of an offer."""
        return tuple(
            BasketLine(None, self.offers[name], quantity)
            if name in self.offers
            else BasketLine(self.variants[name], None, quantity)
            for name, quantity in goods.items()
        )

    def quote(self, member: str | None, goods: Mapping[str, int], gift_card: str | None = None) -> Quoted:
        with self.db.read() as conn:
            program = self.shop.shelf.programs(conn).at(self.now).program
            account = accounts_by_id(conn, [member])[member] if member else None
            amount = None if gift_card is None else Decimal(gift_card)
            return quote_basket(
                conn, program, account=account, lines=self.basket(goods), gift_card_amount=amount, now=self.now
            )

    def buy(
        self,
        member: str,
        goods: Mapping[str, int] | None,
        *,
        gift_card: str | None = None,
        pay: str = "CASH_ON_DELIVERY",
        key: str | None = None,
        expected_due: str | None = None,
    ) -> str:
        """Places an order, paid on delivery unless told otherwise. No goods: the cart."""
        command = PlaceOrder(
            member_id=member,
            idempotency_key=key or self._key(),
            lines=None if goods is None else self.basket(goods),
            address_id=self.addresses[member],
            payment_method=pay,
            gift_card_amount=None if gift_card is None else Decimal(gift_card),
            expected_due=None if expected_due is None else Decimal(expected_due),
        )
        return place_order(self.shop, command)

    def reserve(self, member: str, goods: Mapping[str, int], *, gift_card: str | None = None) -> str:
        """Places an order that waits for its payment."""
        return self.buy(member, goods, gift_card=gift_card, pay="STRIPE")

    def pay(self, order: str) -> bool:
        """The member looks at the order and pays on the device, and the provider tells us. Whether it is paid now."""
        bring_up_to_date(self.shop, self.order(order).member_id)
        return self.gateway.pay(order) and look_at_payment(self.shop, order) is Verdict.PAID

    def deliver(self) -> int:
        """What waits to leave the house leaves it."""
        return deliver(self.db, payment_handlers(self.shop), clock=SystemClock().now)

    def cash(self, order: str) -> None:
        record_cash_payment(self.shop, order, actor=STAFF)

    def ship(self, order: str) -> str:
        return ship_order(self.shop, order, carrier=None, tracking_number=None, actor=STAFF)

    def sell(self, member: str, goods: Mapping[str, int], *, gift_card: str | None = None) -> str:
        """Bought and shipped at one instant."""
        return self.ship(self.buy(member, goods, gift_card=gift_card))

    def sell_and_settle(self, member: str, goods: Mapping[str, int], *, gift_card: str | None = None) -> str:
        """Bought, shipped, and settled when its time has come: the clock moves there."""
        order = self.sell(member, goods, gift_card=gift_card)
        settles_at = self.order(order).settles_at
        assert settles_at is not None
        self.move(settles_at)
        bring_up_to_date(self.shop, member)
        return order

    def cancel(self, order: str) -> None:
        cancel_order(self.shop, order, member_id=self.order(order).member_id)

    def return_lines(self, order: str, units: Mapping[str, int]) -> tuple[ReturnLine, ...]:
        ids = {self.line_name(line): line.id for line in self.lines(order)}
        return tuple(ReturnLine(ids[name], quantity) for name, quantity in units.items())

    def return_units(
        self, order: str, units: Mapping[str, int], *, by: str = "member", kind: str = "REFUND", key: str | None = None
    ) -> str:
        """Asks for a return or swap of units by SKU, or by the key of the offer they were bought through."""
        staff = by == "staff"
        command = RequestReturn(
            order_id=order,
            kind=kind,
            lines=self.return_lines(order, units),
            reason="test",
            idempotency_key=key or self._key(),
            member_id=None if staff else self.order(order).member_id,
            staff_id=STAFF_ID if staff else None,
            actor=STAFF if staff else None,
        )
        return request_return(self.shop, command)

    def preview(self, order: str, units: Mapping[str, int], *, kind: str = "REFUND") -> Outcome:
        return preview_return(
            self.shop,
            order_id=order,
            kind=kind,
            lines=self.return_lines(order, units),
            member_id=self.order(order).member_id,
        )

    def receive(self, return_id: str, *, restock: bool = True) -> ReturnRecord:
        """The goods are here; tells what went back."""
        receive_return(self.shop, return_id, restock=restock, note=None, actor=STAFF)
        return self.returned(return_id)

    def take_back(self, order: str, units: Mapping[str, int], *, by: str = "member") -> ReturnRecord:
        """Asked for and received at one instant."""
        return self.receive(self.return_units(order, units, by=by))

    def swap(self, order: str, units: Mapping[str, int], *, restock: bool = True) -> ReturnRecord:
        return self.receive(self.return_units(order, units, kind="SWAP"), restock=restock)

    def withdraw(self, return_id: str) -> None:
        """The member takes the request back."""
        cancel_return(self.shop, return_id, member_id=self.returned(return_id).member_id)

    def reject(self, return_id: str) -> None:
        reject_return(self.shop, return_id, reason="test", actor=STAFF)

    def adjust(self, member: str, points: int, *, key: str | None = None) -> None:
        adjust_points(
            self.shop,
            member_id=member,
            points=points,
            reason="test",
            idempotency_key=key or self._key(),
            staff_id=STAFF_ID,
            actor=STAFF,
        )

    def set_tier(self, member: str, tier: str) -> None:
        set_tier(self.shop, member_id=member, tier_code=tier, reason="test", actor=STAFF)

    # ------------------------------------------------------------ what is there
    def account(self, member: str) -> Account:
        """Brought up to date first, as every reader of an account does."""
        bring_up_to_date(self.shop, member)
        with self.db.read() as conn:
            return accounts_by_id(conn, [member])[member]

    def points(self, member: str) -> int:
        return self.account(member).balance

    def expiry(self, member: str) -> str | None:
        """In the program's local time: "2027-01-03T00:00"."""
        return self.told(self.account(member).expires_at)

    def tier(self, member: str) -> str:
        return self.account(member).tier_code

    def spend(self, member: str) -> str:
        return str(Money(self.account(member).qualifying_spend, self.program.currency))

    def review(self, member: str) -> str | None:
        return self.told(self.account(member).tier_review_at)

    def told(self, instant: datetime | None) -> str | None:
        if instant is None:
            return None
        return instant.astimezone(self.program.zone).isoformat(timespec="minutes")[:16]

    def pending(self, member: str) -> PendingRecord:
        bring_up_to_date(self.shop, member)
        with self.db.read() as conn:
            return pending_of(conn, [member])[member]

    def entries(self, member: str) -> list[Entry]:
        """First to last."""
        bring_up_to_date(self.shop, member)
        with self.db.read() as conn:
            return entry_page(conn, Window(size=1_000), member).items[::-1]

    def ledger(self, member: str) -> list[tuple[str, int]]:
        """Kinds and points, first to last."""
        return [(entry.kind, entry.points) for entry in self.entries(member)]

    def tier_periods(self, member: str) -> list[TierPeriod]:
        bring_up_to_date(self.shop, member)
        with self.db.read() as conn:
            return tier_periods_of(conn, [member])[member]

    def order(self, order: str) -> OrderRecord:
        with self.db.read() as conn:
            return orders_by_id(conn, [order])[order]

    def lines(self, order: str) -> list[OrderLineRecord]:
        with self.db.read() as conn:
            return lines_of_orders(conn, [order])[order]

    def payment(self, order: str) -> PaymentRecord | None:
        with self.db.read() as conn:
            return payments_of_orders(conn, [order]).get(order)

    def refunds(self, order: str) -> list[RefundRecord]:
        """Newest first."""
        with self.db.read() as conn:
            return refunds_of_orders(conn, [order])[order]

    def returned(self, return_id: str) -> ReturnRecord:
        with self.db.read() as conn:
            return returns_by_id(conn, [return_id])[return_id]

    def gift_cards(self, member: str) -> list[str]:
        """What is left on each card, oldest first."""
        bring_up_to_date(self.shop, member)
        with self.db.read() as conn:
            return [str(card.balance) for card in gift_cards_of(conn, member)]

    def variant(self, sku: str) -> VariantRecord:
        with self.db.read() as conn:
            id_ = self.variants[sku]
            return variants_by_id(conn, [id_], self.now)[id_]

    def shelf(self, sku: str) -> tuple[int, int]:
        """On hand, and reserved of it."""
        variant = self.variant(sku)
        return variant.on_hand, variant.reserved

    def redeemed(self, key: str) -> int:
        with self.db.read() as conn:
            id_ = self.offers[key]
            return offers_by_id(conn, [id_])[id_].redeemed

    def liability(self) -> Liability:
        self.run_jobs()
        with self.db.read() as conn:
            return points_liability(conn)

    # ------------------------------------------------------------------ inside
    def _key(self) -> str:
        return f"key-{next(self._numbers)}"

    def _in_force(self) -> Program:
        with self.db.read() as conn:
            return self.shop.shelf.programs(conn).at(self.now).program

    def line_name(self, line: OrderLineRecord) -> str:
        for key, offer in self.offers.items():
            if offer == line.exchange_offer_id:
                return key
        return line.sku

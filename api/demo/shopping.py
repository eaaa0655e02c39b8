"""How the demo's members shop: they join, fill baskets, redeem points, pay with gift cards, keep things in the cart."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from api.demo.diary import DAYS
from api.demo.fates import KEPT, befall, draw_fate
from api.demo.marketing import GOODS
from api.demo.people import DEVOTED, PEOPLE, Person, Purchase, phone_of
from api.demo.stage import Stage
from catalog.queries import offers_by_id
from checkout.adjust_points import adjust_points
from checkout.basket import BasketLine
from checkout.cart import set_cart_line
from checkout.place_order import PlaceOrder, place_order
from checkout.pricing.basket import Quote
from checkout.quote import quote_basket
from checkout.set_tier import set_tier
from checkout.tables import PaymentMethod
from checkout.timeline import bring_up_to_date
from kernel.money import Money
from members.account import Account, accounts_by_id
from members.addresses import SaveAddress, save_address
from members.gift_cards import gift_card_balance, issue_gift_card
from members.profile import ProfileChange, update_profile
from members.register import register
from staff.tables import Role

TRIES = 4
REDEEMS = 0.4
GIFT_CARD_DAYS = (70, 210, 365)
GIFT_CARDS = ("100.00", "200.00", "300.00")
HONOURED = "文静"
"""Whom the shop makes a VIP by hand."""
PRESENTS = ((200, "生日祝福"), (300, "晒单奖励"), (500, "物流延误补偿"))


class Shopper:
    """One member, from joining on."""

    def __init__(self, stage: Stage, person: Person, phone: str) -> None:
        self._stage = stage
        self._person = person
        self._phone = phone
        self._member = self._address = ""

    def join(self) -> None:
        stage, person = self._stage, self._person
        now, program = stage.diary.now, stage.program
        with stage.shop.db.write() as tx:
            number = f"{stage.chance.randrange(10**7, 10**8)}"
            self._member = register(tx, self._phone, person.nickname, program=program, now=now, number=number)
            change = ProfileChange(
                gender=person.gender, birthday=person.birthday, region=person.region, occupation=person.occupation
            )
            update_profile(tx, self._member, change, now=now, zone=program.zone)
            self._address = save_address(
                tx,
                self._member,
                SaveAddress(recipient=person.name, phone=self._phone, region=person.region, line=person.street),
            )
        for purchase in person.told:
            self._plan(purchase)
        if person.habit is not None:
            self._come_again(first=True)

    def _plan(self, purchase: Purchase) -> None:
        # On the day of joining, after it.
        hour, minute = self._stage.chance.randint(12, 21), self._stage.chance.randrange(60)
        self._stage.diary.on(purchase.day, hour, minute, partial(self._buy, purchase.yuan, purchase.fate))

    def _come_again(self, *, first: bool = False) -> None:
        habit, chance = self._person.habit, self._stage.chance
        assert habit is not None
        days = chance.randint(0, 6) if first else chance.randint(*habit.every)
        hour, minute = chance.choice((10, 12, 13, 19, 20, 21, 22)), chance.randrange(60)
        self._stage.diary.after(days, hour, minute, self._visit)

    def _visit(self) -> None:
        habit, chance = self._person.habit, self._stage.chance
        assert habit is not None
        self._buy(chance.randint(*habit.spends), "")
        self._come_again()

    def _buy(self, yuan: int, fate: str) -> None:
        """Orders something for about this much; where nothing can be had, nothing."""
        stage = self._stage
        bring_up_to_date(stage.shop, self._member)
        redeems = stage.chance.random() < REDEEMS
        for attempt in range(TRIES):
            goods = self._fill(yuan)
            # Points are tried first, and given up where they stand in the way.
            offered = self._redeem() if redeems and attempt == 0 else ()
            quote = self._quote((*goods, *offered))
            if quote is None:
                continue
            gift = self._gift_card(quote)
            order_id = place_order(
                stage.shop,
                PlaceOrder(
                    member_id=self._member,
                    idempotency_key=stage.key(),
                    lines=(*goods, *offered),
                    address_id=self._address,
                    payment_method=PaymentMethod.CASH_ON_DELIVERY,
                    gift_card_amount=gift,
                    expected_points=quote.totals.points,
                ),
            )
            befall(stage, order_id, fate or draw_fate(stage))
            return

    def _fill(self, yuan: int) -> tuple[BasketLine, ...]:
        """Goods of about this value, at regular prices, that this member's tier may buy."""
        stage, tier = self._stage, self._tier()
        open_to = [g for g in GOODS.values() if g.tier is None or stage.program.tier(g.tier).rank <= tier]
        chosen: dict[str, int] = {}
        left = Decimal(yuan)
        while left > 0:
            # Nothing much dearer than what is left to spend.
            near = [g for g in open_to if Decimal(g.price) <= left + 80] or open_to[:1]
            good = stage.chance.choice(near)
            option, sku = stage.chance.choice(list(good.skus().items()))
            units = 2 if Decimal(good.price) < 100 and stage.chance.random() < 0.3 else 1
            chosen[sku] = chosen.get(sku, 0) + units
            left -= Decimal(good.prices.get(option, good.price)) * units
        return tuple(BasketLine(stage.variants[sku], None, units) for sku, units in chosen.items())

    def _redeem(self) -> tuple[BasketLine, ...]:
        """An offer that the points are enough for, if there is one."""
        stage, balance = self._stage, self._account().balance
        with stage.shop.db.read() as conn:
            offers = offers_by_id(conn, stage.offers)
        affordable = [id_ for id_ in stage.offers if offers[id_].points <= balance]
        return (BasketLine(None, stage.chance.choice(affordable), 1),) if affordable else ()

    def redeem_alone(self) -> None:
        """Orders the mug for points and nothing else."""
        stage = self._stage
        bring_up_to_date(stage.shop, self._member)
        lines = (BasketLine(None, stage.offers[0], 1),)
        if self._quote(lines) is None:
            return
        command = PlaceOrder(self._member, stage.key(), lines, self._address, PaymentMethod.CASH_ON_DELIVERY)
        befall(stage, place_order(stage.shop, command), KEPT)

    def get_gift_card(self, amount: str) -> None:
        stage = self._stage
        staff_id, _ = stage.staff[Role.SERVICE]
        money = Money.parse(amount, stage.program.currency)
        with stage.shop.db.write() as tx:
            id_, _ = issue_gift_card(
                tx,
                secret=stage.secret,
                amount=money.amount,
                currency=money.currency,
                member_id=self._member,
                staff_id=staff_id,
                idempotency_key=stage.key(),
                now=stage.diary.now,
            )
            stage.note(tx, Role.SERVICE, "issueGiftCard", id_, {"amount": str(money), "memberId": self._member})

    def get_points(self, points: int, reason: str) -> None:
        staff_id, email = self._stage.staff[Role.SERVICE]
        adjust_points(
            self._stage.shop,
            member_id=self._member,
            points=points,
            reason=reason,
            idempotency_key=self._stage.key(),
            staff_id=staff_id,
            actor=email,
        )

    def be_honoured(self) -> None:
        email = self._stage.email(Role.SERVICE)
        set_tier(self._stage.shop, member_id=self._member, tier_code="VIP", reason="周年庆特邀会员", actor=email)

    def think_it_over(self) -> None:
        """Leaves one or two things in the cart."""
        for line in self._fill(150)[:2]:
            set_cart_line(self._stage.shop, self._member, line)

    def _gift_card(self, quote: Quote) -> Decimal | None:
        with self._stage.shop.db.read() as conn:
            held = gift_card_balance(conn, self._member, quote.totals.total.currency)
        return min(held, quote.totals.total).amount if held else None

    def _quote(self, lines: Sequence[BasketLine]) -> Quote | None:
        stage = self._stage
        with stage.shop.db.read() as conn:
            quoted = quote_basket(
                conn,
                stage.program,
                account=self._account(),
                lines=lines,
                gift_card_amount=None,
                now=stage.diary.now,
            )
        return None if quoted.refusals else quoted.quote

    def _account(self) -> Account:
        with self._stage.shop.db.read() as conn:
            return accounts_by_id(conn, [self._member])[self._member]

    def _tier(self) -> int:
        return self._stage.program.tier(self._account().tier_code).rank


def invite(stage: Stage) -> None:
    """Notes in the diary when each of the demo's people joins, and what happens to some of them."""
    diary, chance = stage.diary, stage.chance
    for place, person in enumerate(PEOPLE):
        shopper = Shopper(stage, person, phone_of(place))
        # Purchases of the same day come later in it.
        diary.on(person.joins, 11, chance.randrange(60), shopper.join)
        if person.habit is None:
            continue
        if place % 3 == 0:
            for day, amount in zip(GIFT_CARD_DAYS, GIFT_CARDS, strict=True):
                if day > person.joins:
                    diary.on(day, 15, 0, partial(shopper.get_gift_card, amount))
        if place % 4 == 1:
            points, reason = PRESENTS[place % len(PRESENTS)]
            diary.on(chance.randint(person.joins + 10, DAYS - 5), 16, 0, partial(shopper.get_points, points, reason))
        if person.habit is DEVOTED:
            diary.on(chance.randint(250, 420), 20, 15, shopper.redeem_alone)
        if person.nickname == HONOURED:
            diary.on(380, 10, 30, shopper.be_honoured)
        if place % 5 == 0:
            diary.on(DAYS - 1, 22, 0, shopper.think_it_over)

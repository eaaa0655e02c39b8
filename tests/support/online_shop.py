"""A shop that takes payments online: the whole application behind a port, the double of Stripe, a member, an ADMIN.

Webhooks come in by themselves. What waits in the outbox is done when the test says so.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from kernel.database import Database
from kernel.ids import new_id
from kernel.outbox import deliver
from kernel.sessions import open_session
from kernel.test_clock import DatabaseClock, start_test_clock
from kernel.tokens import Tokens
from schema.context import Services
from staff.accounts import staff_t
from staff.tables import Role
from tests.doubles.stripe.running import StripeDouble
from tests.support.books import check_books, check_money, differences, set_aside
from tests.support.programs import vancl
from tests.support.shop import PlayShop
from tests.support.talk import Answer, Talk, confirm

OPENS = "2026-01-01T09:00:00+08:00"
SHOP_KEY = "the-key-of-a-shop-that-takes-payments-0123456789"
WEBHOOK_SECRET = "whsec_of_the_shop_under_test"
# The provider tries again soon.
PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)


def settings_of(double: StripeDouble) -> dict[str, str]:
    """What the shop's environment says, but for its database."""
    return {
        "JIFEN_SECRET_KEY": SHOP_KEY,
        "JIFEN_TEST_CLOCK": OPENS,
        "JIFEN_STRIPE_API_KEY": double.secret_key,
        "JIFEN_STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "JIFEN_STRIPE_API_BASE": double.url,
    }


class FrontDoor:
    """One server for all tests; `app` is the shop behind it just now."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._serve,
                interface="asgi3",
                lifespan="off",
                log_config=None,
                access_log=False,
                timeout_keep_alive=300,
            )
        )
        self._thread = threading.Thread(target=self._server.run, args=([self._listening],), daemon=True)

    def open(self) -> None:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive()
            time.sleep(0.005)

    def close(self) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(timeout=10)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None, "no shop is open"
        await self.app(scope, receive, send)


class Stock:
    """A member with points and a gift card, an ADMIN, and goods for sale: set up before the shop opens."""

    def __init__(self, db: Database, *, currency: str = "CNY", card: str = "100.00") -> None:
        document = vancl()
        price, by_points = "199.00", "169.00"
        if currency == "JPY":
            price, by_points, card = "1990", "1690", "1000"
            document = vancl(
                **{
                    "currency": "JPY",
                    "points.value_of_100": "2",
                    "orders.shipping_fee": "0",
                    "orders.free_shipping_from": "0",
                    "tiers.levels.1.acquire": "20000",
                    "tiers.levels.1.keep": "10000",
                    "tiers.levels.2.acquire": "25000",
                    "tiers.levels.2.keep": "25000",
                }
            )
        self.play = play = PlayShop(db, document=document)
        play.stock("shirt", price, 10)
        play.offer("shirt+", "shirt", by_points, 1500)
        self.ana = play.enrol("Ana", points=6000, gift_card=card)
        start_test_clock(db, play.now)
        tokens = Tokens(SHOP_KEY.encode(), expire=False)
        staff_id = new_id("stf")
        with db.write() as tx:
            row = {"id": staff_id, "email": "ada@shop.test", "name": "Ada", "role": Role.ADMIN}
            tx.execute(staff_t.insert().values(**row, password_hash="none", failed_sign_ins=0))
            year = timedelta(days=365)
            of_member = open_session(tx, self.ana, now=play.now, lifetime=year).session_id
            of_staff = open_session(tx, staff_id, now=play.now, lifetime=year).session_id
        self.member_token = tokens.issue("shop", self.ana, of_member, play.now).text
        self.staff_token = tokens.issue("admin", staff_id, of_staff, play.now).text

    def talk(self, url: str) -> Talk:
        return Talk(url, self.member_token, self.staff_token, self.play.addresses[self.ana])

    def line(self, name: str, quantity: int) -> Answer:
        """A line of a basket: goods by SKU, or by the key of an offer."""
        if name in self.play.offers:
            return {"exchangeOfferId": self.play.offers[name], "quantity": quantity}
        return {"variantId": self.play.variants[name], "quantity": quantity}


class OnlineShop:
    """Ana buys shirts. Orders and returns are as the member sees them."""

    def __init__(self, stock: Stock, services: Services, double: StripeDouble, url: str) -> None:
        self.stock, self.services, self.double, self.url = stock, services, double, url
        self.db, self.ana = services.db, stock.ana
        self.talk = stock.talk(url)
        self.device = double.client(double.publishable_key)
        self.stripe = double.client()
        # From here on the shop's own clock and provider.
        self.play = stock.play
        self.play.shop, self.play.db = services.shop, services.db
        self.play.clock = DatabaseClock(self.db)  # type: ignore[assignment]
        self.differs = False
        """Whether the test leaves our books and the provider's different on purpose."""
        self._keys = count(1)

    def close(self) -> None:
        self.talk.close()

    # ------------------------------------------------------------- an order
    def place(self, shirts: int = 2, *, by_points: bool = False, gift_card: str | None = None) -> Answer:
        line = self.stock.line("shirt+" if by_points else "shirt", shirts)
        return self.talk.place([line], key=f"order-{next(self._keys)}", gift_card=gift_card)

    def confirm(self, order: Answer, method: str = "pm_card_visa") -> str:
        """The device pays, with the publishable key and the secret it was given; the state of the payment then."""
        return confirm(self.device, order["payment"]["clientSecret"], method)

    def paid(self, shirts: int = 2, **more: Any) -> Answer:
        """An order that the shop knows to be paid."""
        order = self.place(shirts, **more)
        self.confirm(order)
        self.settle()
        assert self.look(order)["status"] == "PAID"
        return order

    def shipped(self, shirts: int = 2, **more: Any) -> Answer:
        order = self.paid(shirts, **more)
        self.talk.ship(order["id"])
        return order

    def take_back(self, order: Answer, units: int = 1) -> str:
        """Asked for and received; the money is not sent yet. The return's id."""
        returned = self.talk.ask_return(order, units, key=f"return-{next(self._keys)}")
        assert self.talk.receive(returned) == "REFUNDING"
        return returned

    def look(self, order: Answer) -> Answer:
        return self.talk.look(order["id"])

    def states(self, order: Answer) -> tuple[str, str]:
        """Of the order, and of its payment."""
        found = self.look(order)
        return found["status"], found["payment"]["status"]

    def status(self, return_id: str) -> str:
        return self.talk.look(return_id)["state"]

    # --------------------------------------------------------- the provider
    @staticmethod
    def intent_id(order: Answer) -> str:
        return order["payment"]["clientSecret"].partition("_secret")[0]

    def intent(self, order: Answer) -> Any:
        return self.stripe.v1.payment_intents.retrieve(self.intent_id(order))

    def refunds(self, order: Answer) -> list[tuple[int, str]]:
        """What the provider has sent back: amounts in its units, and how they stand; oldest first."""
        found = self.stripe.v1.refunds.list({"payment_intent": self.intent_id(order)}).data
        return [(refund.amount, str(refund.status)) for refund in reversed(found)]

    def challenge(self, order: Answer, outcome: str) -> None:
        """The member meets 3-D Secure, or what Alipay or WeChat Pay ask for: "complete", "fail" or "process"."""
        self.double.tell(f"payment_intents/{self.intent_id(order)}/challenge", outcome=outcome)

    def asked(self, method: str, path: str) -> list[Answer]:
        """The requests that the provider was sent."""
        return [r for r in self.double.ask("requests") if (r["method"], r["path"]) == (method, path)]

    def deaf(self) -> None:
        """From now on no webhook gets through."""
        self.double.trouble("webhook_dropped", times=None)

    # ------------------------------------------------------------------ time
    def settle(self, *, later: timedelta = timedelta()) -> None:
        """What is on its way arrives, and what waits is done. `later`: pauses of that length are over by then."""

        def clock() -> datetime:
            return datetime.now(UTC) + later

        for _ in range(50):
            assert self.double.tell("deliveries/wait")["idle"]
            if not deliver(self.db, self.services.handlers, clock=clock):
                return
        raise AssertionError("the outbox is never empty")

    def advance(self, **by: float) -> None:
        self.talk.advance((self.play.now + timedelta(**by)).isoformat())

    # ------------------------------------------------------------- the books
    def snapshot(self) -> list[Any]:
        """What there is of orders, money, points and goods."""
        read: list[Callable[[], Any]] = [
            lambda: self.play.entries(self.ana),
            lambda: self.play.shelf("shirt"),
            lambda: self.play.gift_cards(self.ana),
        ]
        with self.db.read() as conn:
            rows = [
                sorted(map(tuple, conn.exec_driver_sql(f"SELECT {what}")))
                for what in (
                    "id, status, paid_at, cancelled_at FROM orders",
                    "id, status, refunded, problem FROM payment",
                    "id, status, amount FROM refund",
                    "id, status FROM returns",
                )
            ]
        return [*rows, *(look() for look in read)]

    def check(self) -> None:
        """The books agree with themselves and, unless the test says otherwise, with the provider's."""
        gateway = self.services.gateway
        assert gateway is not None
        with self.db.read() as conn:
            check_books(conn)
            if not self.differs:
                check_money(conn, self.stripe)
                assert differences(conn, gateway) == []
                assert set_aside(conn) == 0

    def troubles(self, language: str = "en") -> list[Answer]:
        query = "{ troubles { kind id subjectId problem advice } }"
        return self.talk.post(query, {}, staff=True, language=language)["troubles"]

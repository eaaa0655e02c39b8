"""The admin API as its clients meet it: over ASGI, on a migrated database, under a test clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx2
from obstore.store import MemoryStore
from sqlalchemy import event

from api.doors import admin_door
from checkout.basket import BasketLine
from checkout.place_order import PlaceOrder, place_order
from kernel.database import Database
from kernel.ids import new_id
from kernel.sessions import STAFF_LIFETIME, open_session
from kernel.test_clock import start_test_clock
from kernel.tokens import Tokens
from members.addresses import SaveAddress, save_address
from members.register import register
from members.sign_in import Codes
from program.versions import ProgramShelf, publish_reference
from schema.context import Services
from staff.accounts import staff_t
from staff.tables import Role

START = datetime(2026, 1, 1, 1, tzinfo=UTC)
KEY = b"a secret key for tests, long enough"

ERRORS = "errors { __typename message path }"


@dataclass
class AdminShop:
    """Staff are named by their role. Orders, members and goods are set up through the verbs."""

    db: Database
    test_mode: bool = True
    tokens: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        with self.db.write() as tx:
            publish_reference(tx, START)
        self.services = Services(
            db=self.db,
            clock=start_test_clock(self.db, START),
            shelf=ProgramShelf(),
            tokens=Tokens(KEY, expire=not self.test_mode),
            codes=Codes(key=KEY, sender=None, test_mode=self.test_mode),
            secret=KEY,
            media=MemoryStore(),
            public_url="https://shop.test",
            test_mode=self.test_mode,
        )
        self.door = admin_door(self.services)
        self._numbers = count(1)

    def close(self) -> None:
        self.services.studio.close()
        self.services.executor.shutdown()

    # ------------------------------------------------------------ asking

    def post(self, *, role: str | None = None, language: str = "zh-CN", **request: Any) -> httpx2.Response:
        headers = {"Accept-Language": language, **request.pop("headers", {})}
        if role is not None:
            headers["Authorization"] = f"Bearer {self.token(role)}"

        async def send() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.door)
            async with httpx2.AsyncClient(transport=transport, base_url="http://admin.test") as client:
                return await client.post("/admin/graphql", headers=headers, **request)

        return asyncio.run(send())

    def answer(self, query: str, role: str | None = "ADMIN", *, language: str = "zh-CN", **variables: Any) -> Any:
        """The whole answer, errors and all."""
        return self.post(role=role, language=language, json={"query": query, "variables": variables}).json()

    def ask(self, query: str, role: str | None = "ADMIN", *, language: str = "zh-CN", **variables: Any) -> Any:
        """The data; errors fail the test."""
        answer = self.answer(query, role, language=language, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def code(self, query: str, role: str | None = "ADMIN", **variables: Any) -> str | None:
        """The code of the first error, None where there is none."""
        errors = self.answer(query, role, **variables).get("errors")
        return errors[0]["extensions"]["code"] if errors else None

    def change(self, mutation: str, fields: str, role: str = "ADMIN", *, language: str = "zh-CN", **input: Any) -> Any:
        """A mutation's payload."""
        kind = _INPUTS.get(mutation, f"{mutation[0].upper()}{mutation[1:]}Input")
        query = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} {ERRORS} }} }}"
        return self.ask(query, role, language=language, input=input)[mutation]

    def do(self, mutation: str, fields: str, role: str = "ADMIN", **input: Any) -> Any:
        """The payload of a mutation that succeeds."""
        payload = self.change(mutation, fields, role, **input)
        assert payload["errors"] == [], payload["errors"]
        return payload

    def do_signed_in(self, mutation: str, fields: str, role: str) -> Any:
        """The payload of a mutation without input that succeeds."""
        payload = self.ask(f"mutation {{ {mutation} {{ {fields} {ERRORS} }} }}", role)[mutation]
        assert payload["errors"] == [], payload["errors"]
        return payload

    def refused(self, mutation: str, role: str = "ADMIN", **input: Any) -> list[tuple[str, list[str]]]:
        """What stood in the way: the type of each error, and its path."""
        return [(error["__typename"], error["path"]) for error in self.change(mutation, "", role, **input)["errors"]]

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The statements that the block sends to the database."""
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            sent.append(statement)

        # On PostgreSQL the reader is the writer in another mode: one pool, and one set of listeners.
        engines = {id(engine.pool): engine for engine in self.db.engines}.values()
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        yield sent
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)

    # ------------------------------------------------------------ who is there

    def staff(self, role: str) -> str:
        """A member of staff with this role; the id."""
        id_ = new_id("stf")
        with self.db.write() as tx:
            tx.execute(
                staff_t.insert().values(
                    id=id_,
                    email=f"{role.lower()}-{next(self._numbers)}@shop.test",
                    name=role.title(),
                    role=Role(role),
                    password_hash="none",
                    failed_sign_ins=0,
                )
            )
        return id_

    def token(self, role: str) -> str:
        if role not in self.tokens:
            staff_id = self.staff(role)
            with self.db.write() as tx:
                session = open_session(tx, staff_id, now=self.now, lifetime=STAFF_LIFETIME)
            self.tokens[role] = self.services.tokens.issue("admin", staff_id, session.session_id, self.now).text
        return self.tokens[role]

    def enrol(self, nickname: str = "Ana", phone: str | None = "+8613800000001") -> str:
        with self.db.write() as tx:
            program = self.services.shelf.programs(tx).at(self.now).program
            return register(tx, phone, nickname, program=program, now=self.now)

    # ------------------------------------------------------------ goods and orders

    @property
    def now(self) -> datetime:
        return self.services.clock.now()

    def at(self, instant: str) -> None:
        self.do("advanceTestClock", "now", to=instant)

    def stock(self, sku: str = "SHIRT", price: str = "100.00", on_hand: int = 50) -> dict[str, Any]:
        """Goods for sale: product and variant."""
        variants = [{"sku": sku, "regularPrice": price, "onHand": on_hand}]
        fields = "product { id variants { id sku } }"
        return self.do("saveProduct", fields, slug=sku.lower(), name=sku, variants=variants)["product"]

    def buy(
        self,
        member_id: str,
        variant_id: str | None,
        quantity: int = 1,
        *,
        offer: str | None = None,
        pay: str = "CASH_ON_DELIVERY",
    ) -> str:
        """An order of goods or an offer, to be paid to the courier unless told otherwise; its id."""
        with self.db.write() as tx:
            command = SaveAddress(recipient="安娜", phone="+8613800000001", region="上海市", line="人民路1号")
            address_id = save_address(tx, member_id, command)
        return place_order(
            self.services.shop,
            PlaceOrder(
                member_id=member_id,
                idempotency_key=f"order-{next(self._numbers)}",
                lines=(BasketLine(variant_id, offer, quantity),),
                address_id=address_id,
                payment_method=pay,
            ),
        )

    def shipped(self, member_id: str, variant_id: str, quantity: int = 1) -> dict[str, Any]:
        order_id = self.buy(member_id, variant_id, quantity)
        self.do("recordCashPayment", "order { id }", orderId=order_id)
        return self.do("shipOrder", "order { id number lines { id } }", orderId=order_id)["order"]


_INPUTS = {
    "recordCashPayment": "OrderRefInput",
    "rejectReturn": "ReturnRefInput",
    "deactivateStaff": "StaffRefInput",
    "reactivateStaff": "StaffRefInput",
}

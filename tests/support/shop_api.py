"""The shop API over HTTP, without a server: a shop to play in, behind the real door."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from obstore.store import MemoryStore
from sqlalchemy import event
from starlette.testclient import TestClient

from api.doors import shop_door
from checkout.payments.gateway import Gateway
from kernel.sessions import open_session
from kernel.tokens import Tokens
from members.sign_in import Codes
from members.wechat import Wechat
from schema.context import Services
from tests.support.sent_codes import SentCodes, deliver_codes
from tests.support.shop import PlayShop

KEY = b"0123456789abcdef0123456789abcdef"


@dataclass
class PlayClock:
    """Follows the play shop's clock, which is a new one whenever it is moved."""

    play: PlayShop

    def now(self) -> datetime:
        return self.play.now


@dataclass
class ShopApi:
    """Asks the shop in GraphQL, as a member or signed out."""

    play: PlayShop
    production: bool = False
    wechat: Wechat | None = None
    gateway: Gateway | None = None
    services: Services = field(init=False)
    client: TestClient = field(init=False)
    sms: SentCodes = field(default_factory=SentCodes)

    def __post_init__(self) -> None:
        self.services = Services(
            db=self.play.db,
            clock=PlayClock(self.play),
            shelf=self.play.shop.shelf,
            tokens=Tokens(KEY),
            codes=Codes(key=KEY, sender=self.sms),
            secret=KEY,
            media=MemoryStore(),
            production=self.production,
            wechat=self.wechat,
            gateway=self.gateway,
        )
        self.client = TestClient(shop_door(self.services), base_url="http://shop.test")

    def close(self) -> None:
        self.client.close()
        self.services.studio.close()
        self.services.executor.shutdown()

    def code_of(self, phone: str) -> str:
        """The newest sign-in code that a phone (E.164) has received."""
        deliver_codes(self.play.db, self.services.clock, self.services.codes)
        return self.sms.codes[phone]

    def token(self, member: str) -> str:
        """An access token of a new session."""
        with self.play.db.write() as tx:
            session = open_session(tx, member, now=self.play.now, lifetime=timedelta(days=30))
        return self.services.tokens.issue("shop", member, session.session_id, self.play.now).text

    def post(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        member: str | None = None,
        token: str | None = None,
        language: str = "en",
    ) -> dict[str, Any]:
        """The whole answer, errors and all."""
        headers = {"Accept-Language": language}
        if member is not None:
            token = self.token(member)
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        body = {"query": query, "variables": dict(variables or {})}
        response = self.client.post("/graphql", json=body, headers=headers)
        assert response.status_code == 200, response.text
        return response.json()

    def upload(self, query: str, data: bytes, *, token: str | None = None, language: str = "en") -> dict[str, Any]:
        """The whole answer to a mutation whose `$input` has a `file`."""
        headers = {"Accept-Language": language, "GraphQL-Require-Preflight": "1"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        operations = json.dumps({"query": query, "variables": {"input": {"file": None}}})
        form = {"operations": operations, "map": '{"0": ["variables.input.file"]}'}
        return self.client.post("/graphql", data=form, files={"0": ("me.jpg", data)}, headers=headers).json()

    def ask(self, query: str, variables: Mapping[str, Any] | None = None, **more: Any) -> Any:
        """The data of an answer without errors."""
        answer = self.post(query, variables, **more)
        assert "errors" not in answer, answer
        return answer["data"]

    def code(self, query: str, variables: Mapping[str, Any] | None = None, **more: Any) -> str:
        """The code of the one error of an answer."""
        answer = self.post(query, variables, **more)
        codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
        assert len(codes) == 1, answer
        return codes[0]

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The statements that are sent to the database meanwhile."""
        statements: list[str] = []

        def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                statements.append(statement)

        engines = {id(engine.pool): engine for engine in self.play.db.engines}.values()
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", note)

"""The console over HTTP without a server: a shop to play in, with a member of staff for each role."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from html import unescape

from jinja2.bccache import Bucket, BytecodeCache
from obstore.store import MemoryStore
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from console.app import mount_console
from console.site import Console
from kernel.ids import new_id
from kernel.sessions import sessions_t
from kernel.tokens import Tokens
from members.sign_in import Codes
from schema.context import Services
from staff import accounts
from staff.accounts import staff_t
from staff.tables import Role
from tests.support.shop import PlayShop
from tests.support.shop_api import PlayClock

KEY = b"0123456789abcdef0123456789abcdef"
PASSWORD = "a good password"
TARGET = (Decimal("0.6"), Decimal("0.3"), Decimal("0.1"))


@cache
def _hash() -> str:
    # As weak as the tests' conftest has made it.
    return accounts._hasher.hash(PASSWORD)  # pyright: ignore[reportPrivateUsage]


def services_of(play: PlayShop, *, public_url: str | None = None) -> Services:
    return Services(
        db=play.db,
        clock=PlayClock(play),
        shelf=play.shop.shelf,
        tokens=Tokens(KEY),
        codes=Codes(key=KEY, sender=None),
        secret=KEY,
        gateway=play.gateway,
        media=MemoryStore(),
        public_url=public_url,
    )


def hire(play: PlayShop, role: str, email: str | None = None) -> str:
    """A member of staff who signs in with `PASSWORD`; gives the e-mail."""
    email = email or f"{role.lower()}@shop.test"
    with play.db.write() as tx:
        tx.execute(
            staff_t.insert().values(
                id=new_id("stf"),
                email=email,
                name=role.title(),
                role=Role(role),
                password_hash=_hash(),
                failed_sign_ins=0,
            )
        )
    return email


class Compiled(BytecodeCache):
    """Templates as they were compiled for another shop."""

    def __init__(self) -> None:
        self._of: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._of:
            bucket.bytecode_from_string(self._of[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._of[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@dataclass
class ConsoleShop:
    """Browsers are signed in by role, in one language each."""

    play: PlayShop
    public_url: str | None = None
    site: Console = field(init=False)
    services: Services = field(init=False)

    def __post_init__(self) -> None:
        self.services = services_of(self.play, public_url=self.public_url)
        self.app = Starlette()
        self.site = mount_console(self.app, self.services, tier_target=TARGET)
        self.site.templates.env.bytecode_cache = COMPILED
        self._hired: set[str] = set()

    def close(self) -> None:
        self.services.executor.shutdown()

    def stranger(self, language: str = "zh-CN") -> Browser:
        return Browser(TestClient(self.app, follow_redirects=False, headers={"Accept-Language": language}))

    def hire(self, role: str) -> None:
        if role not in self._hired:
            hire(self.play, role)
            self._hired.add(role)

    def as_(self, role: str, language: str = "zh-CN") -> Browser:
        self.hire(role)
        browser = self.stranger(language)
        answer = browser.send("/console/sign-in", email=f"{role.lower()}@shop.test", password=PASSWORD)
        assert answer.status_code == 303, answer.text
        return browser

    def end_sessions(self) -> None:
        with self.play.db.write() as tx:
            tx.execute(update(sessions_t).values(ended_at=self.play.now))


@dataclass
class Browser:
    client: TestClient
    token: str = ""

    def get(self, path: str):
        answer = self.client.get(path)
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', answer.text)
        self.token = found[1] if found else self.token
        return answer

    def send(self, path: str, **fields: str):
        """Sends the form of a page: looks at it first, as a person does, for its token."""
        self.get("/console/" if not path.endswith("/sign-in") else path)
        return self.client.post(path, data={"csrf": self.token, **fields})

    def text(self, path: str) -> str:
        """A page's words, without its tags."""
        return plain(self.get(path).text)


def plain(html: str) -> str:
    html = re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()

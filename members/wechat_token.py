"""The access token for WeChat's API: one for all processes, kept in a row and renewed by one of them at a time.

Fetching a token makes earlier ones invalid before long: processes that each kept their own would take it from each
other. The times are the machine's: WeChat knows nothing of the shop's clock.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from kernel.database import Database, insert_new, table_of
from kernel.leases import give_back, take_lease
from kernel.refusals import Refused
from members.refusals import SignInCodeRefused
from members.tables import WechatTokenRow

# WeChat lets the old token live five minutes beside the new one.
MARGIN = timedelta(minutes=5)
LONGEST_WAIT_SECONDS = 10.0
LOOK_EVERY_SECONDS = 0.05

tokens_t = table_of(WechatTokenRow)


@dataclass(frozen=True, slots=True)
class FreshToken:
    """A token as WeChat gave it, and how long it lives."""

    token: str = field(repr=False)
    seconds: int


@dataclass(frozen=True, slots=True)
class SharedToken:
    """`fetch` asks WeChat: the token there is, or (True) another one in its place. Raises Refused."""

    db: Database
    app_id: str
    fetch: Callable[[bool], FreshToken]

    def current(self, *, refused: str | None = None) -> str:
        """The token to call with. `refused` is one that WeChat no longer takes.

        Whoever finds none renews it; who comes meanwhile waits for that.

        Raises:
            Refused: WeChat gives none, or whoever renews it takes too long.
        """
        lease, holder = f"wechat-token:{self.app_id}", secrets.token_hex(8)
        until = time.monotonic() + LONGEST_WAIT_SECONDS
        while True:
            token = self._kept(refused)
            if token is not None:
                return token
            if take_lease(self.db, lease, holder, datetime.now(UTC)):
                try:
                    # Whoever had the lease before may have done it just now.
                    return self._kept(refused) or self._renew(refused)
                finally:
                    give_back(self.db, lease, holder)
            if time.monotonic() > until:
                raise Refused(SignInCodeRefused(path=("phoneCode",), retry_after_seconds=3))
            time.sleep(LOOK_EVERY_SECONDS)

    def _kept(self, refused: str | None) -> str | None:
        wanted = select(tokens_t.c.token).where(
            tokens_t.c.app_id == self.app_id, tokens_t.c.expires_at > datetime.now(UTC) + MARGIN
        )
        with self.db.read() as conn:
            token = conn.execute(wanted).scalar()
        return None if token == refused else token

    def _renew(self, refused: str | None) -> str:
        fresh = self.fetch(False)
        if fresh.token == refused:
            fresh = self.fetch(True)
        values = {"token": fresh.token, "expires_at": datetime.now(UTC) + timedelta(seconds=fresh.seconds)}
        with self.db.write() as tx:
            if not insert_new(tx, tokens_t, {"app_id": self.app_id, **values}):
                tx.execute(tokens_t.update().where(tokens_t.c.app_id == self.app_id).values(**values))
        return fresh.token

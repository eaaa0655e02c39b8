"""A request to the admin API: which member of staff asks, and what has been read already."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from strawberry.types import Info as StrawberryInfo

from checkout.timeline import bring_everyone_up_to_date
from schema.admin.errors import ADMIN_TELLERS
from schema.admin.loaders import Loaders
from schema.context import Context, Reading, answer
from staff.accounts import StaffViewer, authenticate_staff

Answer = TypeVar("Answer")
Done = TypeVar("Done")
Payload = TypeVar("Payload")


class AdminContext(Context):
    """One request. `staff` is who asks, None without a session that stands."""

    tellers = ADMIN_TELLERS

    staff: StaffViewer | None = None
    _time_has_come: bool = False

    async def begin(self) -> None:
        """Finds out who asks."""
        if self.token is not None:
            token = self.token
            self.staff = await self.run(lambda: self._authenticate(token))

    def _authenticate(self, token: str) -> StaffViewer | None:
        claims = self.services.tokens.read("admin", token, self.services.clock.now())
        if claims is None:
            return None
        with self.services.db.read() as conn:
            return authenticate_staff(conn, claims.session_id)

    @property
    def viewer(self) -> StaffViewer:
        """The member of staff who asks. Only behind a rule that demands a session."""
        assert self.staff is not None
        return self.staff

    @property
    def actor(self) -> str:
        """Who the audit log says it was."""
        return self.viewer.email

    @cached_property
    def loaders(self) -> Loaders:
        return Loaders(self)

    def forget(self) -> None:
        """What has been read is old now: a mutation is about to change it."""
        self.__dict__.pop("loaders", None)

    async def read_today(self, look: Callable[[Reading], Answer]) -> Answer:
        """As `read`, after everything that is due has happened (R11); that is looked after once in a request."""

        def use_case() -> Answer:
            if not self._time_has_come:
                bring_everyone_up_to_date(self.services.shop)
                self._time_has_come = True
            with self.reading() as reading:
                return look(reading)

        return await self.run(use_case)

    async def answer(
        self,
        payload: Callable[..., Payload],
        deed: Callable[[], Done],
        build: Callable[[Done], dict[str, Any]] | None = None,
    ) -> Payload:
        """A mutation: see `schema.context.answer`."""
        self.forget()
        return await answer(self, payload, deed, build)


Info = StrawberryInfo[AdminContext, None]

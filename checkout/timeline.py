"""Brings members up to date (R11). Whatever reads an account comes through here first; verbs through `in_time`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import select

from checkout.current import PaymentMayHaveCome, go_on
from checkout.payments.close_payment import close_at_once
from checkout.refusals import may_be_reserved
from checkout.shop import Shop
from kernel.database import among
from kernel.refusals import Refusal
from members.account import accounts_t

BATCH = 500

Given = ParamSpec("Given")
Done = TypeVar("Done")


def in_time(verb: Callable[Concatenate[Shop, Given], Done]) -> Callable[Concatenate[Shop, Given], Done]:
    """A verb that finds an unpaid order whose time is up runs again, after the provider has been asked about it.

    The asking stands between two transactions: the verb's own, undone, and the one it runs in now.
    """

    @wraps(verb)
    def run(shop: Shop, /, *args: Given.args, **kwargs: Given.kwargs) -> Done:
        while True:
            try:
                return verb(shop, *args, **kwargs)
            except PaymentMayHaveCome as before:
                # Afterwards that order is closing or closed: it does not stand in the way again.
                bring_up_to_date(shop, before.member_id)

    return run


def bring_up_to_date(shop: Shop, member_id: str) -> None:
    """Does for one member what is due by now. Owns its transactions.

    The provider is asked about unpaid orders whose time is up; where it is silent, they wait.
    """
    _Round(shop).bring(member_id, shop.clock.now())


def bring_everyone_up_to_date(shop: Shop, on_failure: Callable[[str], None] | None = None) -> int:
    """Does what is due by now for all members, first due first. Returns how many.

    `on_failure` is told, inside the exception's handler, of a member (by id) who could not be brought up to date,
    and the others follow; without it the first such exception ends it all.
    """
    now = shop.clock.now()
    done = 0
    failed: list[str] = []
    round_ = _Round(shop)
    while member_ids := _due_members(shop, now, failed):
        for member_id in member_ids:
            try:
                round_.bring(member_id, now)
            except Exception:
                if on_failure is None:
                    raise
                on_failure(member_id)
                failed.append(member_id)
            else:
                done += 1
    return done


def gives_back(shop: Shop, refusals: Iterable[Refusal]) -> bool:
    """Whether some of what was lacking may be there now: unpaid orders of others whose time is up still held it, and
    have just been cancelled (R11, R12). Only then is everyone brought up to date. Owns its transactions.
    """
    return any(may_be_reserved(refusal) for refusal in refusals) and bring_everyone_up_to_date(shop) > 0


class _Round:
    """Members brought up to date one after the other. A provider that was silent once is not waited for again."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._silent = False

    def bring(self, member_id: str, now: datetime) -> None:
        """From one unpaid order's end to the next, each with the provider's answer, so that all that follows
        happens as if somebody had looked at that very instant."""
        while closing := self._shop.db.retrying(lambda: self._go_on(member_id, now)):
            for order_id in closing:
                if not self._silent:
                    self._silent = not close_at_once(self._shop, order_id)

    def _go_on(self, member_id: str, now: datetime) -> list[str]:
        with self._shop.db.write() as tx:
            return go_on(tx, self._shop.shelf, member_id, now)


def _due_members(shop: Shop, now: datetime, without: Sequence[str]) -> list[str]:
    wanted = select(accounts_t.c.member_id).where(accounts_t.c.next_due_at <= now)
    if without:
        wanted = wanted.where(~among(accounts_t.c.member_id, without))
    with shop.db.read() as conn:
        ordered = wanted.order_by(accounts_t.c.next_due_at, accounts_t.c.member_id).limit(BATCH)
        return list(conn.execute(ordered).scalars())

"""Trouble to order: each order is for the next so many requests, refunds or events that fit it.

Of the orders for requests and for refunds the first that fits is used; those for events add up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

REQUEST_KINDS = ("die_before", "die_after", "answer", "slow", "hang")
REFUND_KINDS = ("refund_refused", "refund_fails", "refund_fails_later", "refund_pending")
EVENT_KINDS = (
    "webhook_twice",
    "webhook_late",
    "webhook_shuffled",
    "webhook_dropped",
    "webhook_held",
    "webhook_old",
    "webhook_forged",
)

# kind → what may be said besides "trouble", "times" and "skip", and what holds where it is not
_DETAILS: dict[str, dict[str, Any]] = {
    "die_before": {},
    "die_after": {},
    # where: "door" (nothing done, no key remembers), "inside" (nothing done, remembered), "exit" (done, remembered)
    "answer": {"status": 500, "code": None, "where": None},
    # when: "before" or "after" the work
    "slow": {"seconds": 1.0, "when": "before"},
    # done: whether the work is done although nobody hears of it
    "hang": {"done": True},
    "refund_refused": {"code": "charge_disputed", "message": "This charge has been charged back."},
    "refund_fails": {"reason": "unknown"},
    # seconds: null waits until told; starts: how the refund looks until then
    "refund_fails_later": {"reason": "expired_or_canceled_card", "seconds": None, "starts": "succeeded"},
    "refund_pending": {"reason": "processing", "seconds": None},
    "webhook_twice": {"copies": 2},
    "webhook_late": {"seconds": 1.0},
    # Of `times` events, or of those that came within `seconds` after the first
    "webhook_shuffled": {"seconds": 0.5},
    "webhook_dropped": {},
    "webhook_held": {},
    "webhook_old": {"seconds": 600},
    "webhook_forged": {},
}


class WrongOrder(ValueError):
    """The order cannot be understood; the text says why."""


@dataclass
class Trouble:
    kind: str
    details: dict[str, Any]
    left: int | None
    skip: int = 0
    method: str = "*"
    path: str = "*"
    event: str = "*"

    def take(self) -> bool:
        """Uses it once; not yet while there is something to skip."""
        if self.skip:
            self.skip -= 1
            return False
        if self.left is not None:
            self.left -= 1
        return True

    def described(self) -> dict[str, Any]:
        fits = {"event": self.event} if self.kind in EVENT_KINDS else {"method": self.method, "path": self.path}
        return {"trouble": self.kind, "times": self.left, "skip": self.skip, **fits, **self.details}


def read_order(order: Any) -> Trouble:
    """Raises: WrongOrder."""
    if not isinstance(order, dict) or order.get("trouble") not in _DETAILS:
        raise WrongOrder(f'"trouble" is one of {", ".join(_DETAILS)}')
    order = dict(order)
    kind = order.pop("trouble")
    fits = ("event",) if kind in EVENT_KINDS else ("method", "path") if kind in REQUEST_KINDS else ()
    known = {"times": 1, "skip": 0, **dict.fromkeys(fits, "*"), **_DETAILS[kind]}
    if unknown := set(order) - set(known):
        raise WrongOrder(f"{kind} does not know {', '.join(sorted(unknown))}; it knows {', '.join(known)}")
    told = {**known, **order}
    details = {name: told[name] for name in _DETAILS[kind]}
    if kind == "answer" and details["where"] is None:
        # A 500 comes from work that has begun; 429 and the like from those who stand before it.
        details["where"] = "inside" if details["status"] == 500 else "door"
    return Trouble(kind, details, told["times"], told["skip"], **{name: told[name] for name in fits})


@dataclass
class Troubles:
    orders: list[Trouble] = field(default_factory=list)

    def for_request(self, method: str, path: str) -> Trouble | None:
        return self._first(
            trouble
            for trouble in self.orders
            if trouble.kind in REQUEST_KINDS and trouble.method in ("*", method) and fnmatchcase(path, trouble.path)
        )

    def for_refund(self) -> Trouble | None:
        return self._first(trouble for trouble in self.orders if trouble.kind in REFUND_KINDS)

    def for_event(self, type: str) -> list[Trouble]:
        fitting = [one for one in self.orders if one.kind in EVENT_KINDS and fnmatchcase(type, one.event)]
        return [trouble for trouble in fitting if self._use(trouble)]

    def _first(self, fitting: Any) -> Trouble | None:
        return next((trouble for trouble in list(fitting) if self._use(trouble)), None)

    def _use(self, trouble: Trouble) -> bool:
        taken = trouble.take()
        if trouble.left == 0 and trouble in self.orders:
            self.orders.remove(trouble)
        return taken

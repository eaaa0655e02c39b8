"""Sends events to the targets: signed, one after the other, again where a target does not answer 2xx."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.doubles.stripe.trouble import Trouble

TIMEOUT = 10.0
# Seconds before each further attempt.
PAUSES = (0.1, 0.3, 1.0, 3.0, 10.0)


@dataclass(frozen=True, slots=True)
class Target:
    id: str
    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class _Parcel:
    """One event for one target. `age` is how many seconds ago it pretends to be signed."""

    event: dict[str, Any]
    target_id: str
    age: float = 0
    forged: bool = False
    attempt: int = 1


@dataclass
class _Shuffle:
    parcels: list[_Parcel] = field(default_factory=list)
    timer: asyncio.TimerHandle | None = None


@dataclass
class Post:
    """Needs a running loop; `work` is the one task that sends. `sending_to`: the target that has yet to answer."""

    targets: dict[str, Target] = field(default_factory=dict)
    pauses: tuple[float, ...] = PAUSES
    held: list[_Parcel] = field(default_factory=list)
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    sending_to: str | None = None
    _queue: asyncio.Queue[_Parcel] = field(default_factory=asyncio.Queue)
    _waiting: int = 0
    _timers: set[asyncio.TimerHandle] = field(default_factory=set)
    _shuffles: dict[int, _Shuffle] = field(default_factory=dict)

    def publish(self, event: dict[str, Any], troubles: list[Trouble]) -> None:
        """Sends an event to every target, with whatever trouble was ordered for it."""
        said = {trouble.kind: trouble for trouble in troubles}
        if "webhook_dropped" in said:
            return
        copies = said["webhook_twice"].details["copies"] if "webhook_twice" in said else 1
        age = said["webhook_old"].details["seconds"] if "webhook_old" in said else 0
        forged = "webhook_forged" in said
        parcels = [_Parcel(event, target, age, forged) for target in self.targets for _ in range(copies)]
        if "webhook_held" in said:
            self.held += parcels
        elif "webhook_shuffled" in said:
            self._shuffle(said["webhook_shuffled"], parcels)
        elif "webhook_late" in said:
            self._send_later(said["webhook_late"].details["seconds"], parcels)
        else:
            self._send(parcels)

    def send_again(self, event: dict[str, Any]) -> None:
        self._send([_Parcel(event, target) for target in self.targets])

    def release(self) -> int:
        held, self.held = self.held, []
        self._send(held)
        return len(held)

    def is_idle(self) -> bool:
        """Nothing is being sent, waits for its time or for another attempt. What is held does not count."""
        return not self._waiting and not self._timers and not self._shuffles

    async def work(self) -> None:
        # Loopback needs no proxy, and no certificates.
        async with httpx2.AsyncClient(timeout=TIMEOUT, trust_env=False, verify=False) as client:
            while True:
                parcel = await self._queue.get()
                # A shop that has come up again elsewhere gets there what was on its way.
                if target := self.targets.get(parcel.target_id):
                    self.sending_to = target.id
                    await self._deliver(client, parcel, target)
                    self.sending_to = None
                self._waiting -= 1

    def end(self) -> None:
        self.targets.clear()
        for timer in self._timers:
            timer.cancel()

    def _send(self, parcels: list[_Parcel]) -> None:
        for parcel in parcels:
            self._waiting += 1
            self._queue.put_nowait(parcel)

    def _send_later(self, seconds: float, parcels: list[_Parcel]) -> asyncio.TimerHandle:
        def go() -> None:
            self._timers.discard(timer)
            self._send(parcels)

        timer = asyncio.get_running_loop().call_later(seconds, go)
        self._timers.add(timer)
        return timer

    def _shuffle(self, trouble: Trouble, parcels: list[_Parcel]) -> None:
        """Gathers what one order covers, and sends it when it is complete or has waited long enough."""
        shuffle = self._shuffles.setdefault(id(trouble), _Shuffle())
        shuffle.parcels += parcels

        def go() -> None:
            self._shuffles.pop(id(trouble), None)
            if shuffle.timer:
                shuffle.timer.cancel()
                self._timers.discard(shuffle.timer)
            self._send(_mixed(shuffle.parcels))

        if trouble.left == 0:
            go()
        elif shuffle.timer is None:
            shuffle.timer = asyncio.get_running_loop().call_later(trouble.details["seconds"], go)
            self._timers.add(shuffle.timer)

    async def _deliver(self, client: httpx2.AsyncClient, parcel: _Parcel, target: Target) -> None:
        body = json.dumps(parcel.event, indent=2)
        signature = signed(body, "whsec_somebody_else" if parcel.forged else target.secret, parcel.age)
        headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature}
        status = None
        try:
            answer = await client.post(target.url, content=body.encode(), headers=headers)
            status = answer.status_code
        except httpx2.HTTPError:
            pass
        self.deliveries.append(
            {
                "event": parcel.event["id"],
                "type": parcel.event["type"],
                "target": target.id,
                "attempt": parcel.attempt,
                "status": status,
            }
        )
        if status is not None and 200 <= status < 300:
            parcel.event["pending_webhooks"] = max(0, parcel.event["pending_webhooks"] - 1)
        elif parcel.attempt <= len(self.pauses):
            again = _Parcel(parcel.event, target.id, parcel.age, parcel.forged, parcel.attempt + 1)
            self._send_later(self.pauses[parcel.attempt - 1], [again])


def signed(body: str, secret: str, age: float = 0) -> str:
    """The `Stripe-Signature` header: scheme v1, HMAC-SHA256 over timestamp and body."""
    timestamp = int(time.time() - age)
    digest = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def _mixed(parcels: list[_Parcel]) -> list[_Parcel]:
    """Another order than the one they came in, the same one each time."""
    mixed = list(parcels)
    random.Random(len(parcels)).shuffle(mixed)
    return mixed if mixed != parcels else parcels[::-1]

"""Everything that the double remembers. Only the server's own thread touches it, so nothing here is locked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.doubles.stripe import objects
from tests.doubles.stripe.errors import not_there
from tests.doubles.stripe.idempotency import Keys
from tests.doubles.stripe.methods import Behaviour
from tests.doubles.stripe.objects import Object
from tests.doubles.stripe.trouble import Troubles
from tests.doubles.stripe.webhooks import Post

Table = dict[str, Object]


@dataclass(frozen=True, slots=True)
class Cause:
    """The request that made something happen: events name it. Nothing but time passing has neither."""

    request_id: str | None = None
    idempotency_key: str | None = None


BY_ITSELF = Cause()


@dataclass
class State:
    """Tables keep the order in which things were made."""

    intents: Table = field(default_factory=dict)
    charges: Table = field(default_factory=dict)
    refunds: Table = field(default_factory=dict)
    methods: Table = field(default_factory=dict)
    events: Table = field(default_factory=dict)
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    keys: Keys = field(default_factory=Keys)
    troubles: Troubles = field(default_factory=Troubles)
    post: Post = field(default_factory=Post)
    requests: list[Object] = field(default_factory=list)
    # Unix seconds that the objects are dated with; None is the machine's clock.
    set_clock: int | None = None
    # How long Alipay, WeChat Pay and the test card for it take over a refund, in seconds; None: until told.
    refund_pause: float | None = 0.2
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    timers: list[asyncio.TimerHandle] = field(default_factory=list)

    def now(self) -> int:
        return int(time.time()) if self.set_clock is None else self.set_clock

    def emit(self, type: str, about: Object, cause: Cause, previous: Object | None = None) -> None:
        """Notes an event with the object as it is now, and has it sent."""
        request: Object = {"id": cause.request_id, "idempotency_key": cause.idempotency_key}
        event = objects.event(type, about, previous, request, len(self.post.targets), self.now())
        self.events[event["id"]] = event
        self.post.publish(event, self.troubles.for_event(type))

    def later(self, seconds: float, deed: Callable[[], None]) -> None:
        self.timers.append(asyncio.get_running_loop().call_later(seconds, deed))

    def end(self) -> None:
        """Lets hanging requests go and stops whatever was still to come."""
        self.let_go.set()
        self.post.end()
        for timer in self.timers:
            timer.cancel()


def find(table: Table, kind: str, wanted: str, param: str, *, in_path: bool = True) -> Object:
    found = table.get(wanted)
    if found is None:
        raise not_there(kind, wanted, param, in_path=in_path)
    return found

"""What leaves the house goes in lanes: whoever is slow holds up nobody else."""

from __future__ import annotations

import threading

from api.courier import Courier, lanes
from kernel.outbox import enqueue
from tests.support.members import NOON


def test_a_lane_is_the_first_word_of_a_kind():
    handlers = {kind: lambda _: None for kind in ("refund.send", "refund.look", "sms.code")}
    assert {lane: sorted(kinds) for lane, kinds in lanes(handlers).items()} == {
        "refund": ["refund.look", "refund.send"],
        "sms": ["sms.code"],
    }


def test_a_provider_that_is_slow_does_not_hold_up_a_code_by_sms(db):
    go_on, sent = threading.Event(), threading.Event()
    handlers = {"refund.send": lambda _: go_on.wait(10) and None, "sms.code": lambda _: sent.set()}
    with db.write() as tx:
        enqueue(tx, "refund.send", "a", {}, subject_id="ord_1", now=NOON)
        enqueue(tx, "sms.code", "b", {}, subject_id="mem_1", now=NOON)
    courier = Courier(db, handlers, every_seconds=0.01)
    courier.start()
    assert sent.wait(5)
    go_on.set()
    courier.stop()

"""The outbox: what must leave the house leaves it, once for all that anybody can tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kernel.outbox import (
    MOST_ATTEMPTS,
    GiveUp,
    OutboxState,
    TryLater,
    deliver,
    enqueue,
    forget_done,
    outbox_count,
    outbox_page,
    send_again,
)
from kernel.paging import Window
from kernel.refusals import Refused
from tests.support.at_once import at_once

NOW = datetime(2026, 1, 1, 9, tzinfo=UTC)


class Machine:
    """A machine's clock that is moved by hand."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def machine():
    return Machine()


def write(db, key="a", kind="letter", **payload):
    with db.write() as tx:
        enqueue(tx, kind, key, payload, subject_id="ord_1", now=NOW)


def only(db):
    with db.read() as conn:
        (record,) = outbox_page(conn, Window()).items
    return record


def test_a_message_leaves_after_its_transaction_and_is_done(db, machine):
    write(db, to="Ana")
    seen = []

    assert deliver(db, {"letter": lambda m: seen.append((m.key, m.payload["to"], m.attempts))}, clock=machine) == 1

    assert seen == [("a", "Ana", 1)]
    assert only(db).state is OutboxState.DONE
    assert deliver(db, {"letter": seen.append}, clock=machine) == 0


def test_what_is_undone_leaves_nothing_to_send(db, machine):
    def write_and_fail():
        with db.write() as tx:
            enqueue(tx, "letter", "a", {}, subject_id="ord_1", now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()

    assert deliver(db, {"letter": lambda _: None}, clock=machine) == 0


def test_the_same_key_twice_is_one_message(db, machine):
    write(db, text="first")
    write(db, text="second")
    seen = []

    deliver(db, {"letter": lambda m: seen.append(m.payload["text"])}, clock=machine)

    assert seen == ["first"]


def test_a_message_without_a_handler_waits_for_one(db, machine):
    write(db, kind="pigeon")

    assert deliver(db, {"letter": lambda _: None}, clock=machine) == 0
    assert only(db).state is OutboxState.WAITING


def test_the_pauses_grow_and_in_the_end_it_is_set_aside(db, machine):
    write(db)

    def refuse(_):
        raise TryLater("provider_silent")

    pauses = []
    for _ in range(MOST_ATTEMPTS):
        assert deliver(db, {"letter": refuse}, clock=machine) == 1
        record = only(db)
        if record.state is OutboxState.SET_ASIDE:
            break
        pauses.append(record.due_at - machine.now)
        machine.now = record.due_at - timedelta(seconds=1)
        assert deliver(db, {"letter": refuse}, clock=machine) == 0
        machine.now = record.due_at

    assert pauses == sorted(pauses)
    assert pauses[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert len(pauses) == MOST_ATTEMPTS - 1
    assert only(db).problem == "provider_silent"
    assert deliver(db, {"letter": refuse}, clock=machine) == 0


def test_what_will_never_do_is_set_aside_at_once_and_staff_send_it_again(db, machine):
    write(db)

    def refuse(_):
        raise GiveUp("no_such_phone")

    deliver(db, {"letter": refuse}, clock=machine)
    with db.read() as conn:
        assert outbox_count(conn, OutboxState.SET_ASIDE) == 1
    with db.write() as tx:
        assert send_again(tx, only(db).id).state is OutboxState.WAITING

    assert deliver(db, {"letter": lambda _: None}, clock=machine) == 1
    assert only(db).problem is None


def test_what_is_done_is_not_sent_again(db, machine):
    write(db)
    deliver(db, {"letter": lambda _: None}, clock=machine)
    with db.write() as tx:
        assert send_again(tx, only(db).id).state is OutboxState.DONE

    assert deliver(db, {"letter": lambda _: None}, clock=machine) == 0


def test_there_is_no_sending_again_of_what_never_was(db):
    with pytest.raises(Refused), db.write() as tx:
        send_again(tx, "out_" + "0" * 32)


def test_an_unexpected_failure_counts_as_an_attempt_and_stops_nobody_else(db, machine, caplog):
    write(db, "a")
    write(db, "b")
    seen = []

    def handle(message):
        if message.key == "a":
            raise ZeroDivisionError
        seen.append(message.key)

    deliver(db, {"letter": handle}, clock=machine)

    assert seen == ["b"]
    with db.read() as conn:
        assert {r.key: r.problem for r in outbox_page(conn, Window()).items} == {"a": "unexpected", "b": None}


def test_what_is_not_finished_is_asked_again_later_and_never_set_aside(db, machine):
    write(db)
    for _ in range(MOST_ATTEMPTS + 2):
        assert deliver(db, {"letter": lambda _: timedelta(minutes=1)}, clock=machine) == 1
        assert deliver(db, {"letter": lambda _: None}, clock=machine) == 0
        machine.now += timedelta(minutes=1)

    assert only(db).state is OutboxState.WAITING


def test_whoever_dies_at_work_leaves_the_message_to_the_next_one(db, machine):
    write(db)

    def die(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(db, {"letter": die}, clock=machine)
    attempts = []
    assert deliver(db, {"letter": lambda m: attempts.append(m.attempts)}, clock=machine) == 0
    machine.now += timedelta(minutes=3)
    assert deliver(db, {"letter": lambda m: attempts.append(m.attempts)}, clock=machine) == 1
    assert attempts == [2]


def test_one_key_is_delivered_out_of_turn_with_a_single_attempt(db, machine):
    write(db, "a")
    write(db, "b")
    tried = []

    def refuse(message):
        tried.append(message.key)
        raise TryLater("provider_silent")

    assert deliver(db, {"letter": refuse}, clock=machine, key="b") == 1
    assert tried == ["b"]


def test_of_many_workers_one_sends_each_message(db, machine):
    for n in range(20):
        write(db, f"key {n:02}")
    seen = []

    at_once(*[lambda: deliver(db, {"letter": lambda m: seen.append(m.key)}, clock=machine)] * 4)

    assert sorted(seen) == [f"key {n:02}" for n in range(20)]


def test_what_was_done_long_ago_is_forgotten_and_nothing_else(db, machine):
    write(db, "done")
    deliver(db, {"letter": lambda _: None}, clock=machine)
    write(db, "waiting")
    with db.write() as tx:
        assert forget_done(tx, now=NOW + timedelta(days=59)) == 0
        assert forget_done(tx, now=NOW + timedelta(days=61)) == 1

    assert only(db).key == "waiting"

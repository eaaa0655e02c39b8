"""One worker at a time does what falls due, however many processes there are."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from obstore.store import MemoryStore

from api import worker
from api.worker import Worker
from checkout.shop import Shop
from kernel.clock import FixedClock, SystemClock
from kernel.leases import LEASE, give_back, take_lease
from kernel.sessions import open_session, sessions_t
from program.versions import ProgramShelf
from tests.support.members import NOON, open_program


@pytest.fixture
def shop(db):
    open_program(db)
    return Shop(db=db, clock=SystemClock(), shelf=ProgramShelf())


def test_of_many_that_ask_at_once_one_gets_the_work(db):
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda holder: take_lease(db, "due", holder, NOON), "abcdef"))
    assert answers.count(True) == 1


def test_whoever_has_the_work_keeps_it_until_the_lease_ends(db):
    assert take_lease(db, "due", "a", NOON)
    assert not take_lease(db, "due", "b", NOON + timedelta(seconds=10))
    assert take_lease(db, "due", "a", NOON + timedelta(seconds=20))
    assert not take_lease(db, "due", "b", NOON + LEASE)
    assert take_lease(db, "due", "b", NOON + timedelta(seconds=20) + LEASE)
    assert not take_lease(db, "due", "a", NOON + timedelta(seconds=20) + LEASE)


def test_work_that_is_given_back_is_anybodys(db):
    take_lease(db, "due", "a", NOON)
    give_back(db, "due", "b")
    assert not take_lease(db, "due", "b", NOON)
    give_back(db, "due", "a")
    assert take_lease(db, "due", "b", NOON)


def test_the_worker_works_until_it_is_stopped_and_leaves_the_work_to_others(shop, monkeypatch):
    rounds = threading.Semaphore(0)

    def work(_shop):
        rounds.release()
        if not done.is_set():
            done.set()
            raise RuntimeError("a bad moment")
        return 0

    done = threading.Event()
    monkeypatch.setattr(worker, "run_jobs", work)
    first = Worker(shop, MemoryStore(), every_seconds=0.01)
    first.start()
    for _ in range(3):
        assert rounds.acquire(timeout=5)
    first.stop()
    assert take_lease(shop.db, "due", "another", datetime.now(UTC))


def test_what_nobody_can_use_any_more_is_forgotten(db):
    clock = FixedClock(NOON)
    with db.write() as tx:
        open_session(tx, "mem_old", now=NOON - timedelta(days=60), lifetime=timedelta(days=30))
        open_session(tx, "mem_new", now=NOON, lifetime=timedelta(days=30))
    worker.tidy(Shop(db=db, clock=clock, shelf=ProgramShelf()), MemoryStore())
    with db.read() as conn:
        assert [row.subject_id for row in conn.execute(sessions_t.select())] == ["mem_new"]

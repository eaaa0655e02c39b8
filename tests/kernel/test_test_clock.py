"""The test clock stands still, is shared by all processes, and never goes back."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from kernel.database import Database
from kernel.test_clock import DatabaseClock, NotStarted, TimeGoesBack, move, start_test_clock

NINE = datetime(2026, 1, 1, 9, tzinfo=timezone(timedelta(hours=8)))


def _move(db, to):
    with db.write() as tx:
        move(tx, to)


def test_it_stands_where_it_was_started(db):
    clock = start_test_clock(db, NINE)
    assert clock.now() == NINE
    assert clock.now().utcoffset() == timedelta(0)


def test_another_process_sees_it_move(db, database_url):
    start_test_clock(db, NINE)
    elsewhere = Database(database_url)
    _move(elsewhere, NINE + timedelta(days=30))
    elsewhere.close()
    assert DatabaseClock(db).now() == NINE + timedelta(days=30)


def test_a_restart_never_moves_it_back(db):
    start_test_clock(db, NINE)
    _move(db, NINE + timedelta(days=30))
    assert start_test_clock(db, NINE).now() == NINE + timedelta(days=30)
    assert start_test_clock(db, NINE + timedelta(days=31)).now() == NINE + timedelta(days=31)


def test_time_never_goes_back(db):
    clock = start_test_clock(db, NINE)
    _move(db, NINE)
    with pytest.raises(TimeGoesBack):
        _move(db, NINE - timedelta(microseconds=1))
    assert clock.now() == NINE


def test_without_a_start_there_is_none(db):
    with pytest.raises(NotStarted):
        DatabaseClock(db).now()
    with pytest.raises(NotStarted):
        _move(db, NINE)

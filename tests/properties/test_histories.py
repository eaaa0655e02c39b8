"""Whatever happens, the ledger adds up (R9), and nobody can tell when the jobs ran (R11)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings

from tests.properties.history import Step, Story, histories, replayed

# A history takes as long as a hundred small examples.
FEW = settings().max_examples // 5
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

DAY, HALF_HOUR, MONTH, YEAR = timedelta(days=1), timedelta(minutes=30), timedelta(days=30), timedelta(days=366)

# Each of these was, or could easily be, told apart by somebody who looked at another moment.
A_VERSION_BEGINS_AS_AN_ORDER_SETTLES: list[Step] = [
    ("sell", 0, {"gold": 1}, None), ("wait", MONTH), ("publish", 2, timedelta(0)), ("wait", DAY),
]  # fmt: skip
A_SWAP_NEEDS_WHAT_AN_UNPAID_ORDER_HELD: list[Step] = [
    ("sell", 0, {"shirt": 1}, None), ("ask", 0, 0, "member", "SWAP"), ("reserve", 1, {"shirt": 3}, None),
    ("reserve", 1, {"shirt": 3}, None), ("reserve", 2, {"shirt": 2}, None), ("wait", HALF_HOUR), ("receive", 0, True),
]  # fmt: skip
THE_PURCHASE_THAT_DID_NOT_SAVE_IT: list[Step] = [
    ("wait", timedelta(days=335)), ("buy", 0, {"shirt": 1}, None), ("wait", YEAR), ("cancel", 0), ("adjust", 0, 100),
]  # fmt: skip
PAID_AFTER_THE_EXPIRY: list[Step] = [
    ("wait", timedelta(days=365, hours=14, minutes=45)), ("reserve", 0, {"shirt+": 1}, "50.00"),
    ("wait", HALF_HOUR / 2), ("pay", 0), ("ship", 0), ("wait", DAY),
    ("ask", 0, 0, "member", "REFUND"), ("wait", YEAR), ("receive", 0, True),
]  # fmt: skip
A_HELD_SETTLEMENT_AND_A_REVIEW: list[Step] = [
    ("set_tier", 0, "SVIP"), ("wait", timedelta(days=335)), ("sell", 0, {"gold": 2, "lamp": 1}, None),
    ("ask", 0, 1, "member", "REFUND"), ("wait", timedelta(days=400)), ("receive", 0, False), ("wait", YEAR),
]  # fmt: skip
A_TIER_SET_BY_HAND_AND_FORGOTTEN: list[Step] = [("set_tier", 0, "VIP"), ("wait", YEAR)]


@contextmanager
def story(databases) -> Iterator[Story]:
    with databases.migrated() as url:
        yield Story(databases.opened(url))


def _nothing() -> None:
    pass


def _play(databases, steps: list[Step], how: str):
    """The same history; only when somebody brings the members up to date differs."""
    with story(databases) as played:
        jobs, each = played.shop.run_jobs, played.each_member_up_to_date
        ways = {
            "on time": (_nothing, jobs, True),
            "after each step": (_nothing, jobs, False),
            "twice before each step": (lambda: (jobs(), jobs()), _nothing, False),
            "members one by one": (each, _nothing, False),
            "never, until the end": (_nothing, _nothing, False),
        }
        before, after, wait = ways[how]
        played.play(steps, before=before, after=after, wait=wait)
        played.look_at_everybody() if how == "never, until the end" else jobs()
        replayed(played)
        return played.result()


LATE = ["after each step", "twice before each step", "members one by one", "never, until the end"]


def _nobody_can_tell(databases, steps: list[Step], ways: list[str]) -> None:
    on_time = _play(databases, steps, "on time")
    for how in ways:
        result = _play(databases, steps, how)
        for part, value in on_time.items():
            assert result[part] == value, (how, part)


@settings(max_examples=FEW, suppress_health_check=SLOW)
@given(histories)
@example(A_VERSION_BEGINS_AS_AN_ORDER_SETTLES)
@example(A_SWAP_NEEDS_WHAT_AN_UNPAID_ORDER_HELD)
@example(THE_PURCHASE_THAT_DID_NOT_SAVE_IT)
@example(PAID_AFTER_THE_EXPIRY)
@example(A_TIER_SET_BY_HAND_AND_FORGOTTEN)
@example(A_HELD_SETTLEMENT_AND_A_REVIEW)
def test_nobody_can_tell_when_the_jobs_ran(sqlite_databases, steps):
    _nobody_can_tell(sqlite_databases, steps, LATE)


@settings(max_examples=FEW * 2, suppress_health_check=SLOW)
@given(histories)
def test_the_ledger_adds_up_at_every_moment(sqlite_databases, steps):
    with story(sqlite_databases) as played:
        played.play(steps, before=_nothing, after=lambda: replayed(played), wait=False)


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "steps",
    [PAID_AFTER_THE_EXPIRY, A_HELD_SETTLEMENT_AND_A_REVIEW, A_SWAP_NEEDS_WHAT_AN_UNPAID_ORDER_HELD],
    ids=["paid after the expiry", "a held settlement and a review", "a swap that needs stock"],
)
def test_both_databases_tell_the_same_history(sqlite_databases, postgresql_databases, steps):
    _nobody_can_tell(postgresql_databases, steps, LATE[-1:])
    assert _play(postgresql_databases, steps, "on time") == _play(sqlite_databases, steps, "on time")
